// What came in: every complete request that was in order, per (subscription, message id), whether it was accepted or
// answered as a script told. Opening a message costs more than taking it, so messages wait, up to a bound, until
// somebody asks; a campaign is not slowed by the counting.

import { createHash } from "node:crypto";
import { Decrypter } from "./decrypt.mjs";
import { endpointOf } from "./simulated_browser.mjs";

const WAITING_LIMIT = 50_000; // messages of at most 4 KiB
const ID_SPACE = 2 ** 22; // message ids that one key of the counts can tell apart
const ACCEPTED_UNIT = 2 ** 26; // a count holds accepted * unit + seen

export class Ledger {
  #book;
  #keep;
  #decrypter = new Decrypter();
  #waiting = [];
  #firstWaiting = 0;
  #opened = [];
  #ids = new Map();
  #idNames = [];
  #counts = new Map();
  #undecryptable = 0;

  /**
   * keep  "everything": payloads and headers; "counts": only how often each message came; "requests": nothing of a
   *       message but that there was one for the subscription, under the id "unread"
   */
  constructor(book, keep) {
    if (!["everything", "counts", "requests"].includes(keep)) {
      throw new Error(`keep "${keep}": must be everything, counts or requests`);
    }
    this.#book = book;
    this.#keep = keep;
  }

  /** Takes one request. {subscription, body, headers, protocol, connection, at, outcome, accepted} */
  record(entry) {
    if (this.#keep === "requests") {
      this.#count(entry.subscription, "unread", entry.accepted);
      return;
    }
    // A copy: the body is a slice of what was read from the socket, and would keep all of that.
    entry.body = Buffer.from(entry.body);
    if (this.#keep === "counts") entry.headers = null;
    this.#waiting.push(entry);
    // Beyond the limit one is opened for each that comes, so that no request waits for thousands.
    if (this.#waiting.length - this.#firstWaiting > WAITING_LIMIT) this.#openOne();
  }

  /** The messages in the order of their coming; with an endpoint only those to it. */
  received(endpoint) {
    this.#openAll();
    if (this.#keep !== "everything") throw new Error(`received: this service keeps only ${this.#keep}`);
    if (endpoint === undefined) return [...this.#opened];
    const url = typeof endpoint === "string" ? endpoint : endpoint.endpoint;
    return this.#opened.filter((message) => message.endpoint === url);
  }

  /** One row per (subscription, message id): {endpoint, id, seen, accepted}. */
  counts() {
    this.#openAll();
    const rows = [];
    for (const [key, value] of this.#counts) rows.push(this.#row(key, value));
    return rows;
  }

  /** The rows of counts() with more than one acceptance. */
  twice() {
    this.#openAll();
    const rows = [];
    for (const [key, value] of this.#counts) {
      if (value >= 2 * ACCEPTED_UNIT) rows.push(this.#row(key, value));
    }
    return rows;
  }

  /** {messages: pairs with an acceptance, accepted, seen, undecryptable}, added up. */
  totals() {
    this.#openAll();
    const totals = { messages: 0, accepted: 0, seen: 0, undecryptable: this.#undecryptable };
    for (const value of this.#counts.values()) {
      const accepted = Math.floor(value / ACCEPTED_UNIT);
      if (accepted > 0) totals.messages += 1;
      totals.accepted += accepted;
      totals.seen += value % ACCEPTED_UNIT;
    }
    return totals;
  }

  forget() {
    this.#waiting = [];
    this.#firstWaiting = 0;
    this.#opened = [];
    this.#ids.clear();
    this.#idNames = [];
    this.#counts.clear();
    this.#undecryptable = 0;
  }

  #openAll() {
    while (this.#firstWaiting < this.#waiting.length) this.#openOne();
    this.#dropOpened();
  }

  #openOne() {
    const entry = this.#waiting[this.#firstWaiting];
    this.#waiting[this.#firstWaiting] = null;
    this.#firstWaiting += 1;
    if (this.#firstWaiting >= WAITING_LIMIT) this.#dropOpened();
    const message = this.#open(entry);
    this.#count(entry.subscription, message.id, entry.accepted);
    if (this.#keep === "everything") this.#opened.push(message);
  }

  #dropOpened() {
    this.#waiting = this.#waiting.slice(this.#firstWaiting);
    this.#firstWaiting = 0;
  }

  #open({ subscription, body, ...rest }) {
    const message = { endpoint: endpointOf(subscription), id: "opaque", payload: null, error: null, ...rest };
    message.headers = plainHeaders(rest.headers);
    message.size = body.length;
    if (subscription.keys === null) return message; // only the browser can open it
    try {
      message.payload = this.#decrypter.decrypt(body, subscription.keys).toString("utf8");
      message.id = idOf(message.payload);
    } catch (error) {
      this.#undecryptable += 1;
      message.id = "undecryptable";
      message.error = error.message;
    }
    return message;
  }

  #count(subscription, id, accepted) {
    let number = this.#ids.get(id);
    if (number === undefined) {
      number = this.#idNames.length;
      if (number === ID_SPACE) throw new Error(`more than ${ID_SPACE} message ids: forget() between campaigns`);
      this.#ids.set(id, number);
      this.#idNames.push(id);
    }
    const key = subscription.index * ID_SPACE + number;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1 + (accepted ? ACCEPTED_UNIT : 0));
  }

  #row(key, value) {
    return {
      endpoint: endpointOf(this.#book.at(Math.floor(key / ID_SPACE))),
      id: this.#idNames[key % ID_SPACE],
      seen: value % ACCEPTED_UNIT,
      accepted: Math.floor(value / ACCEPTED_UNIT),
    };
  }
}

// Ours stands in notification.data.id; any other payload is known by its digest.
function idOf(payload) {
  try {
    const id = JSON.parse(payload)?.notification?.data?.id;
    if (typeof id === "string") return id;
  } catch {
    // Not JSON: raw text is a message too.
  }
  return createHash("sha256").update(payload).digest("base64url").slice(0, 22);
}

function plainHeaders(headers) {
  return headers === null ? null : Object.fromEntries(Object.entries(headers).filter(([name]) => name[0] !== ":"));
}
