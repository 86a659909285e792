// One TCP connection to a push service, from accept() to its end: what a test may ask about it, and the ways in
// which it can be broken.

export class Connection {
  protocol = null; // "h2" or "http/1.1" once the handshake is done
  requests = 0; // begun on it so far
  openRequests = 0;
  isLeaving = false; // GOAWAY is sent, or Connection: close is due
  lastStream = 0; // the last stream to be processed, once it is leaving
  #raw;
  #tls = null;
  #noteFault;

  constructor(id, raw, noteFault) {
    this.id = id;
    this.#raw = raw;
    this.#noteFault = noteFault;
    raw.on("error", noteFault);
  }

  secured(tls, protocol) {
    this.#tls = tls;
    this.protocol = protocol;
    tls.on("error", this.#noteFault);
  }

  noteFault(error) {
    this.#noteFault(error);
  }

  /** Ends the connection by RST, under TLS and HTTP. */
  reset() {
    if (this.#raw.destroyed) return;
    this.#raw.resetAndDestroy();
    this.#tls?.destroy();
  }

  close() {
    this.#tls?.destroy();
    this.#raw.destroy();
  }

  /** Writes bytes inside TLS, whatever HTTP thinks of it. */
  raw(bytes) {
    return this.#tls.destroyed || this.#tls.write(bytes);
  }

  /** Writes bytes on the TCP connection, where the peer expects a TLS record. */
  rawUnderTls(bytes) {
    return this.#raw.destroyed || this.#raw.write(bytes);
  }

  whenDrained(go) {
    this.#tls.once("drain", go);
  }

  whenOver(go) {
    this.#raw.once("close", go);
  }

  get isOver() {
    return this.#raw.destroyed;
  }
}
