// Lamppost's service worker: shows what is pushed, opens what is clicked. It takes our payload (a
// Declarative Web Push message), plain {"title","body"} and raw text. Whatever comes, something is
// shown: browsers take the permission from sites whose pushes show nothing.
"use strict";

const CONFIG = "/api/config";
// WebKit ignores `tag`: a repeated notification would stand there twice.
const WEBKIT = /AppleWebKit/.test(navigator.userAgent) && !/Chrome\//.test(navigator.userAgent);

const KNOWN = {
  body: "string", lang: "string", tag: "string", icon: "string", image: "string", badge: "string",
  silent: "boolean", renotify: "boolean", requireInteraction: "boolean", timestamp: "number",
};

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string" && value.trim() !== "";
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

self.addEventListener("install", () => self.skipWaiting());
// The page waits for activation: a slow server must not hold it up.
self.addEventListener("activate", (event) => event.waitUntil(Promise.race([refreshConfig(), pause(3000)])));
self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data, event.action));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function show(data) {
  const message = read(data);
  const id = isObject(message.data) && /^[\w-]{1,64}$/.test(message.data.id) ? message.data.id : "";
  // A database that is broken or hangs must not cost the notification.
  const seen = id && (await Promise.race([remember(id), pause(2000)]).catch(() => ""));
  if (seen === "skip") return;
  const title = isText(message.title) ? message.title : await siteName();
  const options = optionsOf(message, id);
  if (seen === "repeat") Object.assign(options, { silent: true, renotify: false });
  try {
    await registration.showNotification(title, options);
  } catch {
    // An option that this browser refuses: the words alone.
    await registration.showNotification(title, { body: options.body, data: options.data }).catch(console.error);
  }
  // Chromium on macOS adds a notification of its own when the event ends at once (crbug.com/378103918).
  const agent = navigator.userAgentData;
  if (agent?.platform === "macOS" && agent.brands.some(({ brand }) => brand === "Chromium")) await pause(1000);
}

function read(data) {
  let text = "";
  try {
    text = data.text();
    const json = JSON.parse(text);
    if (isObject(json)) return isObject(json.notification) ? json.notification : json;
    if (typeof json === "object") return {};
  } catch {
    // No payload, or not JSON.
  }
  // Control characters and U+FFFD: bytes that nobody meant to be read.
  return isText(text) && !/[\0-\x08\uFFFD]/.test(text) ? { title: "Untitled", body: text } : {};
}

function optionsOf(message, id) {
  const options = {};
  for (const name in KNOWN) if (message[name] && typeof message[name] === KNOWN[name]) options[name] = message[name];
  if (["auto", "ltr", "rtl"].includes(message.dir)) options.dir = message.dir;
  if (!options.tag && id) options.tag = id;
  if (!options.tag) delete options.renotify; // a TypeError without a tag
  if (!isText(message.title) && !options.body) options.body = "There is something new for you.";

  const actions = Array.isArray(message.actions) ? message.actions.filter((one) => isText(one?.title)).slice(0, 2) : [];
  if (actions.length) options.actions = actions.map(({ title }, i) => ({ action: `${i}`, title }));
  options.data = { id, navigate: message.navigate, links: actions.map((one) => one.navigate) };
  return options;
}

// What to do with an id: "" show it, "repeat" show it again without a sound (the same tag replaces
// it), "skip" it on WebKit, yet never twice in a row: three silent pushes end a subscription there.
// One read-write transaction, so that two events at once cannot both find the id new.
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
      opening.result.close(); // takes effect after the transaction
    };
  });
}

async function open(data, action) {
  const url = await safe((action && data?.links?.[action]) || data?.navigate);
  for (const tab of await clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (tab.url === url) return tab.focus();
  }
  return clients.openWindow(url);
}

// Our own origin always; a foreign one only by https and when the site lists it; anything else: "/".
// No network here: Safari lets openWindow through only right after the click.
async function safe(link) {
  const home = `${location.origin}/`;
  try {
    const url = new URL(isText(link) ? link : home, home);
    // The scheme too: blob: URLs carry our origin.
    if (url.origin === location.origin && url.protocol === location.protocol) return url.href;
    const listed = [].concat((await keptConfig()).click_origins);
    if (url.protocol === "https:" && listed.includes(url.origin)) return url.href;
  } catch {
    // Not a URL.
  }
  return home;
}

async function refreshConfig() {
  try {
    const answer = await fetch(CONFIG);
    if (answer.ok) await (await caches.open("lamppost")).put(CONFIG, answer);
  } catch {
    // Offline: what was kept stays.
  }
}

async function keptConfig() {
  try {
    return Object(await (await caches.match(CONFIG)).json());
  } catch {
    return {};
  }
}

async function siteName() {
  const { site } = await keptConfig();
  return isText(site) ? site : location.host;
}

// The browser has replaced our address. What fails here heals on the next visit.
async function renew({ oldSubscription, newSubscription }) {
  await refreshConfig();
  const applicationServerKey =
    (await keptConfig()).vapid_public_key || oldSubscription?.options?.applicationServerKey;
  const subscription =
    newSubscription ||
    (await registration.pushManager.getSubscription()) ||
    (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  await fetch("/api/push-subscriptions", {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      subscription,
      language: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      replaces: oldSubscription?.endpoint,
    }),
  });
}
