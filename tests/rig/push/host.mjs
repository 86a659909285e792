// One push service as the world sees it: an origin, its TLS, both versions of HTTP, its script and its statistics.
// TCP, TLS and HTTP are separate servers that hand connections on, so that each layer can be broken by itself.

import { randomBytes } from "node:crypto";
import { createServer as createHttp1 } from "node:http";
import { constants, createServer as createHttp2 } from "node:http2";
import { createServer as createTcp } from "node:net";
import { createServer as createTls } from "node:tls";
import { Connection } from "./connection.mjs";
import { Http1Exchange, Http2Exchange } from "./exchange.mjs";
import { Reception } from "./reception.mjs";
import { Script } from "./script.mjs";

const GRACE = 200; // ms between the last answer after a GOAWAY and the end of the connection
// libcurl 7.88 ends each request with an RST_STREAM, and node's HTTP/2 allows 1000 of those and a few: then it ends the
// connection and calls streams refused that it has handed to us. So each is sent away before, as nginx does after 1000.
const REQUESTS_A_CONNECTION = 800;
const connectionOf = Symbol("connection");
// garbage: random bytes in place of the first frames or status line, once the client has said something.
const CONNECTION_FAULTS = ["reset", "hang", "plain-text", "close-after-handshake", "hang-after-handshake", "garbage", null];

export class Host {
  rules = new Script();
  statistics = { connections: 0, h2: 0, http1: 0, open: 0, mostOpen: 0, mostStreams: 0, faults: {} };
  hostname;
  port;
  origin;
  #reception;
  #connections = new Map(); // by the peer's port
  #connectionFault = null;
  #tcp = null;
  #tls;
  #http1;
  #http2;
  #nextConnection = 1;

  /**
   * certificate  {key, cert} in PEM
   * protocols    in the order of preference: "h2", "http/1.1"
   * streams      SETTINGS_MAX_CONCURRENT_STREAMS
   * tls          further options for node's TLS server
   * service      {book, ledger, verifier, clock, deliver}
   */
  constructor({ hostname = "localhost", certificate, protocols = ["h2", "http/1.1"], streams = 100, tls = {}, service }) {
    this.hostname = hostname;
    this.#reception = new Reception(this, service);
    this.#tls = createTls({ ...certificate, ALPNProtocols: protocols, ...tls });
    this.#http2 = createHttp2({
      settings: { maxConcurrentStreams: streams },
      maxSendHeaderBlockLength: 64 * 1024 * 1024, // for huge-headers
      maxSessionMemory: 1024,
      streamResetBurst: 1_000_000, streamResetRate: 1_000_000, // a client that gives up on many hung streams is no attacker
    });
    this.#http1 = createHttp1({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 60_000 });
    this.#wire();
  }

  async start(port = this.port ?? 0) {
    this.#tcp = createTcp({ noDelay: true }, (raw) => this.#accept(raw));
    await new Promise((resolve, reject) => {
      this.#tcp.once("error", (error) => reject(new Error(`push service on 127.0.0.1:${port}: ${error.message}`)));
      this.#tcp.listen(port, "127.0.0.1", 4096, resolve);
    });
    this.port = this.#tcp.address().port;
    this.origin = `https://${this.hostname}:${this.port}`;
  }

  /** Refuses connections and ends those that are open; start() comes back on the same port. */
  async stop() {
    if (this.#tcp === null) return;
    const closed = new Promise((resolve) => this.#tcp.close(resolve));
    for (const connection of this.#connections.values()) connection.close();
    await closed;
    this.#tcp = null;
  }

  /** Requests by their fate. */
  get tally() { return this.#reception.tally; }
  get refusals() { return this.#reception.refusals; }

  /** Starts counting anew; connections that are open stay counted. */
  forget() {
    this.#reception.forget();
    const { open } = this.statistics;
    Object.assign(this.statistics, { connections: 0, h2: 0, http1: 0, mostOpen: open, mostStreams: 0, faults: {} });
  }

  /** How new connections fail, until it is called with null. */
  breakConnections(fault) {
    if (!CONNECTION_FAULTS.includes(fault)) {
      throw new Error(`connection fault "${fault}": must be one of ${CONNECTION_FAULTS.join(", ")}`);
    }
    this.#connectionFault = fault;
  }

  /** Another certificate, and further options of node's TLS, for connections to come. */
  useCertificate({ key, cert, ...tls }) {
    this.#tls.setSecureContext({ key, cert, ...tls });
  }

  #accept(raw) {
    const port = raw.remotePort;
    const connection = new Connection(this.#nextConnection, raw, (error) => this.#noteFault(error));
    this.#nextConnection += 1;
    this.#connections.set(port, connection);
    const { statistics } = this;
    statistics.connections += 1;
    statistics.open += 1;
    statistics.mostOpen = Math.max(statistics.mostOpen, statistics.open);
    raw.on("close", () => {
      this.#connections.delete(port);
      statistics.open -= 1;
    });
    if (this.#connectionFault === "reset") return connection.reset();
    if (this.#connectionFault === "hang") return raw.resume();
    if (this.#connectionFault === "plain-text") return raw.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    return this.#tls.emit("connection", raw);
  }

  #wire() {
    this.#tls.on("tlsClientError", (error) => this.#noteFault(error));
    this.#tls.on("secureConnection", (tls) => {
      const connection = this.#connections.get(tls.remotePort);
      if (!connection) return tls.destroy(); // gone between the handshake's end and this event
      const protocol = tls.alpnProtocol === "h2" ? "h2" : "http/1.1";
      connection.secured(tls, protocol);
      if (this.#connectionFault === "close-after-handshake") return connection.close();
      if (this.#connectionFault === "hang-after-handshake") return tls.resume();
      if (this.#connectionFault === "garbage") return tls.once("data", () => tls.end(randomBytes(4096)));
      this.statistics[protocol === "h2" ? "h2" : "http1"] += 1;
      tls[connectionOf] = connection;
      return (protocol === "h2" ? this.#http2 : this.#http1).emit("connection", tls);
    });
    this.#http2.on("session", (session) => {
      const connection = session.socket[connectionOf];
      session[connectionOf] = connection;
      session.on("error", (error) => this.#noteFault(error));
    });
    this.#http2.on("stream", (stream, headers, flags, rawHeaders) => this.#stream(stream, headers, rawHeaders));
    this.#http1.on("clientError", (error, socket) => {
      this.#noteFault(error);
      socket.destroy();
    });
    this.#http1.on("request", (request, response) => this.#request(request, response));
  }

  #stream(stream, headers, rawHeaders) {
    const connection = stream.session[connectionOf];
    if (connection.isLeaving && stream.id > connection.lastStream) { // it came before our GOAWAY went out
      stream.on("error", (error) => this.#noteFault(error));
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    this.#begin(connection, stream);
    const code = this.rules.goaway(connection.requests);
    if (code !== null) this.#sendAway(connection, stream, code);
    else if (connection.requests === REQUESTS_A_CONNECTION) this.#sendAway(connection, stream, constants.NGHTTP2_NO_ERROR);
    this.#reception.take(new Http2Exchange(connection, stream, headers, rawHeaders));
  }

  #sendAway(connection, stream, code) {
    connection.isLeaving = true;
    connection.lastStream = stream.id;
    stream.session.goaway(code, stream.id); // not session.close(), which in node 18 takes the last answers with it
  }

  #request(request, response) {
    const connection = request.socket[connectionOf];
    this.#begin(connection, response);
    if (this.rules.goaway(connection.requests) !== null) connection.isLeaving = true;
    this.#reception.take(new Http1Exchange(connection, request, response));
  }

  #begin(connection, closing) {
    connection.requests += 1;
    connection.openRequests += 1;
    if (connection.openRequests > this.statistics.mostStreams) this.statistics.mostStreams = connection.openRequests;
    closing.on("close", () => {
      connection.openRequests -= 1;
      if (connection.isLeaving && connection.openRequests === 0) setTimeout(() => connection.close(), GRACE);
    });
  }

  // What peers do to their connections is what tests are about: counted by kind, never fatal.
  #noteFault(error) {
    const kind = error.code ?? error.message;
    this.statistics.faults[kind] = (this.statistics.faults[kind] ?? 0) + 1;
  }
}
