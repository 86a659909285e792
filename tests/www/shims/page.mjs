// A page that runs the real www/push/lamppost.js, with as much of a browser around it as that needs.
//
//   const page = new SimulatedPage();      // everything may be changed before load()
//   await page.load();
//   await page.press("subscribe");
//   page.log                               // ["ask", "GET /api/config", "register", ...] in order
import { readFileSync } from "node:fs";
import vm from "node:vm";

const root = new URL("../../../www", import.meta.url);
const file = new URL(`${root}/push/lamppost.js`);
// A script in a context of its own can't import without a flag of Node's: the shim does it.
const importing = (source) => source.replace(/\bimport\(/g, "loadPart(");
const script = new vm.Script(importing(readFileSync(file, "utf8")), { filename: file.pathname });

/** Lets everything that waits for nothing but promises come to its end. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

export const KEY = Buffer.alloc(65, 4).toString("base64url");
const buffer = (key) => new Uint8Array(Buffer.from(key, "base64url")).buffer;

export class SimulatedPage {
  constructor() {
    this.permission = "default";
    this.answer = "granted"; // to the browser's question
    this.thinks = 5; // milliseconds until it is answered
    this.config = { vapid_public_key: KEY };
    this.status = 201; // of the public API; 0: the server is away
    this.subscription = null;
    this.subscribeErrors = []; // names of DOMExceptions, one a call
    this.subscribeTakes = 0; // milliseconds; the page's own clock runs a hundred times as fast
    this.workerState = "activated"; // where the worker gets to by itself
    this.storage = new Map();
    this.secure = true;
    this.agent = "Mozilla/5.0 Chrome/140.0.0.0";
    this.dataset = {}; // of the script element
    this.language = "en"; // of the page
    this.record = {}; // what /mine and PATCH answer
    this.files = {}; // what stands in place of files of www/, by path
    this.refusals = []; // {status, code, field} for the next calls of the public API, in order
    this.broken = []; // which lazy parts do not load: patterns
    this.missing = []; // globals that this browser lacks
    this.brave = undefined;
    this.log = [];
    this.posted = [];
    this.warned = [];
    this.endpoints = 0;
  }

  /** A subscription that the browser holds already. */
  subscribed(endpoint, key = KEY) {
    this.subscription = {
      endpoint,
      options: { applicationServerKey: key && buffer(key) },
      toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
      unsubscribe: async () => {
        this.log.push("unsubscribe");
        this.subscription = null;
        return true;
      },
    };
    return this.subscription;
  }

  /** A visit: the snippet in a new page; storage, permission and subscription stay. */
  async load() {
    this.listeners = {};
    this.elements = Object.fromEntries(["subscribe", "unsubscribe", "status"].map((name) => [name, element(name)]));
    this.elements.when = element("when", { lamppostWhen: "blocked ios-needs-install" });
    const window = this.#window();
    this.window = window;
    script.runInContext(vm.createContext(window));
    this.lamppost = window.Lamppost;
    await settled();
    this.listeners.load?.({});
    await settled();
  }

  async press(name) {
    this.listeners.click({ target: this.elements[name] });
    await settled();
  }

  get state() {
    return this.lamppost.state();
  }

  get words() {
    return this.elements.status.textContent;
  }

  #window() {
    const window = {
      isSecureContext: this.secure,
      console: { warn: (...words) => this.warned.push(words) },
      Response, AbortSignal, atob,
      loadPart: async (path) => this.#part(path),
      setTimeout: (work, milliseconds = 0, ...more) => {
        const timer = setTimeout(work, milliseconds / 100, ...more); // a hundred times as fast
        return { clear: () => clearTimeout(timer) };
      },
      clearTimeout: (timer) => timer.clear(),
      PushManager: {},
      Notification: { requestPermission: () => this.#ask() },
      matchMedia: () => ({ matches: false }),
      localStorage: {
        getItem: (key) => this.storage.get(key) ?? null,
        setItem: (key, value) => void this.storage.set(key, value),
      },
      caches: { open: async () => ({ put: async () => {} }) },
      fetch: (url, init) => this.#fetch(url, init),
      addEventListener: (type, listener) => (this.listeners[type] = listener),
      document: {
        currentScript: { dataset: this.dataset },
        documentElement: { lang: this.language },
        readyState: "interactive",
        activeElement: null,
        addEventListener: (type, listener) => (this.listeners[type] = listener),
        querySelectorAll: (selector) => Object.values(this.elements).filter((one) => one.matches(selector)),
        querySelector: (selector) => Object.values(this.elements).find((one) => one.matches(selector)) ?? null,
      },
      navigator: {
        userAgent: this.agent, language: "de-AT", languages: ["de-AT", "en"], brave: this.brave, maxTouchPoints: 0, platform: "",
        serviceWorker: {
          addEventListener: (type, listener) => (this.listeners[`worker ${type}`] = listener),
          register: async (url, { scope }) => (this.log.push(`register ${url} ${scope}`), this.#registration()),
          getRegistration: async () => this.#registration(),
          get ready() {
            throw new Error("ready never comes outside of the scope");
          },
        },
      },
    };
    Object.defineProperty(window.Notification, "permission", { get: () => this.permission });
    for (const name of this.missing) {
      delete window[name];
      delete window.navigator[name];
    }
    window.window = window;
    return window;
  }

  /** One of the snippet's lazy parts, which import nothing, in the page's own context. */
  #part(path) {
    if (this.broken.some((one) => one.test(path))) throw new TypeError(`error loading ${path}`);
    const part = importing(readFileSync(new URL(`${root}${path.replace(/[?].*/, "")}`), "utf8"));
    const names = [...part.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map(([, name]) => name);
    return vm.runInContext(`(() => {${part.replace(/^export /gm, "")}\nreturn { ${names} };\n})()`, this.window, { filename: path });
  }

  async #ask() {
    this.log.push("ask");
    await new Promise((resolve) => setTimeout(resolve, this.thinks));
    if (this.permission === "default") this.permission = this.answer;
    return this.permission;
  }

  async #fetch(url, { method, body } = {}) {
    if (this.files[url]) return new Response(JSON.stringify(this.files[url]));
    if (!url.startsWith("/api/")) return new Response(readFileSync(new URL(`${root}${url}`)));
    this.log.push(`${method} ${url}`);
    if (body) this.posted.push(JSON.parse(body));
    await null;
    if (this.status === 0) throw new TypeError("Failed to fetch");
    if (url === "/api/config") return new Response(JSON.stringify(this.config));
    const refusal = this.refusals.shift();
    if (refusal) return new Response(JSON.stringify({ error: { code: refusal.code, field: refusal.field } }), { status: refusal.status, headers: refusal.headers });
    if (/mine$/.test(url) || method === "PATCH") return new Response(JSON.stringify({ result: this.record }), { status: this.status });
    return new Response("{}", { status: this.status });
  }

  #registration() {
    const worker = { state: "installing", addEventListener: (_, look) => (worker.look = look) };
    setTimeout(() => {
      worker.state = this.workerState;
      worker.look?.();
    }, 1);
    const activated = () => {
      if (worker.state !== "activated") throw new DOMException("no active worker", "AbortError");
    };
    return {
      installing: worker,
      pushManager: {
        getSubscription: async () => this.subscription,
        subscribe: async ({ applicationServerKey }) => {
          activated();
          this.log.push("subscribe");
          if (this.subscribeTakes) await new Promise((resolve) => setTimeout(resolve, this.subscribeTakes));
          const error = this.subscribeErrors.shift();
          if (error) throw new DOMException("what a visitor must not read", error);
          return this.subscribed(`https://push.example/${(this.endpoints += 1)}`, Buffer.from(applicationServerKey).toString("base64url"));
        },
      },
    };
  }
}

function element(name, dataset = {}) {
  return {
    hidden: false,
    textContent: "",
    dataset,
    setAttribute() {},
    closest: (selector) => (selector === `[data-lamppost-${name}]` ? {} : null),
    matches: (selector) => selector.includes(`[data-lamppost-${name}]`),
  };
}
