// Shows what is pushed (a declarative message, {"title","body"}, raw text; something in any case, or
// browsers take the permission away) and opens what is clicked.
"use strict";

const CONFIG = "/api/config";
const HOME = `${location.origin}/`;
// Ignores `tag`: a repeat would stand there twice.
const WEBKIT = /AppleWebKit/.test(navigator.userAgent) && !/Chrome\//.test(navigator.userAgent);

const KNOWN = {
  string: ["body", "lang", "tag", "icon", "image", "badge"],
  boolean: ["silent", "renotify", "requireInteraction"],
  number: ["timestamp"],
};

const isObject = (value) => Object(value) === value && !Array.isArray(value);
const isText = (value) => typeof value === "string" && value.trim() !== "";
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const on = (type, work) => self.addEventListener(type, (event) => event.waitUntil(work(event)));
on("install", () => self.skipWaiting());
// Pages wait for this.
on("activate", () => Promise.race([refreshConfig(), pause(3000)]));
on("push", show);
on("notificationclick", ({ notification, action }) => {
  notification.close();
  navigator.clearAppBadge?.().catch(() => {});
  const { data } = notification;
  return open(data, action).finally(() => report(data, "clicked", action));
});
on("notificationclose", ({ notification }) => report(notification.data, "closed"));
on("pushsubscriptionchange", renew);

async function show({ data, notification }) {
  // "mutable": without data in Safari.
  const message = (!data && notification) || read(data);
  const id = isObject(message.data) && /^[\w-]{1,64}$/.test(message.data.id) ? message.data.id : "";
  // A broken database must not cost the notification.
  const seen = id && (await Promise.race([remember(id), pause(2000)]).catch(() => ""));
  if (seen === "skip") return;
  const title = isText(message.title) ? message.title : (await keptConfig()).site || location.host;
  const options = optionsOf(message, id);
  if (notification) options.navigate = message.navigate || HOME; // or it throws
  if (seen === "repeat") Object.assign(options, { silent: true, renotify: false });
  try {
    await registration.showNotification(title, options);
  } catch {
    // An option is refused: the words alone.
    const { body, data, navigate } = options;
    await registration.showNotification(title, { body, data, navigate }).catch(console.error);
  }
  // crbug.com/378103918
  const agent = navigator.userAgentData;
  if (agent?.platform === "macOS" && agent.brands.some(({ brand }) => brand === "Chromium")) await pause(1000);
  // Not all at once.
  if (WEBKIT || seen === "repeat" || !options.data.report) return;
  await pause(Math.random() * 25000);
  await report(options.data, "shown");
}

function read(data) {
  let text = "";
  try {
    text = data.text();
    const json = JSON.parse(text);
    if (isObject(json)) return isObject(json.notification) ? json.notification : json;
    if (typeof json === "object") return {};
  } catch {
    // None, or not JSON.
  }
  return isText(text) && !/[\0-\x08\uFFFD]/.test(text) ? { title: "Untitled", body: text } : {};
}

function optionsOf(message, id) {
  const options = {};
  for (const type in KNOWN)
    for (const name of KNOWN[type]) if (message[name] && typeof message[name] === type) options[name] = message[name];
  if (["auto", "ltr", "rtl"].includes(message.dir)) options.dir = message.dir;
  if (!options.tag && id) options.tag = id;
  if (!options.tag) delete options.renotify;
  if (!isText(message.title) && !options.body) options.body = "There is something new for you.";

  const actions = [].concat(message.actions).filter((one) => isText(one?.title)).slice(0, 2);
  if (actions.length) options.actions = actions.map(({ title }, i) => ({ action: `${i}`, title }));
  const { navigate, data } = message;
  options.data = { id, navigate, links: actions.map((one) => one.navigate), report: id && data.report === true };
  return options;
}

// "" is new; "repeat" replaces silently; "skip" only in WebKit, never twice in a row: three silent pushes
// end a subscription. One transaction: of two events only one finds an id new.
function remember(id) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("lamppost");
    opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("kept", "readwrite");
      const kept = transaction.objectStore("kept");
      let verdict = "";
      kept.get("seen").onsuccess = ({ target }) => {
        const { ids, skipped } = target.result || { ids: [] };
        if (!ids.includes(id)) ids.push(id);
        else verdict = WEBKIT && !skipped ? "skip" : "repeat";
        kept.put({ ids: ids.slice(-200), skipped: verdict === "skip" }, "seen");
      };
      transaction.oncomplete = () => resolve(verdict);
      transaction.onabort = () => reject(transaction.error);
      opening.result.close();
    };
  });
}

async function open(data, action) {
  const url = await safe((action && data?.links?.[action]) || data?.navigate);
  const tabs = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = tabs.find((tab) => tab.url === url);
  if (same) return same.focus();
  // The last tab, if its snippet answers (one focus() or openWindow() a click). "?" leads elsewhere.
  if (tabs[0] && url.startsWith(HOME) && !url.endsWith("?")) {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((done) => (port1.onmessage = done));
    tabs[0].postMessage({ navigate: url }, [port2]);
    if (await Promise.race([answer, pause(300)])) {
      await tabs[0].focus();
      return port1.postMessage("go");
    }
  }
  return clients.openWindow(url);
}

// Ours, or listed and https; else "/". No network: Safari opens at once or never.
async function safe(link) {
  try {
    const url = new URL(isText(link) ? link : HOME, HOME);
    // blob: URLs have our origin.
    if (url.origin === location.origin && url.protocol === location.protocol) return url.href;
    const listed = [].concat((await keptConfig()).click_origins);
    if (url.protocol === "https:" && listed.includes(url.origin)) return url.href;
  } catch {
    // Not a URL.
  }
  return HOME;
}

const refreshConfig = () =>
  fetch(CONFIG).then(async (answer) => answer.ok && (await caches.open("lamppost")).put(CONFIG, answer)).catch(() => {});
const keptConfig = () => caches.match(CONFIG).then((answer) => answer.json()).then(Object).catch(() => ({}));

const post = (path, json) =>
  fetch(path, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(json),
  });

async function report(data, event, action) {
  if (data?.report) await post("/api/events", { id: data.id, event, action: action || undefined }).catch(() => {});
}

// What fails here heals on the next visit.
async function renew({ oldSubscription, newSubscription }) {
  await refreshConfig();
  const applicationServerKey =
    (await keptConfig()).vapid_public_key || oldSubscription?.options?.applicationServerKey;
  const subscription =
    newSubscription ||
    (await registration.pushManager.getSubscription()) ||
    (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  await post("/api/push-subscriptions", {
    subscription,
    language: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    replaces: oldSubscription?.endpoint,
  });
}
