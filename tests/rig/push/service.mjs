// The whole service: hosts for Lamppost, one WebSocket face for browsers, one book and one ledger for all of them.

import { resolve } from "node:path";
import { AutopushFace } from "./autopush.mjs";
import { Host } from "./host.mjs";
import { Ledger } from "./ledger.mjs";
import { SubscriptionBook } from "./simulated_browser.mjs";
import { authorityFile, serverCertificate } from "./tls.mjs";
import { VapidVerifier } from "./vapid.mjs";

export class PushService {
  #dir;
  #book = new SubscriptionBook();
  #ledger;
  #face;
  #shared;
  hosts = [];

  constructor({ dir, keep = "everything", clock = Date.now }) {
    if (!dir) throw new Error("push service: dir is missing; name a folder for its certificates");
    this.#dir = resolve(dir);
    this.#ledger = new Ledger(this.#book, keep);
    this.#face = new AutopushFace({ book: this.#book, clock, host: () => this.hosts[0] });
    this.#shared = {
      book: this.#book, ledger: this.#ledger, clock, verifier: new VapidVerifier(clock),
      deliver: (subscription, message) => this.#face.deliver(subscription, message),
    };
  }

  async start({ browserPort = 0, hosts = 1, ...hostOptions }) {
    if (hosts < 1) throw new Error(`push service: ${hosts} hosts; there must be one at least`);
    this.caFile = await authorityFile(this.#dir);
    await this.#face.start(browserPort);
    for (let i = 0; i < hosts; i += 1) await this.addHost({ ...hostOptions, port: i === 0 ? hostOptions.port : 0 });
  }

  /**
   * One more origin. Options: port, hostname (localhost or 127.0.0.1), protocols, streams, tls (see Host), and
   * certificate: good, expired, wrong-name, unknown-ca or self-signed.
   */
  async addHost({ port = 0, certificate = "good", ...options } = {}) {
    const pem = await serverCertificate(this.#dir, certificate);
    const host = new Host({ ...options, certificate: pem, service: this.#shared });
    await host.start(port);
    this.hosts.push(host);
    return host;
  }

  /** The host of an origin; without one the first. */
  host(origin) {
    const host = origin === undefined ? this.hosts[0] : this.hosts.find((each) => each.origin === origin);
    if (!host) throw new Error(`host ${origin}: this service has ${this.hosts.map((each) => each.origin).join(", ")}`);
    return host;
  }

  get origin() { return this.hosts[0].origin; }
  get port() { return this.hosts[0].port; }
  get browserUrl() { return this.#face.url; }

  /** What Lamppost's configuration needs to reach this service (PRODUCT.md, section 5). */
  config() {
    const list = (of) => this.hosts.map(of).join(", ");
    return [
      `push_hosts = ${list((host) => `${host.hostname}:${host.port}`)}`,
      `push_addresses = ${list((host) => `127.0.0.1:${host.port}`)}`,
      `push_ca_file = ${this.caFile}`,
    ].join("\n") + "\n";
  }

  /** `count` objects as of PushSubscription.toJSON(). Options: host (an origin), vapidKey, keyPairs. */
  createSubscriptions(count, { host, ...options } = {}) {
    return this.#book.create(this.host(host), count, options);
  }

  /** From now on these endpoints answer 410. */
  unsubscribe(endpoints) {
    for (const endpoint of endpoints) this.#book.get(endpoint).gone = true;
  }

  /** Adds rules (script.mjs) for `endpoints`, or for the whole `host`, or for all hosts. */
  script(rules, { host, endpoints } = {}) {
    for (const rule of [rules].flat()) {
      for (const [script, subscriptions] of this.#scripts(host, endpoints)) script.add(rule, subscriptions);
    }
  }

  /** Back to the truth. */
  clearScript({ host, endpoints } = {}) {
    for (const [script, subscriptions] of this.#scripts(host, endpoints)) script.clear(subscriptions);
  }

  /** Every message in order: {endpoint, id, payload, error, headers, protocol, host, connection, at, outcome, accepted, size}. */
  received(endpoint) { return this.#ledger.received(endpoint); }

  /** Per (subscription, message id): {endpoint, id, seen, accepted}. */
  counts() { return this.#ledger.counts(); }

  /** The pairs that were accepted more than once. */
  twice() { return this.#ledger.twice(); }

  /** The browsers on the WebSocket, and what they acknowledged. */
  agents() { return this.#face.agents(); }
  browserFaults() { return this.#face.faults; }
  disconnectBrowsers() { this.#face.disconnect(); }

  /** The refused requests, with errno and message. */
  refusals() { return this.hosts.flatMap((host) => host.refusals); }

  /** {requests, accepted, refused, scripted} of all hosts; opens nothing, so it may be asked often while a campaign runs. */
  tally() {
    const sums = { requests: 0, accepted: 0, refused: 0, scripted: 0 };
    for (const { tally } of this.hosts) {
      for (const name in sums) sums[name] += tally[name];
    }
    return sums;
  }

  /** Sums and, per host, requests, accepted, refused, scripted, byStatus and what is known of the connections. */
  statistics() {
    return {
      subscriptions: this.#book.size,
      ...this.#ledger.totals(),
      hosts: this.hosts.map((host) => ({ origin: host.origin, ...host.tally, ...host.statistics })),
    };
  }

  /** Starts all counts anew; subscriptions, scripts and connections stay. */
  forget() {
    this.#ledger.forget();
    for (const host of this.hosts) host.forget();
  }

  /** Waits until `holds()` is true; after `timeout` ms it throws, naming `what`. */
  async until(holds, what, timeout = 5000) {
    const end = performance.now() + timeout;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`push service: no ${what} within ${timeout} ms`);
      await new Promise((go) => setTimeout(go, 10));
    }
  }

  async stop() {
    await Promise.all([...this.hosts.map((host) => host.stop()), this.#face.stop()]);
  }

  #scripts(origin, endpoints) {
    if (endpoints === undefined) {
      return (origin === undefined ? this.hosts : [this.host(origin)]).map((host) => [host.rules, undefined]);
    }
    const byHost = new Map();
    for (const subscription of endpoints.map((endpoint) => this.#book.get(endpoint))) {
      const others = byHost.get(subscription.host);
      if (others) others.push(subscription);
      else byHost.set(subscription.host, [subscription]);
    }
    return [...byHost].map(([host, subscriptions]) => [host.rules, subscriptions]);
  }
}
