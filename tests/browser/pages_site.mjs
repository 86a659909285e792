// The pages of www/ under the content security policy of nginx/, with a public API that is simulated in memory:
// for looking at pages in states that a browser without a push service can't reach.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const kRoot = fileURLToPath(new URL("../../www", import.meta.url));
const kHeaders = readFileSync(new URL("../../nginx/snippets/security-headers.conf", import.meta.url), "utf8");
const kPolicy = kHeaders.match(/Content-Security-Policy "([^"]+)"/)[1];
const kTypes = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".png": "image/png",
  ".svg": "image/svg+xml", ".json": "application/json", ".webmanifest": "application/manifest+json" };

function fileOf(path) {
  const file = join(kRoot, normalize(path));
  if (!existsSync(file)) return undefined;
  return statSync(file).isDirectory() ? join(file, "index.html") : file;
}

async function bodyOf(request) {
  let text = "";
  for await (const part of request) text += part;
  return text && JSON.parse(text);
}

/**
 * Starts it. `held` is what the server holds of the one browser (the result of `mine`); PATCH changes it.
 * Gives {origin, asked: [[method, path, body]], held, stop}.
 */
export async function startPagesSite({ config, held }) {
  const site = { asked: [], held };
  const answers = {
    "GET /api/config": () => [200, config],
    "POST /api/push-subscriptions": () => [200, { status: "success", result: { id: 1 } }],
    "DELETE /api/push-subscriptions": () => [200, { status: "success" }],
    "PATCH /api/push-subscriptions": ({ endpoint, auth, ...changes }) => [200, { status: "success", result: Object.assign(site.held, changes) }],
    "POST /api/push-subscriptions/mine": (body) => [200, body.delete ? { status: "success" } : { status: "success", result: site.held }],
    "POST /api/push-subscriptions/test": () => [202, { status: "success" }],
  };
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const body = await bodyOf(request);
    const say = (status, type, content) => {
      answer.writeHead(status, { "Content-Type": type, "Content-Security-Policy": kPolicy });
      answer.end(content);
    };
    if (pathname.startsWith("/api/")) {
      site.asked.push([request.method, pathname, body]);
      const [status, json] = answers[`${request.method} ${pathname}`]?.(body) ?? [404, { status: "error" }];
      return say(status, "application/json", JSON.stringify(json));
    }
    const file = fileOf(pathname);
    if (!file) return say(404, "text/plain", "not found");
    return say(200, kTypes[extname(file)], readFileSync(file));
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  site.origin = `http://localhost:${server.address().port}`;
  site.stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return site;
}

/** Runs ahead of a page's own scripts: this browser holds a subscription already. */
export function subscribed() {
  const endpoint = "https://push.example/one";
  let here = true;
  const subscription = { endpoint, options: {}, toJSON: () => ({ endpoint, keys: { p256dh: "BKey", auth: "secret" } }),
    unsubscribe: async () => { here = false; return true; } };
  const pushManager = { getSubscription: async () => (here ? subscription : null),
    subscribe: async () => { here = true; return subscription; } };
  const worker = { state: "activated", addEventListener() {} };
  const registration = { active: worker, pushManager };
  navigator.serviceWorker.getRegistration = async () => registration;
  navigator.serviceWorker.register = async () => registration;
  localStorage.setItem("lamppost", JSON.stringify({ endpoint, at: Date.now() }));
}
