// RFC 8292 as the strictest real service reads it. Verified tokens are remembered, since an honest sender uses one
// token for thousands of messages and the check of a signature costs more than the rest of the request.

import { createPublicKey, verify } from "node:crypto";

const LONGEST_LIFE = 24 * 3600; // seconds (RFC 8292, 2)
const REMEMBERED = 4096; // tokens
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const MAIL_ADDRESS = /^mailto:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)$/;
// Apple turns away addresses nobody can write to.
const UNBELIEVABLE = new Set(["localhost", "local", "invalid", "devhost"]);

export class VapidVerifier {
  #clock;
  #verified = new Map();

  /** @param {() => number} clock milliseconds since 1970 */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * What is wrong with an Authorization header, in words; null if nothing.
   * @param {string | undefined} authorization
   * @param {string} origin the audience that the token must name
   * @param {string | null} key the public key that the subscription is bound to; null: to none
   */
  fault(authorization, origin, key) {
    if (authorization === undefined) return "Authorization is missing; send vapid t=...,k=...";
    let token = this.#verified.get(authorization);
    if (!token) {
      token = readToken(authorization);
      if (token.fault) return token.fault;
      if (this.#verified.size >= REMEMBERED) this.#verified.clear();
      this.#verified.set(authorization, token);
    }
    if (key !== null && token.key !== key) return "k is not the key that the subscription was made with";
    if (token.aud !== origin) return `aud is ${JSON.stringify(token.aud)}; it must be ${origin}`;
    const now = this.#clock() / 1000;
    if (token.exp <= now) return "exp is past";
    if (token.exp > now + LONGEST_LIFE) return "exp is more than 24 hours ahead";
    return null;
  }
}

/** Whether `text` is an uncompressed P-256 point in base64url without padding; whether it is on the curve, OpenSSL says later. */
export function isPublicKey(text) {
  if (typeof text !== "string" || text.length !== 87 || !BASE64URL.test(text)) return false;
  return Buffer.from(text, "base64url")[0] === 4;
}

function readToken(authorization) {
  const found = /^vapid +(.*)$/i.exec(authorization);
  if (!found) return { fault: "Authorization is not of the scheme vapid" };
  const given = {};
  for (const part of found[1].split(",")) {
    const [, name, value] = /^\s*([A-Za-z]+)=(\S*)\s*$/.exec(part) ?? [];
    if ((name !== "t" && name !== "k") || name in given) return { fault: "Authorization must be vapid t=...,k=..." };
    given[name] = value;
  }
  if (!given.t || !given.k) return { fault: "Authorization lacks t or k" };
  if (!isPublicKey(given.k)) return { fault: "k is not an uncompressed P-256 key in base64url without padding" };
  return readJwt(given.t, given.k);
}

function readJwt(jwt, key) {
  const parts = jwt.split(".");
  if (parts.length !== 3 || !parts.every((part) => BASE64URL.test(part))) {
    return { fault: "t is not three parts of base64url without padding" };
  }
  const [header, claims] = [json(parts[0]), json(parts[1])];
  if (!header || !claims) return { fault: "t does not hold JSON objects" };
  if (header.alg !== "ES256") return { fault: `alg is ${JSON.stringify(header.alg)}; it must be "ES256"` };
  if (header.typ !== undefined && header.typ !== "JWT") return { fault: 'typ is not "JWT"' };
  const signature = Buffer.from(parts[2], "base64url");
  if (signature.length !== 64) return { fault: `the signature has ${signature.length} bytes; r and s make 64` };
  if (!signedBy(key, `${parts[0]}.${parts[1]}`, signature)) return { fault: "the signature does not match k" };
  if (typeof claims.exp !== "number") return { fault: "exp is not a number" };
  if (typeof claims.aud !== "string") return { fault: "aud is not a string" };
  if (!isBelievable(claims.sub)) return { fault: "sub is not a believable mailto: or https: address" };
  return { aud: claims.aud, exp: claims.exp, key };
}

function json(part) {
  try {
    const value = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null; // the caller says so in its answer
  }
}

function signedBy(key, text, signature) {
  const point = Buffer.from(key, "base64url");
  const jwk = {
    kty: "EC", crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url"),
  };
  try {
    const publicKey = createPublicKey({ key: jwk, format: "jwk" });
    return verify("sha256", Buffer.from(text), { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  } catch {
    return false; // the point is not on the curve: nothing can be signed by it
  }
}

function isBelievable(sub) {
  if (typeof sub !== "string") return false;
  const host = sub.startsWith("https://") ? hostOf(sub) : MAIL_ADDRESS.exec(sub)?.[1];
  if (!host) return false;
  const labels = host.toLowerCase().split(".");
  const last = labels[labels.length - 1];
  return labels.length > 1 && /^[a-z][a-z0-9-]+$/.test(last) && !UNBELIEVABLE.has(last);
}

function hostOf(url) {
  if (/\s|[<>]/.test(url) || !URL.canParse(url)) return null;
  const { hostname, username, password } = new URL(url);
  return username || password ? null : hostname;
}
