// Lamppost's page snippet: <script src="/push/lamppost.js" defer></script>. Asks for nothing by itself.
// README.md beside it says what a page can say to it and ask of it.
(() => {
  "use strict";
  if (window.Lamppost) return; // included twice

  const SCOPE = "/push/";
  const API = "/api/push-subscriptions";
  // {endpoint, at, user: sent when and for whom; language, timezone: chosen; off: by the visitor}
  // and, still to be sent, {forget: an endpoint to delete, topics, patch}
  const KEPT = "lamppost";
  const SAYS = { // rarer sentences are in i18n/en.json only
    checking: "",
    unsupported: "This browser can’t receive notifications here.",
    insecure: "Notifications need a secure connection (https).",
    "ios-needs-install": "On iPhone and iPad, add this site to your Home Screen first, then open it from there.",
    default: "Notifications are off. When you turn them on, your browser asks you to allow them.",
    asking: "Your browser is asking you now. Choose “Allow”.",
    working: "One moment …",
    "granted-off": "Notifications are off. You can turn them on any time.",
    on: "Notifications are on. You can turn them off any time.",
    blocked: "Your browser blocks notifications from this site. You can allow them in its settings for this site.",
    "service-error": "Your browser can’t reach its push service. A firewall or a privacy setting may be in the way.",
    "site-error": "This site can’t set up notifications right now. Please try again in a moment.",
  };
  const LANGUAGES = ["en", "de", "es", "fr", "pt", "ar"];
  const HOPELESS = ["unsupported", "private", "insecure", "ios-needs-install"];

  const options = document.currentScript?.dataset || {};
  const [hindrance, why] = hindered();
  const texts = {};
  const lang = [].concat(options.locale === "auto" ? navigator.languages : options.locale || document.documentElement.lang)
    .map((one) => one.toLowerCase().split("-")[0])
    .find((one) => LANGUAGES.includes(one)) || "en";
  const dir = lang === "ar" ? "rtl" : "ltr";
  let state = "checking";
  let spoken = state; // the key of the sentence
  let sentence = "";
  let user; // {id, signature}
  let loading; // the promise of the texts
  let running = null; // the promise of what was pressed
  let last = Promise.resolve(); // of what is done in turn
  let config = null; // the promise of GET /api/config
  const listeners = new Set();

  // ---- memory; without storage every visit is the first

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) || {};
    } catch {
      return {};
    }
  }

  function keep(changes, past = kept()) {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ ...past, ...changes }));
    } catch {
      // Full or forbidden.
    }
  }

  // ---- telling the page

  const find = (key) => texts[key] ?? SAYS[key.slice(6)];
  const text = (key, values) => (find(key) ?? key).replace(/{(\w+)}/g, (_, name) => values[name]);

  // English stands where the others have nothing.
  function load() {
    const own = options.texts || [];
    const files = ["en", lang].map((one) => `${SCOPE}i18n/${one}.json`).concat(own);
    loading ??= Promise.all(files.map((file) => fetch(file).then((answer) => answer.json()).catch(() => ({}))))
      .then((parts) => {
        Object.assign(texts, ...parts, parts[2]?.[lang]);
        tell(state, spoken);
      });
    return loading;
  }

  function tell(next, key = (next === hindrance && why) || next) {
    const words = find(`state.${key}`) ?? (load(), SAYS[next] ?? "");
    const changed = next !== state || words !== sentence;
    [state, spoken, sentence] = [next, key, words];
    paint();
    if (changed) for (const listener of listeners) listener(state, sentence);
    return state;
  }

  function paint() {
    const each = (name, work) => document.querySelectorAll(`[data-lamppost-${name}]`).forEach(work);
    const focused = document.activeElement;
    const show = (name, shown) => each(name, (button) => {
      button.hidden = !shown;
      button.setAttribute("aria-busy", String(Boolean(running)));
    });
    show("subscribe", state !== "on" && !HOPELESS.includes(state));
    show("unsubscribe", state === "on");
    each("when", (part) => (part.hidden = !part.dataset.lamppostWhen.split(/\s+/).includes(state)));
    each("status", (status) => {
      if (status.textContent !== sentence) status.textContent = sentence;
      status.dataset.state = state;
      Object.assign(status, { lang, dir });
    });
    // A button that vanishes hands its focus to its counterpart.
    if (focused?.hidden && focused.matches("[data-lamppost-subscribe], [data-lamppost-unsubscribe]")) {
      document.querySelector(`[data-lamppost-${state === "on" ? "un" : ""}subscribe]:not([hidden])`)?.focus();
    }
  }

  // ---- the server

  class Trouble extends Error {
    constructor(state, key = state, more) {
      super(key);
      Object.assign(this, { state, key }, more);
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
    const { status } = answer;
    if (answer.ok) return answer;
    const { error } = await answer.json().catch(() => ({}));
    const more = { status, code: error?.code, field: error?.field, retryAfter: answer.headers.get("Retry-After") };
    // Nothing is wrong with the browser when the site is busy, away or fenced off.
    const refused = [400, 413, 415, 422].includes(status);
    throw new Trouble(refused ? "service-error" : "site-error", refused ? "refused" : "site-error", more);
  }

  // A failure is not remembered.
  function configuration() {
    config ??= request("GET", "/api/config").then((answer) => answer.json());
    config.catch(() => (config = null));
    return config;
  }

  async function save(subscription, replaces, topics) {
    const { endpoint } = subscription;
    const past = kept();
    replaces ??= past.endpoint || past.forget;
    topics ??= past.topics;
    const body = {
      subscription: subscription.toJSON(),
      language: past.language || navigator.language,
      timezone: past.timezone || Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(replaces && replaces !== endpoint && { replaces }),
      topics,
      user,
    };
    keep({ topics });
    const { status } = await request("POST", API, body).catch((error) => {
      if (!/^(user|topics)/.test(error.field)) throw error;
      // The owner's mistake must not cost the visitor.
      console.warn("Lamppost:", error.code, error.field);
      user = undefined;
      return request("POST", API, { ...body, user, topics: undefined });
    });
    // New to the server: it may know of nobody.
    const known = status === 201 ? undefined : past.user;
    keep({ endpoint, at: Date.now(), user: user?.id ?? known, topics: undefined, forget: undefined, off: undefined });
  }

  // ---- the browser

  /** The state that no press can change, if any, and a sentence of its own. */
  function hindered() {
    if (!isSecureContext) return ["insecure"];
    if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return [];
    const agent = navigator.userAgent;
    const apple = /iP(hone|ad|od)/.test(agent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
    if (/FBA[NV]|Instagram|Line\/|Snapchat|TikTok|LinkedInApp|; wv\)/.test(agent)) return [apple ? "ios-needs-install" : "unsupported", "in-app"];
    if (apple && !navigator.standalone && !matchMedia("(display-mode: standalone)").matches) {
      const [, major, minor] = agent.match(/(?:OS |Version\/)(\d+)[._](\d+)/) || [0, 99, 0];
      return major * 100 + +minor < 1604 ? ["unsupported", "ios-old"] : ["ios-needs-install"];
    }
    return ["PushManager" in window ? "private" : "unsupported"];
  }

  const current = async () => (await navigator.serviceWorker.getRegistration(SCOPE))?.pushManager.getSubscription();

  async function look() {
    if (hindrance) return hindrance;
    if (Notification.permission === "denied") return "blocked";
    if (Notification.permission !== "granted") return "default";
    return (await current().catch(() => null)) ? "on" : "granted-off";
  }

  const refresh = () => look().then((found) => !running && found !== state && tell(found));

  // ---- on and off

  // What saves by itself and what ends it, one after the other: nothing is saved again after its end.
  function inTurn(work) {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  }

  async function explain(error) {
    if (error instanceof Trouble) return tell(error.state, error.key);
    console.warn("Lamppost:", error);
    if (error.name === "NotAllowedError" && Notification.permission !== "granted") return tell(await look());
    if (error.name === "SecurityError") return tell("private");
    if (!["NotAllowedError", "AbortError", "NetworkError"].includes(error.name)) return tell("site-error");
    return tell("service-error", navigator.brave ? "brave" : "service-error");
  }

  async function turnOn(topics) {
    if (hindrance) return tell(hindrance);
    // First of all: Safari forgets the click at the first wait.
    const answer = Notification.requestPermission();
    load();
    part("subscription").catch(() => {}); // comes while the browser asks
    if (Notification.permission === "default") tell("asking");
    const quiet = setTimeout(tell, 5000, "quieted");
    const permission = await answer.finally(() => clearTimeout(quiet));
    if (permission === "default") return tell("default", "dismissed");
    if (permission !== "granted") return tell("blocked");
    tell("working");
    // Chromium waits for ever for a push service that it can't reach; late is still good.
    const late = new Promise((_, reject) => setTimeout(reject, 20000, new Trouble("service-error")));
    return Promise.race([subscription("renewed", topics).then(() => tell("on")), late]);
  }

  const turnOff = () => inTurn(async () => {
    const subscription = hindrance ? null : await current();
    if (!subscription) return tell(await look());
    tell("working");
    const { endpoint } = subscription;
    // If the server is away, the next visit tells it.
    const forget = await request("DELETE", API, { endpoint }).then(() => undefined, () => endpoint);
    await subscription.unsubscribe();
    keep({ forget, off: true }, {});
    return tell(await look());
  });

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

  // ---- what is loaded when it is needed

  // A browser may remember that a module did not load: another address asks anew.
  const part = (name) => import(`${SCOPE}${name}.js`).catch(() => import(`${SCOPE}${name}.js?${Date.now()}`));
  const core = { Trouble, request, configuration, current, save, kept, keep, look, refresh, tell, load, text,
    state: () => state, busy: () => running, inTurn, asked: () => config };
  const subscription = (name, topics) => part("subscription").then((module) => module[name](core, topics));
  const record = (name, changes) => part("record").then((module) => module[name](core, changes));

  /** Sends what could not be sent, and mends the subscription of whoever may have one; without a word. */
  const heal = () => inTurn(async () => {
    const { patch, forget } = kept();
    if (patch) record("update").catch(() => {}); // refused: dropped
    if (forget || Notification.permission === "granted") await subscription("resync");
  }).catch(() => {});

  function identify(id, signature) {
    user = id ? { id, signature } : undefined;
    return inTurn(async () => {
      const subscription = !hindrance && user && (await current());
      if (!subscription || kept().user === id) return Boolean(subscription);
      return save(subscription).then(() => Boolean(user), () => false);
    });
  }

  // ---- the page

  function ticked() {
    const boxes = [...document.querySelectorAll("[data-lamppost-topic]")];
    return boxes[0] && boxes.filter((box) => box.checked).map((box) => box.value);
  }

  const subscribe = (wish) => run(() => turnOn(wish?.topics || ticked()));

  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-lamppost-subscribe]")) subscribe();
    if (target.closest?.("[data-lamppost-unsubscribe]")) run(turnOff);
  });

  window.Lamppost = Object.freeze({
    state: () => state,
    subscribe,
    unsubscribe: () => run(turnOff),
    identify,
    on(event, listener) {
      if (event !== "change") throw new TypeError(`Lamppost.on: there is no event "${event}", only "change"`);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    config: configuration,
    get ready() {
      return load();
    },
    text, lang, dir, paint,
    mine: () => record("mine"),
    update: (changes) => record("update", changes),
    test: () => record("test"),
    erase: () => record("erase"),
    eraseDevices: () => record("eraseDevices"),
  });

  refresh();
  if (hindrance === "insecure") return console.warn(`Lamppost: ${SAYS.insecure}`);
  const shows = (names) => document.querySelector(names);
  if ((lang !== "en" || options.texts) && shows("[data-lamppost-status]")) load();
  const ui = () => Promise.all([part("ui"), configuration().catch(() => {})]).then(([module]) => module.start(options));
  // Where push can't be had, the page's own words stay.
  const possible = !hindrance || hindrance === "ios-needs-install";
  const placeholder = possible && shows("[data-lamppost], [data-lamppost-topics]");
  if (placeholder) ui();
  const idle = () => (window.requestIdleCallback || setTimeout)(() => {
    if (possible && !placeholder && /bell|banner/.test(options.mode)) ui();
    if (!hindrance) heal();
  });
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle);
  if (hindrance) return undefined;
  // Before the click, so that nothing stands between it and the browser's question; what fails is said there.
  if (shows("[data-lamppost-subscribe]")) configuration().catch(() => {});
  navigator.permissions?.query({ name: "notifications" }).then((status) => (status.onchange = refresh), () => {});
  // A click: does this tab go there?
  navigator.serviceWorker.addEventListener("message", ({ data, ports: [port] }) => {
    if (!port || !data?.navigate) return; // another worker's
    port.onmessage = () => (window.location = data.navigate);
    port.postMessage(1);
  });
  addEventListener("online", heal);
  addEventListener("storage", ({ key }) => key === KEPT && refresh()); // another tab has changed it
})();
