// One request and its answer, over HTTP/2 or HTTP/1.1, under one set of words:
//   readBody(limit, done)          done(body), done(null) when longer than limit; not called for a request cut short
//   answer(status, headers, body)  the whole answer
//   open(status, headers), write(chunk), whenDrained(go), end()   the answer in pieces
//   cancel(code), reset(), raw(bytes)                             what no honest server does
//   isOver, whenOver(go)                                          the other side is gone, or all is said
// A header's value may be a list: repeated fields over HTTP/1.1, one joined field over HTTP/2, since node writes no
// other.

export class Http2Exchange {
  protocol = "h2";
  #stream;
  #headers;

  constructor(connection, stream, headers, rawHeaders) {
    this.connection = connection;
    this.#stream = stream;
    this.#headers = headers;
    this.rawHeaders = rawHeaders;
    // A reset by the peer is reported as an error too; that the request ended, "close" tells.
    stream.on("error", (error) => connection.noteFault(error));
  }

  get method() { return this.#headers[":method"]; }
  get path() { return this.#headers[":path"]; }
  get headers() { return this.#headers; }
  get isOver() { return this.#stream.destroyed || this.#stream.closed; }

  readBody(limit, done) {
    collect(this.#stream, limit, this.#headers["content-length"], done, () => this.#stream.rstCode === 0);
  }

  answer(status, headers, body) {
    if (this.isOver) return;
    const empty = body === undefined || body.length === 0;
    this.#stream.respond({ ":status": status, ...joined(headers) }, empty ? { endStream: true } : undefined);
    if (!empty) this.#stream.end(body);
  }

  open(status, headers) {
    if (!this.isOver) this.#stream.respond({ ":status": status, ...joined(headers) });
  }

  write(chunk) { return this.isOver || this.#stream.write(chunk); }
  end() { if (!this.isOver) this.#stream.end(); }
  whenDrained(go) { this.#stream.once("drain", go); }
  whenOver(go) { this.#stream.once("close", go); }
  cancel(code) { if (!this.isOver) this.#stream.close(code); }
  reset() { this.connection.reset(); }
  // Under TLS: node aborts when something else writes to a socket that its HTTP/2 writes to.
  raw(bytes) { this.connection.rawUnderTls(bytes); }
}

export class Http1Exchange {
  protocol = "http/1.1";
  #request;
  #response;

  constructor(connection, request, response) {
    this.connection = connection;
    this.#request = request;
    this.#response = response;
    request.on("error", (error) => connection.noteFault(error));
    response.on("error", (error) => connection.noteFault(error));
  }

  get method() { return this.#request.method; }
  get path() { return this.#request.url; }
  get headers() { return this.#request.headers; }
  get rawHeaders() { return this.#request.rawHeaders; }
  get isOver() { return this.#response.destroyed || this.#response.writableFinished; }

  readBody(limit, done) {
    collect(this.#request, limit, undefined, done, () => this.#request.complete);
  }

  answer(status, headers, body) {
    if (this.isOver) return;
    // An unread rest of the request would be taken for the next one, so that connection ends.
    const end = this.#request.complete && !this.connection.isLeaving ? {} : { connection: "close" };
    this.#response.writeHead(status, { "content-length": body === undefined ? 0 : Buffer.byteLength(body), ...headers, ...end });
    this.#response.end(body);
  }

  open(status, headers) {
    if (!this.isOver) this.#response.writeHead(status, headers);
  }

  write(chunk) { return this.isOver || this.#response.write(chunk); }
  end() { if (!this.isOver) this.#response.end(); }
  whenDrained(go) { this.#response.once("drain", go); }
  whenOver(go) { this.#response.once("close", go); }
  cancel() { this.reset(); }
  reset() { this.connection.reset(); }
  raw(bytes) { return this.connection.raw(bytes); }
}

// `declared` is the content-length where node does not compare it itself.
function collect(source, limit, declared, done, isComplete) {
  let body = null;
  let size = 0;
  source.on("data", (chunk) => {
    size += chunk.length;
    if (size <= limit) {
      body = body === null ? chunk : Buffer.concat([body, chunk]);
    } else if (size - chunk.length <= limit) {
      done(null);
    }
  });
  source.on("end", () => {
    // A stream that the peer cancels ends too.
    if (size > limit || !isComplete() || (declared !== undefined && Number(declared) !== size)) return;
    done(body ?? Buffer.alloc(0));
  });
}

function joined(headers) {
  const one = {};
  for (const name in headers) {
    const value = headers[name];
    one[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return one;
}
