// Carries out a rule of script.mjs on one exchange. Whatever runs on stops by itself when the other side is gone.

import { randomBytes } from "node:crypto";
import { STATUS_CODES } from "node:http";

/** @param {{rule: object, accepted: object}} what accepted: the headers of the true 201 answer, for "accept" */
export function misbehave(exchange, rule, accepted) {
  switch (rule.action) {
    case "accept": return exchange.answer(201, accepted);
    case "answer": case "redirect": return exchange.answer(rule.status, rule.headers, rule.body);
    case "hang": return undefined;
    case "reset": return exchange.reset();
    case "rst": return exchange.cancel(rule.code);
    case "drip": return drip(exchange, rule);
    case "endless": return endless(exchange, rule);
    case "huge-headers": return hugeHeaders(exchange, rule);
    case "garbage": return garbage(exchange, rule);
    default: throw new Error(`rule ${rule.action}: nobody carries it out`);
  }
}

function drip(exchange, rule) {
  const body = Buffer.from(rule.body);
  if (exchange.protocol === "h2" || rule.part === "body") {
    exchange.open(rule.status, { "content-length": body.length, ...rule.headers });
    return eachAfter(exchange, rule.everyMs, body, (byte) => exchange.write(byte), () => exchange.end());
  }
  const statusLine = Buffer.from(`HTTP/1.1 ${rule.status} ${STATUS_CODES[rule.status] ?? ""}\r\n`);
  const rest = Buffer.concat([Buffer.from(headerText({ "content-length": body.length, ...rule.headers })), body]);
  if (rule.part === "headers") exchange.raw(statusLine);
  const slow = rule.part === "headers" ? rest : Buffer.concat([statusLine, rest]);
  return eachAfter(exchange, rule.everyMs, slow, (byte) => exchange.raw(byte), () => exchange.connection.close());
}

function headerText(headers) {
  return `${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

function eachAfter(exchange, ms, bytes, write, end) {
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length && !exchange.connection.isOver && !exchange.isOver) {
      write(bytes.subarray(at, at + 1));
      at += 1;
      return;
    }
    clearInterval(timer);
    end();
  }, ms);
  exchange.connection.whenOver(() => clearInterval(timer));
}

function endless(exchange, rule) {
  const chunk = Buffer.alloc(16 * 1024, "x");
  exchange.open(rule.status, rule.headers);
  const go = () => {
    while (!exchange.isOver && !exchange.connection.isOver) {
      if (!exchange.write(chunk)) {
        exchange.whenDrained(go);
        return;
      }
    }
  };
  go();
}

function hugeHeaders(exchange, rule) {
  if (exchange.protocol === "h2") {
    exchange.answer(rule.status, manyHeaders(rule));
    return;
  }
  const value = "x".repeat(rule.size);
  let at = 0;
  exchange.raw(`HTTP/1.1 ${rule.status} ${STATUS_CODES[rule.status] ?? ""}\r\n`);
  const go = () => {
    while (at < rule.count && !exchange.connection.isOver) {
      at += 1;
      if (!exchange.raw(`x-huge-${at}: ${value}\r\n`)) {
        exchange.connection.whenDrained(go);
        return;
      }
    }
    exchange.raw("content-length: 0\r\n\r\n");
  };
  go();
}

function manyHeaders({ count, size }) {
  const value = "x".repeat(size);
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-huge-${at + 1}`, value]));
}

function garbage(exchange, rule) {
  exchange.raw(rule.bytes === undefined ? randomBytes(4096) : Buffer.from(rule.bytes));
  setTimeout(() => exchange.connection.close(), 50); // so that the bytes arrive before the end does
}
