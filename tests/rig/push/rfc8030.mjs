// What an application server's request must look like (RFC 8030, 8188, 8291), as strict as the strictest real
// service, and autopush's words for what is wrong. Knows nothing of sockets: headers and bodies in, faults out.

import { STATUS_CODES } from "node:http";
import { HEADER_SIZE, TAG_SIZE } from "./decrypt.mjs";

export const BODY_LIMIT = 4096; // what every service takes (RFC 8030, 7.2), and Apple no more
const LONGEST_TTL = 30 * 24 * 3600; // seconds; what autopush shortens to
const SMALLEST_RECORD = 18; // RFC 8188, 2.1
const URGENCIES = new Set(["very-low", "low", "normal", "high"]);

/** A refusal in autopush's form. `errno` is null where autopush has no number of its own. */
export function refusal(status, errno, message) {
  return { status, errno, message };
}

export function refusalBody({ status, errno, message }) {
  return JSON.stringify({ code: status, errno, error: STATUS_CODES[status], message });
}

/**
 * The header fields that matter, from a flat list of names and values. Read from the raw list because node drops or
 * joins repeated fields, and a repeated field is a fault here.
 */
export function readFields(raw) {
  const fields = {
    authorization: undefined, ttl: undefined, urgency: undefined, topic: undefined,
    encoding: undefined, length: undefined, repeated: null,
  };
  for (let i = 0; i < raw.length; i += 2) {
    const name = memberOf(raw[i].toLowerCase());
    if (name === null) continue;
    if (fields[name] !== undefined) fields.repeated = raw[i].toLowerCase();
    fields[name] = raw[i + 1];
  }
  return fields;
}

function memberOf(name) {
  switch (name) {
    case "authorization": case "ttl": case "urgency": case "topic": return name;
    case "content-encoding": return "encoding";
    case "content-length": return "length";
    default: return null;
  }
}

/** The refusal for a subscription that is none, or null. */
export function subscriptionFault(subscription) {
  if (!subscription) return refusal(404, 102, "No such push endpoint");
  if (subscription.gone) return refusal(410, 106, "The subscription has ended");
  return null;
}

/** The refusal that the header fields earn, or null. */
export function fieldsFault(fields, origin, key, verifier) {
  const fault = verifier.fault(fields.authorization, origin, key);
  if (fault !== null) return refusal(401, 109, fault);
  if (fields.repeated !== null) return refusal(400, 110, `${fields.repeated} is given more than once`);
  if (fields.ttl === undefined) return refusal(400, 111, "TTL is missing");
  if (!/^[0-9]+$/.test(fields.ttl)) return refusal(400, 112, "TTL is not a number of seconds");
  const { topic, urgency } = fields;
  if (topic !== undefined && (!/^[A-Za-z0-9_-]{1,32}$/.test(topic) || topic.length % 4 === 1)) {
    // Apple decodes the topic, and no base64 has a length of 4n+1.
    return refusal(400, 113, "Topic is not 1 to 32 characters of base64url");
  }
  if (urgency !== undefined && !URGENCIES.has(urgency)) {
    return refusal(400, null, "Urgency is not one of very-low, low, normal, high");
  }
  if (fields.encoding !== "aes128gcm") return refusal(400, 110, "Content-Encoding is not exactly aes128gcm");
  if (Number(fields.length) > BODY_LIMIT) return tooLong();
  return null;
}

export function tooLong() {
  return refusal(413, 104, `The body is longer than ${BODY_LIMIT} bytes`);
}

/** The refusal that a body earns by what can be seen without a key, or null. */
export function bodyFault(body) {
  if (body.length < HEADER_SIZE + 1 + TAG_SIZE) return refusal(400, 110, "The body is too short for aes128gcm");
  if (body[20] !== 65 || body[21] !== 4) return refusal(400, 110, "The keyid is not an uncompressed point of 65 bytes");
  const recordSize = body.readUInt32BE(16);
  if (recordSize < SMALLEST_RECORD) return refusal(400, 110, `The record size ${recordSize} is less than ${SMALLEST_RECORD}`);
  if (body.length - HEADER_SIZE > recordSize) return refusal(400, 110, "The body holds more than a single record");
  return null;
}

/** The TTL that the service grants; `text` is known to be digits. */
export function grantedTtl(text) {
  return Math.min(Number(text), LONGEST_TTL);
}
