// A desktop for one browser: a session bus with nothing on it but org.freedesktop.Notifications
// (Desktop Notifications Specification 1.2). What is shown is kept, and can be clicked; nothing is drawn.
// It is the bus and the one service in one: no dbus-daemon, no other program is needed.

import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { kType, packMessage, unpackMessage } from "./dbus_message.mjs";
import { until } from "./browser_process.mjs";

const kService = "org.freedesktop.Notifications";
const kPath = "/org/freedesktop/Notifications";
const kOwner = ":1.0";
const kFlagNoAnswer = 1;

/** Answers one client of the bus; `desktop` keeps what it shows. */
class Client {
  #buffer = Buffer.alloc(0);
  #greeted = false;
  #serial = 0;

  constructor(socket, desktop, name) {
    this.socket = socket;
    this.desktop = desktop;
    this.name = name;
    socket.on("data", (chunk) => this.#take(chunk));
    // A browser that is ended drops its connection in the middle of a word; there is nobody left to tell.
    socket.on("error", () => socket.destroy());
  }

  #take(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    while (!this.#greeted && this.#buffer.includes("\r\n")) this.#login();
    for (let found; this.#greeted && (found = unpackMessage(this.#buffer));) {
      this.#buffer = this.#buffer.subarray(found.length);
      this.#answer(found.message);
    }
  }

  // The line-based login before the first message ("Authentication Protocol"): whoever reaches the socket is let in.
  #login() {
    const end = this.#buffer.indexOf("\r\n");
    const line = this.#buffer.toString("latin1", 0, end).replace(/^\0/, "");
    this.#buffer = this.#buffer.subarray(end + 2);
    if (line.startsWith("AUTH EXTERNAL")) this.socket.write("OK 0123456789abcdef0123456789abcdef\r\n");
    else if (line.startsWith("NEGOTIATE_UNIX_FD")) this.socket.write("ERROR\r\n");
    else if (line === "BEGIN") this.#greeted = true;
    else this.socket.write("REJECTED EXTERNAL\r\n");
  }

  #send(type, fields, body) {
    this.#serial += 1;
    this.socket.write(packMessage({ type, serial: this.#serial, fields, body }));
  }

  /** Tells this client something that happened on the desktop. */
  signal(member, signature, body) {
    this.#send(kType.signal, { path: kPath, interface: kService, member, sender: kOwner, signature }, body);
  }

  #answer(message) {
    if (message.type !== kType.call || message.flags & kFlagNoAnswer) return;
    const to = { replyTo: message.serial, destination: this.name };
    const toBus = message.fields.destination === "org.freedesktop.DBus";
    const sender = toBus ? "org.freedesktop.DBus" : kOwner;
    const answer = toBus ? this.#bus(message) : this.#service(message);
    if (answer) return this.#send(kType.answer, { ...to, sender, ...(answer[0] && { signature: answer[0] }) }, answer.slice(1));
    this.#send(kType.error, { ...to, sender, error: "org.freedesktop.DBus.Error.ServiceUnknown", signature: "s" },
      [`${message.fields.destination} ${message.fields.member}: not on this bus`]);
  }

  #bus({ fields, body }) {
    const here = body[0] === kService || body[0] === kOwner;
    switch (fields.member) {
      case "Hello": return ["s", this.name];
      case "AddMatch": case "RemoveMatch": return [""];
      case "NameHasOwner": return ["b", here];
      case "StartServiceByName": return here ? ["u", 2] : undefined;
      case "ListActivatableNames": case "ListNames": return ["as", [kService]];
      case "GetNameOwner": return here ? ["s", kOwner] : undefined;
      case "RequestName": return ["u", 1];
      default: return undefined;
    }
  }

  #service({ fields, body }) {
    if (fields.destination !== kService && fields.destination !== kOwner) return undefined;
    switch (fields.member) {
      case "GetCapabilities": return ["as", ["actions", "body", "persistence"]];
      case "GetServerInformation": return ["ssss", "lamppost", "lamppost", "1", "1.2"];
      case "Notify": return ["u", this.desktop.show(this, body)];
      case "CloseNotification":
        this.desktop.take(body[0], 3);
        return [""];
      default: return undefined;
    }
  }
}

class Desktop {
  /**
   * Every notification in the order of showing: {id, title, origin, body, actions: [[key, label]], replaced, open}.
   * `replaced` tells that it took the place of an older one.
   */
  shown = [];
  #clients = [];
  #lastId = 0;

  constructor(server, address) {
    this.server = server;
    this.address = address;  // for DBUS_SESSION_BUS_ADDRESS
    server.on("connection", (socket) => {
      this.#clients.push(new Client(socket, this, `:1.${this.#clients.length + 1}`));
    });
  }

  show(client, [, replaces, , title, text, actions, hints]) {
    // Chromium writes whose notification it is above the body, one empty line between.
    const [origin, ...body] = text.split("\n\n");
    const pairs = [];
    for (let at = 0; at < actions.length; at += 2) pairs.push([actions[at], actions[at + 1]]);
    for (const one of this.shown) if (one.id === replaces) one.open = false;
    const id = replaces || (this.#lastId += 1);
    this.shown.push({ id, title, origin, body: body.join("\n\n"), actions: pairs, replaced: replaces !== 0,
      hints: [...hints.keys()], open: true, client });
    return id;
  }

  /** Takes a notification off the screen; reason 2 is the user's hand, 3 the program's call. */
  take(id, reason) {
    const one = this.shown.find((candidate) => candidate.id === id && candidate.open);
    if (!one) return;
    one.open = false;
    one.client.signal("NotificationClosed", "uu", [id, reason]);
  }

  /** What stands on the screen now. */
  open() {
    return this.shown.filter((one) => one.open);
  }

  /** Waits until `count` notifications have been shown since the start; gives the last of them. */
  async waitFor(count, timeout = 20000) {
    await until(`notification number ${count} in Chromium (shown: ${this.shown.map((one) => one.title)})`,
      () => this.shown.length >= count, timeout);
    return this.shown[count - 1];
  }

  /** Waits until nothing new has been shown for `quiet` ms; gives what stands on the screen then. */
  async settled(quiet = 700) {
    for (let count = -1; count !== this.shown.length;) {
      count = this.shown.length;
      await delay(quiet);
    }
    return this.open();
  }

  /** Clicks a notification: "default" is its face, "0" and "1" its buttons. */
  click(notification, action = "default") {
    if (!notification.open) throw new Error(`notification ${notification.title}: no longer on the screen`);
    notification.client.signal("ActionInvoked", "us", [notification.id, action]);
  }

  async stop() {
    this.#clients.forEach((client) => client.socket.destroy());
    await new Promise((resolve) => { this.server.close(resolve); });
  }
}

/** Starts the bus with its socket in `folder` (the path must stay below 107 bytes). */
export async function startDesktop(folder) {
  const path = join(folder, "bus");
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return new Desktop(server, `unix:path=${path}`);
}
