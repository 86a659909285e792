// What a service shall answer instead of the truth, per subscription or for a whole host; changeable at any time.
// A rule that is used up leaves its place to the next; a subscription's own rules come before the host's.
// How each action is carried out stands in misbehave.mjs.

import { constants } from "node:http2";

/*
 * A rule, all members optional:
 *   action   accept        the truth, perhaps after `delay`
 *            answer        `status`, `headers`, `body` (text or Buffer); the default when a status is given
 *            redirect      `status` (307) with Location: `location`
 *            hang          no answer, ever
 *            reset         the TCP connection is reset
 *            rst           RST_STREAM with `code` (name or number); over HTTP/1.1 a reset
 *            goaway        for a host: after each `after` requests of a connection GOAWAY with `code`; later streams are
 *                          not processed; over HTTP/1.1 Connection: close
 *            drip          the answer by one byte every `everyMs`; `part`: status, headers or body (over HTTP/2 always
 *                          the body, since node writes a header block whole)
 *            endless       a body without end
 *            huge-headers  `count` header fields of `size` bytes
 *            garbage       `bytes` (text or Buffer; random ones if absent) where the answer should be, then the end; over
 *                          HTTP/2 where a TLS record should be (for garbage in place of frames: Host.breakConnections)
 *   times    how often, per subscription for a subscription's rule; always if absent
 *   delay    milliseconds before
 *   before   do it before the body is read: then nothing is counted
 *   accept   whether the message counts as accepted all the same; default: when the status is 2xx
 */
const DEFAULTS = {
  "accept": {},
  "answer": { status: 503 },
  "redirect": { status: 307, location: undefined },
  "hang": {},
  "reset": {},
  "rst": { code: "REFUSED_STREAM" },
  "goaway": { after: 1, code: "NO_ERROR" },
  "drip": { status: 201, everyMs: 1000, part: "body", body: "x".repeat(1000) },
  "endless": { status: 201 },
  "huge-headers": { status: 201, count: 1000, size: 1000 },
  "garbage": { bytes: undefined },
};
const COMMON = ["action", "times", "delay", "before", "accept", "status", "headers", "body"];

export class Script {
  #forHost = [];
  #bySubscription = new Map();
  #goaway = null;

  /** Adds one rule: for the whole host, or for each of `subscriptions` with a count of its own. */
  add(given, subscriptions) {
    const rule = complete(given);
    if (rule.action === "goaway") {
      if (subscriptions) throw new Error("rule goaway: is for a whole host, not for one subscription");
      this.#goaway = rule;
      return;
    }
    if (!subscriptions) {
      this.#forHost.push({ rule, left: rule.times });
      return;
    }
    for (const subscription of subscriptions) {
      const rules = this.#bySubscription.get(subscription);
      if (rules) rules.push({ rule, left: rule.times });
      else this.#bySubscription.set(subscription, [{ rule, left: rule.times }]);
    }
  }

  clear(subscriptions) {
    if (subscriptions) {
      for (const subscription of subscriptions) this.#bySubscription.delete(subscription);
      return;
    }
    this.#forHost = [];
    this.#bySubscription.clear();
    this.#goaway = null;
  }

  /** The rule for a request whose body is not read yet (`before`) or is; it is used up by one. Null: the truth. */
  take(subscription, before) {
    if (this.#bySubscription.size > 0) {
      const own = next(this.#bySubscription.get(subscription) ?? [], before);
      if (own !== undefined) return own;
    }
    return next(this.#forHost, before) ?? null;
  }

  /** Whether a connection that has brought `requests` is to be told to go away; the rule's code if so. */
  goaway(requests) {
    if (this.#goaway === null || requests !== this.#goaway.after || this.#goaway.times <= 0) return null;
    this.#goaway.times -= 1;
    return this.#goaway.code;
  }
}

// Null: a rule stands, but its time is after the body (or was before it). Undefined: no rule.
function next(entries, before) {
  const entry = entries.find(({ left }) => left > 0);
  if (!entry) return undefined;
  if (entry.rule.before !== before) return null;
  entry.left -= 1;
  return entry.rule;
}

function complete(given) {
  const action = given.action ?? (given.status === undefined ? "accept" : "answer");
  const defaults = DEFAULTS[action];
  if (!defaults) throw new Error(`rule "${action}": must be one of ${Object.keys(DEFAULTS).join(", ")}`);
  for (const name of Object.keys(given)) {
    if (!COMMON.includes(name) && !(name in defaults)) throw new Error(`rule ${action}: ${name} means nothing there`);
  }
  const rule = { times: Infinity, delay: 0, headers: {}, body: "", ...defaults, ...given, action };
  rule.times ??= Infinity;
  if (!(rule.times > 0)) throw new Error(`rule ${action}: times ${rule.times} must be above 0`);
  if (rule.code !== undefined) rule.code = errorCode(rule.code);
  // A refused stream is one that was not processed (RFC 9113, 8.7), so its body may not be counted.
  rule.before ??= rule.code === constants.NGHTTP2_REFUSED_STREAM && action === "rst";
  if (rule.before && action === "accept") throw new Error("rule accept: cannot be carried out before the body is read");
  const isGood = action === "accept" || (rule.status >= 200 && rule.status < 300);
  rule.accept = !rule.before && (rule.accept ?? isGood);
  if (action === "redirect") {
    if (!rule.location) throw new Error("rule redirect: location is missing");
    rule.headers = { ...rule.headers, location: rule.location };
  }
  return rule;
}

function errorCode(code) {
  const number = typeof code === "number" ? code : constants[`NGHTTP2_${code}`];
  if (!Number.isInteger(number)) throw new Error(`rule: code ${code} is no HTTP/2 error code`);
  return number;
}
