// Asks a site as the API's document says, sees that each answer is documented, and remembers what was reached.

import { request } from "node:http";

let turn = 0;
// An address of its own for each request, since the web server counts them by address.
const nextAddress = () => {
  turn += 1;
  return `127.1.${Math.floor(turn / 250)}.${1 + (turn % 250)}`;
};

/** One request: {status, headers, text}. Options: method, headers, body, localAddress. */
export function exchange(port, path, { method = "GET", headers = {}, body, localAddress = nextAddress() } = {}) {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return new Promise((done, failed) => {
    const sent = request({ host: "127.0.0.1", port, path, method, localAddress, agent: false,
      headers: { ...(bytes ? { "Content-Length": bytes.length } : {}), ...headers } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", failed);
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    sent.on("error", failed);
    sent.end(bytes);
  });
}

export class ApiRecorder {
  reached = new Set();

  /** login  the line of the Authorization header of the desk */
  constructor(document, port, login) {
    Object.assign(this, { document, port, login });
  }

  /**
   * Asks an operation by its name or id; the answer, with `json` if it is JSON.
   * Options: json (its body) or body (as bytes), id or other parts of the path, query, headers, isAnonymous, port, localAddress
   */
  async ask(name, { json, body, parts = {}, query = "", headers = {}, isAnonymous = false, port = this.port, localAddress } = {}) {
    const operation = this.document.operation(name);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, part) => parts[part] ?? "1");
    const bytes = json === undefined ? body : JSON.stringify(json);
    const answer = await exchange(port, path + query, {
      method: operation.method, body: bytes, localAddress,
      headers: { ...(bytes === undefined ? {} : { "Content-Type": this.document.body(operation)?.type ?? "application/json" }),
        ...(operation.isAdmin && !isAnonymous ? { Authorization: this.login } : {}), ...headers },
    });
    this.document.assertAnswer(operation, answer);
    if (answer.status < 300) this.document.assertTaken(operation, { json, headers });
    this.reached.add(`${operation.name} ${answer.status}`);
    const isJson = answer.text !== "" && answer.headers["content-type"]?.startsWith("application/json");
    return { ...answer, json: isJson ? JSON.parse(answer.text) : undefined };
  }

  /** What is documented and was not reached. */
  missing() {
    return this.document.operations.flatMap(({ name, statuses }) => statuses.map((status) => `${name} ${status}`))
      .filter((each) => !this.reached.has(each));
  }
}
