// A simulated browser that runs the real www/push/sw.js: feed it payloads as they come out of the
// decryption, and look at what stands on its screen. It has the rules of Chromium, Firefox and
// Safari (its classic push; declarative messages that Safari shows by itself never reach a worker).
//
//   const browser = await new SimulatedBrowser({ kind: "firefox" }).start();
//   const [notification] = await browser.push('{"title":"Hello"}');
//   await browser.click(notification);
//   browser.opened            // ["https://site.example/"]
import { readFileSync } from "node:fs";
import vm from "node:vm";

import { SimulatedDatabase } from "./indexed_db.mjs";
import { Screen } from "./notifications.mjs";

const file = new URL("../../../www/push/sw.js", import.meta.url);
const script = new vm.Script(readFileSync(file, "utf8"), { filename: file.pathname });

export class SimulatedBrowser {
  /**
   * kind    "chromium", "firefox" or "safari"
   * config  what GET /api/config answers; null: the server is away
   * speed   how much faster than the world the worker's timers run
   * platform, brands  navigator.userAgentData, where a test needs it
   */
  constructor({ kind = "chromium", origin = "https://site.example", config = null, speed = 1, platform, brands } = {}) {
    Object.assign(this, { kind, origin, config, speed, platform, brands });
    this.screen = new Screen(kind);
    this.database = new SimulatedDatabase();
    this.caches = new Map();
    this.tabs = []; // URLs, the one used last first
    this.snippets = []; // URLs of those tabs that our snippet is in, and answers
    this.opened = [];
    this.focused = [];
    this.navigated = []; // [from, to]
    this.openFails = false;
    this.badge = 3;
    this.badgeFails = false;
    this.requests = []; // {url, method, body, keepalive}
    this.pauses = []; // milliseconds that the worker's timers were set to
    this.failures = []; // what the worker's events rejected with
    this.skippedWaiting = false;
    this.silentPushes = 0; // pushes in a row that showed nothing
    this.subscription = null; // what pushManager.getSubscription() gives
    this.subscribedWith = [];
  }

  /** Registers: runs the script, installs, activates. */
  async start() {
    this.restart();
    await this.#dispatch("install", {});
    await this.#dispatch("activate", {});
    return this;
  }

  /** The browser ended the worker and starts it anew: nothing in its memory is left. */
  restart() {
    this.listeners = new Map();
    script.runInContext(vm.createContext(this.#globals()));
  }

  /**
   * One push message: a string, bytes, or null for none. Returns the notifications that it showed.
   * declared  what a browser makes of a declarative message that is mutable: event.notification
   */
  async push(payload, { declared } = {}) {
    const before = this.screen.history.length;
    const bytes = payload === null ? null : Buffer.from(payload);
    const data = bytes && {
      text: () => new TextDecoder().decode(bytes),
      json: () => JSON.parse(new TextDecoder().decode(bytes)),
      arrayBuffer: () => new Uint8Array(bytes).buffer,
    };
    this.mustNavigate = Boolean(declared);
    await this.#dispatch("push", { data, ...(declared && { notification: declared }) });
    const shown = this.screen.history.slice(before);
    this.silentPushes = shown.length > 0 ? 0 : this.silentPushes + 1;
    return shown;
  }

  /** A click on the notification, or on its button `action`. */
  async click(notification, action = "") {
    this.mayOpen = true;
    await this.#dispatch("notificationclick", { notification, action });
    this.mayOpen = false;
  }

  /** The notification is swept away. */
  async dismiss(notification) {
    await this.#dispatch("notificationclose", { notification });
  }

  async changeSubscription(oldSubscription, newSubscription) {
    await this.#dispatch("pushsubscriptionchange", { oldSubscription, newSubscription });
  }

  async #dispatch(type, event) {
    const awake = setInterval(() => {}, 1000); // the worker's own timers do not keep node running
    const promises = [];
    try {
      for (const listener of this.listeners.get(type) ?? []) {
        listener({ type, waitUntil: (promise) => promises.push(promise), ...event });
      }
      await Promise.all(promises);
    } catch (error) {
      this.failures.push(error);
    } finally {
      clearInterval(awake);
    }
  }

  #globals() {
    const globals = {
      URL,
      MessageChannel,
      console,
      location: new URL("/push/sw.js", this.origin),
      navigator: {
        userAgent: this.screen.kind.agent,
        language: "de-AT",
        clearAppBadge: async () => {
          if (this.badgeFails) throw new Error("NotAllowedError: no badge here");
          this.badge = 0;
        },
      },
      indexedDB: this.database,
      setTimeout: (work, milliseconds) => {
        this.pauses.push(milliseconds);
        return setTimeout(work, milliseconds / this.speed).unref();
      },
      addEventListener: (type, listener) =>
        this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]),
      skipWaiting: async () => void (this.skippedWaiting = true),
      fetch: async (url, init) => this.#fetch(url, init),
      caches: {
        open: async () => ({ put: async (key, answer) => void this.caches.set(key, await answer.text()) }),
        match: async (key) => (this.caches.has(key) ? new Response(this.caches.get(key)) : undefined),
      },
      clients: {
        matchAll: async ({ includeUncontrolled = false } = {}) =>
          includeUncontrolled ? this.tabs.map((url) => this.#client(url)) : [],
        openWindow: async (url) => this.#openWindow(url),
      },
      registration: {
        showNotification: async (title, options) => {
          if (this.mustNavigate && !options?.navigate) throw new TypeError("a declarative event wants navigate");
          this.screen.show(title, options);
        },
        pushManager: {
          getSubscription: async () => this.subscription,
          subscribe: async (options) => this.#subscribe(options),
        },
      },
    };
    if (this.platform) globals.navigator.userAgentData = { platform: this.platform, brands: this.brands ?? [] };
    globals.self = globals;
    return globals;
  }

  // A WindowClient outside of the worker's scope. One focus() or openWindow() a click, as in browsers.
  #client(url) {
    return {
      url,
      focus: async () => {
        this.#useClick();
        this.focused.push(url);
      },
      postMessage: ({ navigate }, [port]) => {
        if (!this.snippets.includes(url)) return port.close();
        port.onmessage = () => {
          this.navigated.push([url, navigate]);
          port.close();
        };
        port.postMessage("here");
      },
    };
  }

  #useClick() {
    if (!this.mayOpen) throw new Error("InvalidAccessError: not allowed to focus or open a window");
    this.mayOpen = false;
  }

  async #fetch(url, { method = "GET", body, keepalive = false } = {}) {
    this.requests.push({ url, method, body: body && JSON.parse(body), keepalive });
    if (this.config === null) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(url === "/api/config" ? this.config : { status: "success" }));
  }

  async #openWindow(url) {
    if (this.openFails) throw new TypeError("no window can be opened");
    this.#useClick();
    this.opened.push(url);
    this.tabs.push(url);
    return null;
  }

  async #subscribe(options) {
    this.subscribedWith.push(options);
    const json = { endpoint: `https://push.example/${this.subscribedWith.length}`, keys: {} };
    this.subscription = { ...json, options, toJSON: () => json };
    return this.subscription;
  }
}
