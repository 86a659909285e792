// Firefox's own remote control, spoken over TCP: `LENGTH:[0,id,command,parameters]` asks, `LENGTH:[1,id,error,result]` answers.
// Only the wire is here; what is asked stands in firefox.mjs.

import { connect } from "node:net";

/** Connects to a running Firefox; gives `send(command, parameters)` and `close()`. */
export function connectMarionette(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const waiting = new Map();
    let buffer = Buffer.alloc(0);
    let lastId = 0;

    const send = (command, parameters = {}) => new Promise((settle, fail) => {
      lastId += 1;
      waiting.set(lastId, { settle, fail, command });
      const text = JSON.stringify([0, lastId, command, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });

    const take = (message) => {
      // The first message is the greeting, an object; all others are arrays.
      if (!Array.isArray(message)) return resolve({ send, close: () => socket.destroy() });
      const [, id, error, result] = message;
      const { settle, fail, command } = waiting.get(id);
      waiting.delete(id);
      if (error) return fail(new Error(`${command}: ${error.error}: ${error.message}`));
      return settle(result !== null && typeof result === "object" && "value" in result ? result.value : result);
    };

    socket.on("data", (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (;;) {
        const colon = buffer.indexOf(":");
        if (colon < 0) return;
        const end = colon + 1 + Number(buffer.subarray(0, colon).toString());
        if (buffer.length < end) return;
        const message = JSON.parse(buffer.subarray(colon + 1, end).toString());
        buffer = buffer.subarray(end);
        take(message);
      }
    });
    const lost = (error) => {
      const failure = error ?? new Error("Firefox closed its remote control");
      for (const { fail } of waiting.values()) fail(failure);
      waiting.clear();
      reject(failure);
    };
    socket.on("error", lost);
    socket.on("close", () => lost());
  });
}
