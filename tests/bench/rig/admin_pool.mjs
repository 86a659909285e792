// The admin pool alone, asked by FastCGI as nginx asks it: what a call takes there is the pool's and the database's.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { binary } from "./bench.mjs";

const [BEGIN_REQUEST, PARAMS, STDIN, STDOUT] = [1, 4, 5, 6];
const RESPONDER = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]);

function record(type, content = Buffer.alloc(0)) {
  return Buffer.concat([Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]), content]);
}

function pair(name, value) {
  const size = (length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(length + 0x80000000);
    return bytes;
  };
  return Buffer.concat([size(name.length), size(Buffer.byteLength(value)), Buffer.from(name), Buffer.from(value)]);
}

function request(method, path, body) {
  const [uri, query = ""] = path.split("?");
  const params = { REQUEST_METHOD: method, DOCUMENT_URI: uri, REQUEST_URI: path, QUERY_STRING: query, SERVER_PROTOCOL: "HTTP/1.1",
    CONTENT_TYPE: body ? "application/json" : "", CONTENT_LENGTH: String(body.length), REMOTE_USER: "admin", LAMPPOST_GATE: "admin" };
  return Buffer.concat([record(BEGIN_REQUEST, RESPONDER), record(PARAMS, Buffer.concat(Object.entries(params).map(([name, value]) => pair(name, value)))),
    record(PARAMS), ...(body.length ? [record(STDIN, body)] : []), record(STDIN)]);
}

/** Starts it with one worker. `folder` is for its socket, `config` the file of its settings. */
export async function startAdminPool(folder, config) {
  const socket = join(folder, "admin.sock");
  const child = spawn(binary, ["serve", "--pool", "admin", "--listen", socket, "--workers", "1", "--config", config], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "exit");
  while (!existsSync(socket)) {
    if (child.exitCode !== null) throw new Error(`lamppost serve ended with ${child.exitCode}`);
    await sleep(20);
  }
  return {
    /** One call: {status, text, first, whole}, in ms until the first byte of the body and until the end; `isBrief`: no more is read after the first. */
    ask: (method, path, { json, isBrief = false } = {}) => new Promise((done, failed) => {
      const begun = performance.now();
      const connection = connect(socket, () => connection.write(request(method, path, Buffer.from(json ? JSON.stringify(json) : ""))));
      let input = Buffer.alloc(0), out = "", first;
      const finish = () => {
        const head = out.slice(0, out.indexOf("\r\n\r\n"));
        connection.destroy();
        done({ status: Number(/^Status: (\d+)/m.exec(head)?.[1] ?? 200), text: out.slice(head.length + 4), first, whole: performance.now() - begun });
      };
      connection.on("error", failed);
      connection.on("end", finish);
      connection.on("data", (data) => {
        input = Buffer.concat([input, data]);
        while (input.length >= 8 && input.length >= 8 + input.readUInt16BE(4) + input[6]) {
          const length = input.readUInt16BE(4);
          if (input[1] === STDOUT) out += input.toString("utf8", 8, 8 + length);
          input = input.subarray(8 + length + input[6]);
        }
        if (first === undefined && out.length > out.indexOf("\r\n\r\n") + 4 && out.includes("\r\n\r\n")) {
          first = performance.now() - begun;
          if (isBrief) finish();
        }
      });
    }),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
