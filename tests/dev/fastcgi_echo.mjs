// A FastCGI responder that tells what it was given: {"pool", "params", "body"}. It stands in for a pool where
// a test is about nginx alone. Speaks as much of the protocol as nginx needs: one request a connection.

import { chmodSync } from "node:fs";
import { createServer } from "node:net";

const BEGIN_REQUEST = 1, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6;

function record(type, content) {
  const header = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([header, content]);
}

function readParams(bytes) {
  const params = {};
  let at = 0;
  const length = () => {
    if (bytes[at] < 128) return bytes[at++];
    at += 4;
    return bytes.readUInt32BE(at - 4) & 0x7fffffff;
  };
  while (at < bytes.length) {
    const name = length(), value = length();
    params[bytes.toString("latin1", at, at + name)] = bytes.toString("latin1", at + name, at + name + value);
    at += name + value;
  }
  return params;
}

function answer(pool, params, body) {
  const wanted = Number(new URLSearchParams(params.QUERY_STRING).get("status") ?? 200);
  const text = JSON.stringify({ pool, params, body: body.toString("latin1") });
  const head = `Status: ${wanted}\r\nContent-Type: application/json\r\n\r\n`;
  const records = [], out = Buffer.from(head + text);
  for (let at = 0; at < out.length; at += 32768) records.push(record(STDOUT, out.subarray(at, at + 32768)));
  records.push(record(STDOUT, Buffer.alloc(0)), record(END_REQUEST, Buffer.alloc(8)));
  return Buffer.concat(records);
}

/** Listens on `socket` under the name `pool`; `seen` counts the requests that arrived. */
export async function startEcho(pool, socket) {
  const echo = { seen: 0, stop: () => new Promise((done) => server.close(done)) };
  const server = createServer((connection) => {
    let input = Buffer.alloc(0);
    const params = [], stdin = [];
    connection.on("error", (error) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") throw error;  // nginx may leave early
    });
    connection.on("data", (data) => {
      input = Buffer.concat([input, data]);
      while (input.length >= 8) {
        const length = input.readUInt16BE(4), whole = 8 + length + input[6];
        if (input.length < whole) return;
        const type = input[1], content = input.subarray(8, 8 + length);
        input = input.subarray(whole);
        if (type === PARAMS) params.push(content);
        else if (type === STDIN && length > 0) stdin.push(content);
        else if (type === STDIN) {
          echo.seen += 1;
          connection.end(answer(pool, readParams(Buffer.concat(params)), Buffer.concat(stdin)));
        } else if (type !== BEGIN_REQUEST) throw new Error(`fastcgi_echo: record type ${type}`);
      }
    });
  });
  await new Promise((done, failed) => server.once("error", failed).listen(socket, done));
  chmodSync(socket, 0o666);
  return echo;
}
