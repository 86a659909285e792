// The one thing that a headless Chromium lacks for the subscriber's side: a push service. Its PushManager is played
// at the edge of the page, with subscriptions of the push service of the test, which keeps their keys; worker,
// notifications and everything that Lamppost does stay real.

/** Runs ahead of a page's own scripts. What the browser holds outlives the page, as it does in truth. */
function play() {
  const kHeld = "the test's PushManager";
  const held = () => JSON.parse(localStorage.getItem(kHeld));
  const bytes = (key) => Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const subscription = ({ key, ...json }) => ({
    endpoint: json.endpoint,
    options: { userVisibleOnly: true, applicationServerKey: bytes(key).buffer },
    toJSON: () => json,
    async unsubscribe() {
      localStorage.removeItem(kHeld);
      await window.endSubscription(json.endpoint);
      return true;
    },
  });
  PushManager.prototype.getSubscription = async () => held() && subscription(held());
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const key = btoa(String.fromCharCode(...new Uint8Array(applicationServerKey)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    if (held() && held().key !== key) throw new DOMException("another key", "InvalidStateError");
    if (!held()) localStorage.setItem(kHeld, JSON.stringify({ ...(await window.makeSubscription(key)), key }));
    return subscription(held());
  };
}

/** Gives all pages of `context` (Playwright's) subscriptions of `service`. */
export async function lendPushManager(context, service) {
  await context.exposeFunction("makeSubscription", (vapidKey) => service.createSubscriptions(1, { vapidKey })[0]);
  await context.exposeFunction("endSubscription", (endpoint) => service.unsubscribe([endpoint]));
  await context.addInitScript(play);
}
