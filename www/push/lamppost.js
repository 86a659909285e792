/*
 * Lamppost's page snippet: <script src="/push/lamppost.js" defer></script>
 *
 * Asks for nothing by itself. The page marks what it wants to be used:
 *   <button type="button" data-lamppost-subscribe>    a press turns notifications on
 *   <button type="button" data-lamppost-unsubscribe>  a press turns them off
 *   <p role="status" data-lamppost-status>            says how things stand
 *   <div data-lamppost-when="blocked default" hidden> is there in these states only
 *
 * window.Lamppost
 *   .state()             one of the names in SAYS
 *   .subscribe()         call it from a click; resolves to the state, never rejects
 *   .unsubscribe()       likewise
 *   .on("change", fn)    fn(state, sentence); returns a function that ends it
 */
(() => {
  "use strict";
  if (window.Lamppost) return; // included twice

  const SCOPE = "/push/";
  const KEPT = "lamppost"; // localStorage: {endpoint, at: when it was sent, forget: an endpoint still to be deleted}
  const DAY = 24 * 3600 * 1000;
  const SAYS = {
    checking: "",
    unsupported: "This browser can’t receive notifications here. A private window never can.",
    insecure: "Notifications need a secure connection (https).",
    "ios-needs-install": "On iPhone and iPad, add this site to your Home Screen first, then open it from there.",
    default: "Notifications are off. When you turn them on, your browser asks you to allow them.",
    asking: "Your browser is asking you now. Choose “Allow”.",
    quieted: "Your browser is asking quietly: look for a bell in its address bar.",
    working: "One moment …",
    "granted-off": "Notifications are off. You can turn them on any time.",
    on: "Notifications are on. You can turn them off any time.",
    "stale-key": "Notifications need to be renewed. Press the button once more.",
    blocked: "Your browser blocks notifications from this site. You can allow them in its settings for this site.",
    "service-error": "Your browser can’t reach its push service. A firewall or a privacy setting may be in the way.",
    "site-error": "This site can’t set up notifications right now. Please try again in a moment.",
  };
  const BRAVE = "In Brave, first turn on “Use Google services for push messaging” in Settings, Privacy.";
  const DISMISSED = "You closed the question. Press the button whenever you like.";
  const SLOW = "Your browser took too long. Please reload the page and try again.";
  const REFUSED = "This site can’t send to your browser’s push service.";
  const HOPELESS = ["unsupported", "insecure", "ios-needs-install"];

  let state = "checking";
  let sentence = "";
  let running = null;
  let config = null; // the promise of GET /api/config
  const listeners = new Set();

  // ---- what is remembered between visits; without storage every visit is like the first

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) || {};
    } catch {
      return {};
    }
  }

  function keep(value) {
    try {
      localStorage.setItem(KEPT, JSON.stringify(value));
    } catch {
      // Full or forbidden.
    }
  }

  // ---- telling the page

  function tell(next, words = SAYS[next]) {
    const changed = next !== state || words !== sentence;
    [state, sentence] = [next, words];
    paint();
    if (changed) for (const listener of listeners) listener(state, sentence);
    return state;
  }

  function paint() {
    const each = (name, work) => document.querySelectorAll(`[data-lamppost-${name}]`).forEach(work);
    const focused = document.activeElement;
    const busy = String(Boolean(running));
    each("subscribe", (button) => {
      button.hidden = state === "on" || HOPELESS.includes(state);
      button.setAttribute("aria-busy", busy);
    });
    each("unsubscribe", (button) => {
      button.hidden = state !== "on";
      button.setAttribute("aria-busy", busy);
    });
    each("when", (part) => (part.hidden = !part.dataset.lamppostWhen.split(/\s+/).includes(state)));
    each("status", (status) => {
      if (status.textContent !== sentence) status.textContent = sentence;
      status.dataset.state = state;
    });
    // A button that vanishes under the finger hands its focus to its counterpart.
    if (focused?.hidden && focused.matches("[data-lamppost-subscribe], [data-lamppost-unsubscribe]")) {
      document.querySelector(`[data-lamppost-${state === "on" ? "un" : ""}subscribe]:not([hidden])`)?.focus();
    }
  }

  // ---- the server

  /** A failure with the state and the sentence that it leads to. */
  class Trouble extends Error {
    constructor(state, words) {
      super(state);
      Object.assign(this, { state, words });
    }
  }

  async function request(method, path, body) {
    let answer;
    try {
      answer = await fetch(path, {
        method,
        keepalive: method === "DELETE",
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body && JSON.stringify(body),
        signal: window.AbortSignal?.timeout?.(15000),
      });
    } catch {
      throw new Trouble("site-error");
    }
    if (answer.ok) return answer;
    // Nothing is wrong with the browser when the site is busy, away or fenced off.
    throw [400, 413, 415, 422].includes(answer.status) ? new Trouble("service-error", REFUSED) : new Trouble("site-error");
  }

  /** The site's configuration, fetched once; a failure is not remembered. */
  function configuration() {
    config ??= request("GET", "/api/config").then((answer) => answer.json());
    config.catch(() => (config = null));
    return config;
  }

  async function save(subscription, replaces) {
    const { endpoint } = subscription;
    replaces ??= kept().endpoint || kept().forget;
    await request("POST", "/api/push-subscriptions", {
      subscription: subscription.toJSON(),
      language: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(replaces && replaces !== endpoint && { replaces }),
    });
    keep({ endpoint, at: Date.now() });
  }

  // ---- the browser

  function isAppleTouch() {
    return /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
  }

  /** The state that needs no asking around, or undefined. */
  function obstacle() {
    if (!isSecureContext) return "insecure";
    if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return undefined;
    const installed = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
    return isAppleTouch() && !installed ? "ios-needs-install" : "unsupported";
  }

  const decoded = (key) => Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  // A browser that does not tell the key gets the benefit of the doubt.
  function hasKey(subscription, key) {
    const own = subscription.options?.applicationServerKey;
    return !own || String(new Uint8Array(own)) === String(decoded(key));
  }

  // Pages lie outside of the scope, where navigator.serviceWorker.ready never comes: this registration counts.
  function activated() {
    return new Promise((resolve, reject) => {
      const slow = new Trouble("granted-off", SLOW);
      setTimeout(reject, 10000, slow);
      navigator.serviceWorker.register(`${SCOPE}sw.js`, { scope: SCOPE }).then((registration) => {
        const worker = registration.active || registration.waiting || registration.installing;
        const look = () => {
          if (worker.state === "activated") resolve(registration);
          if (worker.state === "redundant") reject(slow);
        };
        worker.addEventListener("statechange", look);
        look();
      }, reject);
    });
  }

  /** A saved subscription with the server's key; one with another key gives way. */
  async function renewed() {
    const site = await configuration();
    const key = site.vapid_public_key;
    // For the worker, which may not ask the network when it needs the list of click targets.
    const cache = await window.caches?.open("lamppost").catch(() => null);
    await cache?.put("/api/config", new Response(JSON.stringify(site)));
    const { pushManager } = await activated();
    const options = { userVisibleOnly: true, applicationServerKey: decoded(key) };
    let replaces;
    const clear = async (old) => {
      replaces = old?.endpoint;
      await old?.unsubscribe();
    };

    let subscription = await pushManager.getSubscription();
    if (subscription && !hasKey(subscription, key)) {
      await clear(subscription);
      subscription = null;
    }
    subscription ??= await pushManager.subscribe(options).catch(async (error) => {
      if (error.name !== "InvalidStateError") throw error;
      await clear(await pushManager.getSubscription());
      return pushManager.subscribe(options);
    });
    try {
      await save(subscription, replaces);
    } catch (error) {
      if (error.words === REFUSED) await subscription.unsubscribe();
      throw error;
    }
  }

  const current = async () => (await navigator.serviceWorker.getRegistration(SCOPE))?.pushManager.getSubscription();

  /** Finds out how things stand; touches neither the server nor the visitor. */
  async function look() {
    const found = obstacle();
    if (found) return found;
    if (Notification.permission === "denied") return "blocked";
    if (Notification.permission !== "granted") return "default";
    return (await current().catch(() => null)) ? "on" : "granted-off";
  }

  async function refresh() {
    const found = await look();
    if (!running && found !== state) tell(found);
  }

  // ---- what the visitor or the visit sets going

  // Raw exceptions are for the owner's console; the visitor gets a sentence.
  async function explain(error) {
    if (error instanceof Trouble) return tell(error.state, error.words);
    console.warn("Lamppost:", error);
    if (error.name === "NotAllowedError" && Notification.permission !== "granted") return tell(await look());
    if (!["NotAllowedError", "AbortError", "NetworkError"].includes(error.name)) return tell("site-error");
    return tell("service-error", navigator.brave ? BRAVE : SAYS["service-error"]);
  }

  async function turnOn() {
    const found = obstacle();
    if (found) return tell(found);
    // First of all, and nothing before it: Safari forgets the click at the first wait.
    const answer = Notification.requestPermission();
    if (Notification.permission === "default") tell("asking");
    const quiet = setTimeout(tell, 5000, "quieted");
    const permission = await answer.finally(() => clearTimeout(quiet));
    if (permission === "default") return tell("default", DISMISSED);
    if (permission !== "granted") return tell("blocked");
    tell("working");
    // Chromium waits for ever for a push service that it can't reach. If it gets there late: so much the better.
    const late = new Promise((_, reject) => setTimeout(reject, 20000, new Trouble("service-error")));
    return Promise.race([renewed().then(() => tell("on")), late]);
  }

  async function turnOff() {
    const subscription = obstacle() ? null : await current();
    if (!subscription) return tell(await look());
    tell("working");
    const { endpoint } = subscription;
    // The server first, as long as we know the address; if it is away, the next visit tells it.
    const forget = await request("DELETE", "/api/push-subscriptions", { endpoint }).then(() => undefined, () => endpoint);
    await subscription.unsubscribe();
    keep({ forget });
    return tell(await look());
  }

  // One thing at a time: a second press joins the first.
  function run(work) {
    running ??= work()
      .catch(explain)
      .finally(() => {
        running = null;
        paint();
      });
    return running;
  }

  /** Once a day, or when the browser has changed its address: heals what was lost, without a word. */
  async function resync() {
    const { endpoint, at, forget } = kept();
    if (forget) {
      await request("DELETE", "/api/push-subscriptions", { endpoint: forget });
      keep({});
    }
    if (Notification.permission !== "granted") return;
    const subscription = await current();
    if (!subscription && !endpoint) return; // was not on before
    const fresh = subscription && subscription.endpoint === endpoint && Date.now() - at < DAY;
    if (fresh && !config) return; // a page without a button asks the server nothing
    const stale = subscription && !hasKey(subscription, (await configuration()).vapid_public_key);
    if (running || (fresh && !stale)) return;
    try {
      await renewed();
    } catch (error) {
      if (stale) tell("stale-key");
      throw error;
    }
    await refresh();
  }

  // ---- the page

  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-lamppost-subscribe]")) run(turnOn);
    if (target.closest?.("[data-lamppost-unsubscribe]")) run(turnOff);
  });

  window.Lamppost = Object.freeze({
    state: () => state,
    subscribe: () => run(turnOn),
    unsubscribe: () => run(turnOff),
    on(event, listener) {
      if (event !== "change") throw new TypeError(`Lamppost.on: there is no event "${event}", only "change"`);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });

  refresh();
  if (obstacle() === "insecure") console.warn(`Lamppost: ${SAYS.insecure}`);
  if (!obstacle()) {
    // Fetched before the click, so that nothing stands between the click and the browser's question.
    // What fails here is said at the click, or tried again on the next visit.
    if (document.querySelector("[data-lamppost-subscribe]")) configuration().catch(() => {});
    navigator.permissions?.query({ name: "notifications" }).then((status) => (status.onchange = refresh), () => {});
    const idle = () => (window.requestIdleCallback || setTimeout)(() => resync().catch(() => {}));
    if (document.readyState === "complete") idle();
    else addEventListener("load", idle);
  }
})();
