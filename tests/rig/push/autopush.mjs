// The face to browsers: Mozilla's autopush protocol, JSON over a WebSocket. Keeps what is not acknowledged until its TTL ends.
//
//   hello -> register -> (notification -> ack | nack)* -> unregister

import { randomBytes } from "node:crypto";
import { WebSocketServer } from "ws";
import { endpointOf } from "./simulated_browser.mjs";

export class AutopushFace {
  #agents = new Map(); // by uaid
  #service;
  #server = null;
  #nextVersion = 1;
  faults = []; // what browsers said that the protocol does not know

  /** service: {book, clock, host()}; host() is where new endpoints lie */
  constructor(service) {
    this.#service = service;
  }

  async start(port) {
    this.#server = new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false });
    await new Promise((resolve, reject) => {
      this.#server.once("listening", resolve);
      this.#server.once("error", (error) => reject(new Error(`autopush on 127.0.0.1:${port}: ${error.message}`)));
    });
    this.#server.on("connection", (socket) => this.#welcome(socket));
    this.url = `ws://127.0.0.1:${this.#server.address().port}/`;
  }

  async stop() {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Takes a message for a browser: sends it if connected, keeps it for its TTL if not. */
  deliver(subscription, { body, ttl, topic }) {
    const agent = subscription.agent;
    const version = `v${this.#nextVersion}`;
    this.#nextVersion += 1;
    const message = {
      channelID: subscription.channelID, version, topic, ttl, data: body.toString("base64url"),
      until: this.#service.clock() + ttl * 1000,
    };
    if (topic !== undefined) dropReplaced(agent, message);
    if (ttl > 0) agent.undelivered.set(version, message);
    if (agent.socket !== null) send(agent.socket, notification(message));
  }

  /** What is known of each browser: {uaid, connected, channels, undelivered, acks, nacks}. */
  agents() {
    return [...this.#agents.values()].map((agent) => ({
      uaid: agent.uaid,
      connected: agent.socket !== null,
      channels: [...agent.channels].map(([channelID, subscription]) => ({ channelID, endpoint: endpointOf(subscription) })),
      undelivered: [...agent.undelivered.values()].filter(({ until }) => until > this.#service.clock()).length,
      acks: agent.acks,
      nacks: agent.nacks,
    }));
  }

  /** Cuts the browsers' connections; they come back by themselves and get what they missed. */
  disconnect() {
    for (const socket of this.#server.clients) socket.terminate();
  }

  #welcome(socket) {
    let agent = null;
    socket.on("message", (text) => {
      const message = parse(text);
      if (message !== null && isPing(message)) return send(socket, {});
      if (message?.messageType === "hello" && agent === null) {
        agent = this.#hello(socket, message);
        return undefined;
      }
      if (message === null || agent === null || !this.#handle(agent, message)) {
        this.faults.push(String(text).slice(0, 1000));
        socket.close(1003, "not understood");
      }
      return undefined;
    });
    socket.on("close", () => {
      if (agent?.socket === socket) agent.socket = null;
    });
    socket.on("error", (error) => this.faults.push(error.message));
  }

  #hello(socket, { uaid }) {
    let agent = this.#agents.get(uaid);
    if (!agent) {
      agent = { uaid: randomBytes(16).toString("hex"), socket: null, channels: new Map(), undelivered: new Map(), acks: [], nacks: [] };
      this.#agents.set(agent.uaid, agent);
    }
    agent.socket?.close(1000, "connected elsewhere");
    agent.socket = socket;
    send(socket, { messageType: "hello", uaid: agent.uaid, status: 200, use_webpush: true, broadcasts: {} });
    for (const message of agent.undelivered.values()) {
      if (message.until > this.#service.clock()) send(socket, notification(message));
      else agent.undelivered.delete(message.version);
    }
    return agent;
  }

  // False: the protocol has no such message.
  #handle(agent, message) {
    switch (message.messageType) {
      case "register": this.#register(agent, message); return true;
      case "unregister": this.#unregister(agent, message); return true;
      case "ack": this.#acknowledge(agent, message.updates ?? []); return true;
      case "nack": agent.nacks.push({ version: message.version, code: message.code }); return true;
      case "broadcast_subscribe": return true; // there is never news, and then autopush says nothing
      case "ping": send(agent.socket, { messageType: "ping" }); return true;
      default: return false;
    }
  }

  #register(agent, { channelID, key: sent = null }) {
    const key = sent === null ? null : sent.replace(/=+$/, ""); // Firefox pads it
    const reply = { messageType: "register", channelID };
    let subscription = agent.channels.get(channelID);
    if (!subscription || subscription.gone || subscription.vapidKey !== key) {
      if (subscription) subscription.gone = true;
      try {
        subscription = this.#service.book.addForBrowser(this.#service.host(), key, agent, channelID);
      } catch (error) {
        send(agent.socket, { ...reply, status: 400, reason: error.message });
        return;
      }
      agent.channels.set(channelID, subscription);
    }
    send(agent.socket, { ...reply, status: 200, pushEndpoint: endpointOf(subscription) });
  }

  #unregister(agent, { channelID }) {
    const subscription = agent.channels.get(channelID);
    if (subscription) subscription.gone = true;
    agent.channels.delete(channelID);
    for (const message of agent.undelivered.values()) {
      if (message.channelID === channelID) agent.undelivered.delete(message.version);
    }
    send(agent.socket, { messageType: "unregister", channelID, status: 200 });
  }

  #acknowledge(agent, updates) {
    for (const { channelID, version, code } of updates) {
      agent.undelivered.delete(version);
      agent.acks.push({ channelID, version, code });
    }
  }
}

function notification({ channelID, version, ttl, data }) {
  return { messageType: "notification", channelID, version, ttl, data, headers: { encoding: "aes128gcm" } };
}

function dropReplaced(agent, { channelID, topic }) {
  for (const message of agent.undelivered.values()) {
    if (message.channelID === channelID && message.topic === topic) agent.undelivered.delete(message.version);
  }
}

function isPing(message) {
  return Object.keys(message).length === 0;
}

function parse(text) {
  try {
    const message = JSON.parse(text);
    return typeof message === "object" && !Array.isArray(message) ? message : null;
  } catch {
    return null; // the caller notes it and hangs up
  }
}

function send(socket, message) {
  socket.send(JSON.stringify(message));
}
