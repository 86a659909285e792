// An application server made of other people's libraries: http_ece encrypts, jose signs. What the push service takes
// from it is right by their understanding of the RFCs, not only by ours.

import { createECDH, randomBytes } from "node:crypto";
import { connect } from "node:http2";
import { request as httpsRequest } from "node:https";
import ece from "http_ece";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

// A bare system has no /etc/hosts, and Node then knows no localhost.
function atLoopback(_name, { all }, done) {
  if (all) done(null, [{ address: "127.0.0.1", family: 4 }]);
  else done(null, "127.0.0.1", 4);
}

export const SUBJECT = "mailto:owner@example.com";

/** A VAPID key: {publicKey: base64url, sign(claims, header) -> JWT}. */
export async function makeVapid() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { x, y } = await exportJWK(publicKey);
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  return {
    publicKey: point.toString("base64url"),
    sign: (claims, header = { typ: "JWT", alg: "ES256" }) => new SignJWT(claims).setProtectedHeader(header).sign(privateKey),
  };
}

/** The claims of an honest token for `origin`; changes overwrite, undefined leaves out. */
export function claimsFor(origin, changes = {}) {
  return { aud: origin, exp: Math.floor(Date.now() / 1000) + 12 * 3600, sub: SUBJECT, ...changes };
}

/** The body of a push message to a subscription as of toJSON(). */
export function encrypt(text, { keys }, options = {}) {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  return ece.encrypt(Buffer.from(text), {
    version: "aes128gcm", dh: keys.p256dh, privateKey: pair, authSecret: keys.auth, salt: randomBytes(16), ...options,
  });
}

export class Sender {
  #sessions = new Map();
  #tokens = new Map();

  constructor(ca, vapid) {
    this.ca = ca;
    this.vapid = vapid;
  }

  /** The headers of an honest request; changes overwrite, undefined leaves out. */
  async headers(endpoint, changes = {}) {
    const { origin } = new URL(endpoint);
    let token = this.#tokens.get(origin);
    if (!token) {
      token = await this.vapid.sign(claimsFor(origin));
      this.#tokens.set(origin, token);
    }
    const headers = {
      "authorization": `vapid t=${token}, k=${this.vapid.publicKey}`,
      "ttl": "60", "urgency": "normal", "content-encoding": "aes128gcm", "content-type": "application/octet-stream",
      ...changes,
    };
    return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  }

  /** Encrypts and posts; {status, headers, body}. options: protocol (h2 or http/1.1), headers, body, method. */
  async send(subscription, text, { protocol = "h2", headers = {}, body, method = "POST" } = {}) {
    const all = await this.headers(subscription.endpoint, headers);
    const content = body ?? encrypt(text, subscription);
    return protocol === "h2"
      ? this.postHttp2(subscription.endpoint, all, content, method)
      : this.postHttp1(subscription.endpoint, all, content, method);
  }

  async postHttp2(endpoint, headers, body, method = "POST") {
    const { origin, pathname } = new URL(endpoint);
    const session = this.session(origin);
    const stream = session.request({ ":method": method, ":path": pathname, ...headers });
    return new Promise((resolve, reject) => {
      let answer = null;
      let text = "";
      stream.setEncoding("utf8");
      stream.on("response", (fields) => { answer = { status: fields[":status"], headers: fields }; });
      stream.on("data", (chunk) => { text += chunk; });
      stream.on("error", (error) => reject(Object.assign(error, { rstCode: stream.rstCode })));
      stream.on("close", () => {
        if (answer && stream.rstCode === 0) resolve({ ...answer, body: text });
        else reject(Object.assign(new Error(`stream closed with ${stream.rstCode}`), { rstCode: stream.rstCode, answer }));
      });
      stream.end(body);
    });
  }

  async postHttp1(endpoint, headers, body, method = "POST") {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(endpoint, { method, headers, ca: this.ca, agent: false, lookup: atLoopback }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => { text += chunk; });
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, body: text }));
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  /** The session for an origin; a new one when the old one is on its way out. */
  session(origin) {
    let session = this.#sessions.get(origin);
    if (!session || session.closed || session.destroyed) {
      session = connect(origin, { ca: this.ca, lookup: atLoopback });
      session.on("error", () => session.destroy()); // each stream reports it to its caller
      session.on("goaway", () => session.close());
      this.#sessions.set(origin, session);
    }
    return session;
  }

  close() {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }
}
