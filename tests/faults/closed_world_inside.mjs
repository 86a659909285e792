// The program inside a closed world (closed_world.mjs): makes every address its own, answers for the names, and takes
// note of whoever connects to port 443, at whatever address. It says one JSON object a line:
//   {"ready": true}  {"asked": name}  {"hit": address}
// and is told by lines on its standard input: {"names": {name: answer}}. An answer is
//   a list of addresses; or a list of such lists, which take turns; "nxdomain"; "servfail"; "silent"

import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { createServer, isIPv4 } from "node:net";
import { createInterface } from "node:readline";

const A = 1, AAAA = 28, IN = 1;
const RCODES = { servfail: 2, nxdomain: 3 };
const UDP_LIMIT = 512; // beyond it the client has to ask again by TCP (RFC 1035, 4.2.1)

let names = {};
const turns = new Map();
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

function question(query) {
  const labels = [];
  let at = 12;
  for (let length = query[at]; length > 0; length = query[at]) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function bytesOf(address) {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  const [head, tail = ""] = address.split("::");
  const words = (text) => (text === "" ? [] : text.split(":").flatMap((word) => (
    word.includes(".") ? [bytesOf(word).readUInt16BE(0), bytesOf(word).readUInt16BE(2)] : [parseInt(word, 16)])));
  const [first, last] = [words(head), words(tail)];
  const all = address.includes("::") ? [...first, ...Array(8 - first.length - last.length).fill(0), ...last] : first;
  const bytes = Buffer.alloc(16);
  all.forEach((word, index) => bytes.writeUInt16BE(word, index * 2));
  return bytes;
}

/** Which addresses it has for this query; the turn goes on with each query for A, so that A and AAAA may differ too. */
function addressesOf(name, type, answer) {
  if (!Array.isArray(answer[0])) return answer;
  const turn = turns.get(name) ?? 0;
  if (type === A) turns.set(name, turn + 1);
  return answer[turn % answer.length];
}

/** The answer to a query; undefined: none is ever given. */
function answerTo(query) {
  const { name, type, end } = question(query);
  if (type === A) say({ asked: name });
  const answer = names[name] ?? "nxdomain";
  if (answer === "silent") return undefined;
  const records = typeof answer === "string" ? []
    : addressesOf(name, type, answer).filter((address) => isIPv4(address) === (type === A) && (type === A || type === AAAA)).map((address) => {
      const bytes = bytesOf(address);
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0); // the name of the question
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(IN, 4);
      record.writeUInt16BE(bytes.length, 10); // a time to live of 0
      return Buffer.concat([record, bytes]);
    });
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (RCODES[answer] ?? 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

function startNames() {
  const udp = createSocket("udp4");
  udp.on("message", (query, { address, port }) => {
    let answer = answerTo(query);
    if (answer === undefined) return;
    if (answer.length > UDP_LIMIT) {
      answer = answer.subarray(0, question(query).end);
      answer.writeUInt16BE(answer.readUInt16BE(2) | 0x0200, 2); // truncated
      answer.writeUInt16BE(0, 6);
    }
    udp.send(answer, port, address);
  });
  const tcp = createServer((socket) => {
    let read = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      read = Buffer.concat([read, chunk]);
      while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
        const answer = answerTo(read.subarray(2, 2 + read.readUInt16BE(0)));
        read = read.subarray(2 + read.readUInt16BE(0));
        if (answer === undefined) continue;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      }
    });
  });
  return Promise.all([new Promise((bound) => udp.bind(53, "127.0.0.1", bound)), new Promise((bound) => tcp.listen(53, "127.0.0.1", bound))]);
}

function startTrap() {
  const trap = createServer((socket) => {
    say({ hit: socket.localAddress.replace(/^::ffff:/, "") });
    socket.on("error", () => socket.destroy());
    socket.destroy();
  });
  return new Promise((bound) => trap.listen(443, "::", bound));
}

for (const words of ["link set lo up", "route add local 0.0.0.0/0 dev lo", "-6 route add local ::/0 dev lo"]) {
  execFileSync("ip", words.split(" "), { stdio: ["ignore", "ignore", "inherit"], env: { PATH: "/usr/sbin:/sbin:/usr/bin:/bin" } });
}
await startNames();
await startTrap();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    ({ names } = JSON.parse(line));
    turns.clear();
    say({ told: true });
  })
  .on("close", () => process.exit(0));
say({ ready: true });
