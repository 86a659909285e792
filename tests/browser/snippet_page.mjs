// A page of some site that carries the snippet, in Chromium, behind the real nginx and its content security policy.
// The page itself and the answers of the API that a test names are made up; the snippet, its parts, the worker are real.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kHeaders = readFileSync(new URL("../../nginx/snippets/security-headers.conf", import.meta.url), "utf8");
const kPolicy = kHeaders.match(/Content-Security-Policy "([^"]+)"/)[1];

export const kSite = {
  vapid_public_key: Buffer.alloc(65, 4).toString("base64url"),
  site: "The Lamppost",
  topics: [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport", default: false }],
};
export const kRecord = { topics: ["sport"], language: "en", timezone: "Europe/Vienna", pause_until: null, quiet_hours: null, user: null, devices: 1, recent: [] };

/** What the browser is to be, before any script of the page runs. Chromium itself has no push service here. */
function become({ permission = "default", answer = "granted", thinks = 0, key = null, subscribeError, missing = [], insecure }) {
  window.asked = [];
  const state = { permission };
  const subscription = (owner) => ({
    endpoint: `https://push.example/${owner}`,
    options: { applicationServerKey: new Uint8Array(65).fill(owner).buffer },
    toJSON: () => ({ endpoint: `https://push.example/${owner}`, keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: async () => { state.subscription = null; return true; },
  });
  state.subscription = key && subscription(key);
  Object.defineProperty(Notification, "permission", { get: () => state.permission });
  Notification.requestPermission = () => {
    window.asked.push("requestPermission");
    return new Promise((done) => {
      setTimeout(() => {
        if (state.permission === "default") state.permission = answer;
        done(state.permission);
      }, thinks);
    });
  };
  PushManager.prototype.getSubscription = async () => state.subscription;
  PushManager.prototype.subscribe = async () => {
    window.asked.push("subscribe");
    if (subscribeError) throw new DOMException("Registration failed", subscribeError);
    state.subscription = subscription(4);
    return state.subscription;
  };
  // Whoever has a subscription has a worker.
  if (key) ServiceWorkerContainer.prototype.getRegistration = async () => ({ pushManager: Object.create(PushManager.prototype) });
  for (const name of missing) {
    delete window[name];
    delete Navigator.prototype[name];
  }
  if (insecure) Object.defineProperty(window, "isSecureContext", { value: false });
}

const kPage = (attributes, body, lang) => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<script src="/push/lamppost.js" defer ${attributes}></script></head>
<body><main tabindex="-1"><h1>News</h1><p>Some words.</p>${body}</main></body></html>`;

/**
 * Opens the page. attributes: of the script; body: HTML; visitor: see become(); agent: user agent; api: answers by
 * "METHOD /path" ({status, json}); path, lang: of the page; size, scheme: of the screen; kept: localStorage.
 * `page.called` lists the calls of the API, [method and path, body].
 */
export async function openSnippet(chromium, site, {
  attributes = "", body = "", visitor = {}, agent, api = {}, path = "/a-page", lang = "en", size, scheme, kept = {},
} = {}) {
  const page = await chromium.page();
  if (size) await page.setViewportSize(size);
  if (scheme) await page.emulateMedia({ colorScheme: scheme });
  const tools = await chromium.context.newCDPSession(page);
  if (agent) await tools.send("Emulation.setUserAgentOverride", { userAgent: agent });
  await page.addInitScript(become, visitor);
  await page.addInitScript((words) => {
    if (sessionStorage.getItem("begun")) return;
    sessionStorage.setItem("begun", "1");
    localStorage.clear();
    for (const [key, value] of Object.entries(words)) localStorage.setItem(key, JSON.stringify(value));
  }, kept);
  page.called = [];
  page.answers = {
    "GET /api/config": { json: kSite }, "POST /api/push-subscriptions": { status: 201, json: { status: "success" } },
    "DELETE /api/push-subscriptions": { json: {} }, "PATCH /api/push-subscriptions": { json: { result: kRecord } },
    "POST /api/push-subscriptions/mine": { json: { result: kRecord } }, "POST /api/push-subscriptions/test": { status: 202, json: {} }, ...api,
  };
  await page.route("**/api/**", async (route) => {
    const request = route.request();
    const name = `${request.method()} ${new URL(request.url()).pathname}`;
    page.called.push([name, request.postDataJSON()]);
    const answer = page.answers[name];
    if (!answer) return route.abort();
    return route.fulfill({ status: answer.status ?? 200, headers: answer.headers, json: answer.json ?? {} });
  });
  await page.route(`**${path}`, (route) => route.fulfill({
    contentType: "text/html", headers: { "Content-Security-Policy": kPolicy }, body: kPage(attributes, body, lang) }));
  await page.goto(`${site.lamppost.origin}${path}`, { waitUntil: "load" });
  return page;
}

/** What axe finds serious, in words. The policy lets no foreign script in, so it comes by the developer tools. */
export async function serious(page) {
  await page.evaluate(kAxe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** True when nothing of the page reaches beyond its sides. */
export const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth
  && [...document.querySelectorAll(".lamppost, .lamppost *")].filter((one) => one.getClientRects().length).every((one) => {
    const { left, right } = one.getBoundingClientRect();
    return left >= -1 && right <= innerWidth + 1;
  }));

/** A picture of the page; kept as NAME.png when LAMPPOST_SHOTS names a folder. */
export async function photograph(page, name) {
  const folder = process.env.LAMPPOST_SHOTS;
  if (folder) mkdirSync(folder, { recursive: true });
  return page.screenshot(folder ? { path: join(folder, `${name.replace(/\W+/g, "-")}.png`) } : {});
}
