// The subscription itself: made at the browser, told to the server, healed when something was lost. Loaded by
// lamppost.js when notifications are turned on, and on the visits of those who have them; `core` is what it lends.
const SCOPE = "/push/";
const DAY = 24 * 3600 * 1000;

const decoded = (key) => Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

// Not every browser tells the key.
function hasKey(subscription, key) {
  const own = subscription.options?.applicationServerKey;
  return !own || String(new Uint8Array(own)) === String(decoded(key));
}

// Pages lie outside of the scope, where navigator.serviceWorker.ready never comes.
function activated(Trouble) {
  return new Promise((resolve, reject) => {
    const slow = new Trouble("granted-off", "slow");
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

/**
 * Makes or mends it and tells the server. `outdated` is asked on the way: whether the visitor has pressed something
 * meanwhile, who then has the last word. Rejects with a Trouble, or with what the browser said.
 */
export async function renewed({ Trouble, configuration, kept, keep, save }, topics, outdated = () => false) {
  const site = await configuration();
  const key = site.vapid_public_key;
  // For the worker, which has no time to ask at a click.
  const cache = await window.caches?.open("lamppost").catch(() => null);
  await cache?.put("/api/config", new Response(JSON.stringify(site)));
  const { pushManager } = await activated(Trouble);
  const options = { userVisibleOnly: true, applicationServerKey: decoded(key) };
  let replaces;
  const clear = async (old) => {
    replaces = old?.endpoint;
    if (replaces) keep({ endpoint: replaces, at: 0 });
    await old?.unsubscribe();
  };

  let subscription = await pushManager.getSubscription();
  if (outdated()) return;
  const first = !subscription && !kept().endpoint;
  if (subscription && !hasKey(subscription, key)) {
    await clear(subscription);
    subscription = null;
  }
  subscription ??= await pushManager.subscribe(options).catch(async (error) => {
    if (error.name !== "InvalidStateError") throw error;
    await clear(await pushManager.getSubscription());
    return pushManager.subscribe(options);
  });
  if (first && site.topics?.length) topics ??= site.topics.filter((one) => one.default).map((one) => one.name);
  if (outdated()) return;
  try {
    await save(subscription, replaces, topics);
  } catch (error) {
    if (error.key === "refused") await subscription.unsubscribe();
    else error.key = "later";
    throw error;
  }
}

/** Once a day, or when the address has changed, or the site's key. */
export async function resync(core) {
  const { request, configuration, current, kept, keep, tell } = core;
  const { endpoint, at, forget } = kept();
  if (forget) {
    await request("DELETE", "/api/push-subscriptions", { endpoint: forget });
    keep({ forget: undefined });
  }
  if (Notification.permission !== "granted") return;
  const subscription = await current();
  if (!subscription && !endpoint) return; // was not on before
  const fresh = subscription && subscription.endpoint === endpoint && Date.now() - at < DAY;
  if (fresh && !core.asked()) return; // a page without a button asks the server nothing
  const stale = subscription && !hasKey(subscription, (await configuration()).vapid_public_key);
  if (core.busy() || (fresh && !stale)) return;
  try {
    await renewed(core, undefined, () => core.busy() || kept().off);
  } catch (error) {
    if (stale) tell("stale-key");
    throw error;
  }
  await core.refresh();
}
