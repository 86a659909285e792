// An HTTP client that sends exactly the bytes it is given: fetch() would mend dots, slashes and headers first.

import { connect } from "node:net";

/** Sends `text` and gives all that comes back, until the server closes or 10 s are over. */
export function exchange(port, text, host = "127.0.0.1") {
  return new Promise((done, failed) => {
    const parts = [];
    const socket = connect({ port, host }, () => socket.write(text));
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer within 10 s to ${text.slice(0, 80)}`)));
    socket.on("data", (data) => parts.push(data));
    socket.on("error", failed);
    socket.on("close", () => done(Buffer.concat(parts).toString("latin1")));
  });
}

function joinChunks(text) {
  let joined = "", at = 0;
  for (;;) {
    const line = text.indexOf("\r\n", at), length = parseInt(text.slice(at, line), 16);
    if (!(length >= 0)) throw new Error("the answer's chunks are broken off");
    if (length === 0) return joined;
    joined += text.slice(line + 2, line + 2 + length);
    at = line + 2 + length + 2;
  }
}

/** A server's answer taken apart; the names of headers in lower case, repeated ones in one list. */
export function readAnswer(text) {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine, ...lines] = text.slice(0, end).split("\r\n");
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    (headers[line.slice(0, colon).toLowerCase()] ??= []).push(line.slice(colon + 1).trim());
  }
  let body = text.slice(end + 4);
  if (headers["transfer-encoding"]) body = joinChunks(body);
  return {
    status: Number(statusLine.split(" ")[1]),
    headers,
    header: (name) => headers[name]?.join(" | "),
    body,
    json: () => JSON.parse(body),
  };
}

/** One request, with the path as given. HTTP/1.1 with "Connection: close"; options: method, headers (lines), body. */
export async function request(port, path, { method = "GET", headers = [], body = "" } = {}) {
  const lines = [`${method} ${path} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers];
  if (body !== "") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return readAnswer(await exchange(port, `${lines.join("\r\n")}\r\n\r\n${body}`));
}

export function login(name, password) {
  return `Authorization: Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}
