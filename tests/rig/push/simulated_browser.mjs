// Subscriptions that no browser holds: their private keys stay here, so every message to them can be opened and
// counted. Also the book of all subscriptions of a service, real browsers' ones too.

import { createECDH, randomBytes } from "node:crypto";
import { isPublicKey } from "./vapid.mjs";

const TOKEN_SIZE = 32; // bytes; unguessable, as capability URLs are (RFC 8030, 8.3)
export const PUSH_PATH = "/wpush/v2/";

export class SubscriptionBook {
  #byToken = new Map();
  #all = [];

  /**
   * Makes `count` subscriptions at `host` and returns them as PushSubscription.toJSON() gives them.
   * vapidKey  the applicationServerKey that they are bound to; null: to none
   * keyPairs  how many different key pairs they share; fewer than `count` saves time and memory at a million
   */
  create(host, count, { vapidKey = null, keyPairs = count } = {}) {
    if (!Number.isInteger(count) || count < 0) throw new Error(`${count} subscriptions: must be a whole number`);
    if (!Number.isInteger(keyPairs) || keyPairs < 1) keyPairs = 1;
    checkKey(vapidKey);
    const pairs = makeKeyPairs(Math.min(keyPairs, count));
    const random = randomBytes(count * (TOKEN_SIZE + 16));
    const made = [];
    for (let i = 0; i < count; i += 1) {
      const at = i * (TOKEN_SIZE + 16);
      const token = random.toString("base64url", at, at + TOKEN_SIZE);
      const auth = random.subarray(at + TOKEN_SIZE, at + TOKEN_SIZE + 16);
      made.push(this.#add({ token, host, vapidKey, gone: false, keys: { ...pairs[i % pairs.length], auth }, agent: null }));
    }
    return made.map(toJSON);
  }

  /** A subscription whose keys only the browser knows; `agent` is where its messages go. */
  addForBrowser(host, vapidKey, agent, channelID) {
    checkKey(vapidKey);
    const token = randomBytes(TOKEN_SIZE).toString("base64url");
    return this.#add({ token, host, vapidKey, gone: false, keys: null, agent, channelID });
  }

  /** The subscription that a request path of `host` names; undefined if none. */
  find(host, path) {
    if (!path.startsWith(PUSH_PATH)) return undefined;
    const subscription = this.#byToken.get(path.slice(PUSH_PATH.length));
    return subscription?.host === host ? subscription : undefined;
  }

  /** The subscription of an endpoint or of a toJSON() object; throws if there is none. */
  get(endpoint) {
    const url = typeof endpoint === "string" ? endpoint : endpoint.endpoint;
    const subscription = this.#byToken.get(String(url).split(PUSH_PATH)[1]);
    if (!subscription) throw new Error(`subscription ${url}: this service has none like it`);
    return subscription;
  }

  at(index) {
    return this.#all[index];
  }

  get size() {
    return this.#all.length;
  }

  #add(subscription) {
    subscription.index = this.#all.length;
    this.#all.push(subscription);
    this.#byToken.set(subscription.token, subscription);
    return subscription;
  }
}

export function endpointOf(subscription) {
  return subscription.host.origin + PUSH_PATH + subscription.token;
}

function toJSON(subscription) {
  const { publicKey, auth } = subscription.keys;
  return {
    endpoint: endpointOf(subscription),
    expirationTime: null,
    keys: { p256dh: publicKey.toString("base64url"), auth: auth.toString("base64url") },
  };
}

function makeKeyPairs(count) {
  const ecdh = createECDH("prime256v1"); // half the time of generateKeyPairSync, and no key objects to keep
  const pairs = [];
  for (let i = 0; i < count; i += 1) {
    const publicKey = ecdh.generateKeys();
    pairs.push({ publicKey, privateKey: ecdh.getPrivateKey() });
  }
  return pairs;
}

function checkKey(vapidKey) {
  if (vapidKey !== null && !isPublicKey(vapidKey)) {
    throw new Error(`vapidKey ${vapidKey}: must be an uncompressed P-256 point in base64url without padding`);
  }
}
