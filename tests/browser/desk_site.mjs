// The pages of www/ under the content security policy of nginx/, with an admin API that is simulated in memory: for looking
// at the desk in states that are hard to reach otherwise, and without waiting for any of them.
//
//   const site = await startDeskSite();
//   site.campaigns, site.record       what the server holds; change it at will
//   site.answers["GET /api/admin/stats"] = () => [200, {...}]    another answer; also undefined: the usual one again
//   site.login = false; site.away = true; site.delay = 500       ended login, server out of reach, slow server (ms)
//   site.asked                        [[method, path with query, body, headers]] of all API calls

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Campaigns, refusal } from "./desk_campaigns.mjs";
import { record } from "./desk_record.mjs";

const kRoot = fileURLToPath(new URL("../../www", import.meta.url));
const kHeaders = readFileSync(new URL("../../nginx/snippets/security-headers.conf", import.meta.url), "utf8");
const kPolicy = kHeaders.match(/Content-Security-Policy "([^"]+)"/)[1];
const kTypes = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml",
  ".json": "application/json", ".yaml": "text/yaml", ".webmanifest": "application/manifest+json" };
const kLimit = 3993;
const kNotFound = [404, refusal("not_found", "", "There is nothing here")];
const kConfig = { vapid_public_key: "BKey", site: "The Lamppost", topics: [], click_origins: [] };

function page(list, query, limit) {
  const before = Number(query.get("before") ?? Infinity);
  const after = Number(query.get("after") ?? 0);
  const rest = list.filter(({ id }) => id < before && id > after);
  const part = rest.slice(0, Number(query.get("limit") ?? limit));
  return [part, rest.length > part.length ? part.at(-1).id : null];
}

function preview(site, message) {
  const { campaigns } = site;
  const { audience = "" } = message;
  if (audience.includes("&& &&")) return [400, refusal("bad_audience", "audience", "at character 9 a topic is missing")];
  const share = site.share(audience);
  const payload = campaigns.wire(message);
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  const services = Object.entries({ fcm: 2901, mozilla: 402, windows: 310, apple: 175 }).map(([service, n]) => ({ service, count: Math.floor(n * share * campaigns.size / 3788) }));
  const warnings = bytes > kLimit ? [{ code: "too_long", field: "message", message: `is ${bytes - kLimit} bytes too long` }] : [];
  return [200, { bytes, limit: kLimit, payload, warnings, audience: { expression: audience, count: services.reduce((sum, one) => sum + one.count, 0), services, sample: [7, 12, 19], paused: 0 } }];
}

const conflict = (draft) => [409, { ...refusal("conflict", "version", `${draft.owner} saved this draft a moment ago`), current: draft }];

const kRoutes = {
  "GET /api/config": () => [200, kConfig],
  "GET /api/admin/me": ({ site }) => [200, site.record.me],
  "GET /api/admin/topics": ({ site }) => [200, { topics: site.record.topics }],
  "PUT /api/admin/topics": ({ site, body }) => [200, { topics: (site.record.topics = body.topics) }],
  "GET /api/admin/segments": ({ site }) => [200, { segments: site.record.segments }],
  "PUT /api/admin/segments": ({ site, body }) => [200, { segments: (site.record.segments = body.segments) }],
  "POST /api/admin/preview": ({ site, body }) => preview(site, body),
  "POST /api/admin/test": ({ site, body }) => (site.record.mine === body.endpoint
    ? [200, { status: "success", result: { outcome: "accepted", reason: "201 Created", service: "fcm.googleapis.com" } }]
    : [404, refusal("not_found", "endpoint", "is not a subscription of this site")]),

  "POST /api/admin/campaigns": ({ site, body, key, answer, wantsLines }) => {
    const [status, json] = site.campaigns.create(body, key);
    if (status >= 400 || !body.send) return [status, json];
    site.campaigns.start(json);
    return wantsLines ? site.campaigns.drive(json, answer) : [202, json];
  },
  "GET /api/admin/campaigns": ({ site, query }) => {
    const q = (query.get("q") ?? "").toLowerCase();
    const [campaigns, next] = page(site.campaigns.list.filter(({ message }) => message.title.toLowerCase().includes(q)), query, 50);
    return [200, { campaigns, next }];
  },
  "GET /api/admin/campaigns/:id": ({ campaign }) => [200, campaign],
  "POST /api/admin/campaigns/:id/send": ({ site, campaign, answer, wantsLines }) => {
    if (["cancelled", "expired", "paused"].includes(campaign.state)) return [409, refusal("bad_state", "", `The campaign is ${campaign.state} and cannot become preparing`)];
    site.campaigns.start(campaign);
    return wantsLines ? site.campaigns.drive(campaign, answer) : [202, campaign];
  },
  "POST /api/admin/campaigns/:id/pause": ({ campaign }) => [200, Object.assign(campaign, { state: "paused" })],
  "POST /api/admin/campaigns/:id/resume": ({ site, campaign, answer, wantsLines }) => {
    campaign.state = "sending";
    return wantsLines ? site.campaigns.drive(campaign, answer) : [202, campaign];
  },
  "POST /api/admin/campaigns/:id/cancel": ({ site, campaign }) => {
    if (campaign.state === "finished") return [409, refusal("bad_state", "", "The campaign is finished and cannot become cancelled")];
    site.campaigns.cancel(campaign);
    return [200, campaign];
  },
  "POST /api/admin/campaigns/:id/retry": ({ site, campaign, body, answer, wantsLines }) => {
    site.campaigns.retry(campaign, body.unsure);
    return wantsLines ? site.campaigns.drive(campaign, answer) : [202, campaign];
  },

  "GET /api/admin/drafts": ({ site }) => [200, { drafts: site.record.drafts.map(({ content, ...rest }) => ({ ...rest, title: content.title ?? "" })) }],
  "POST /api/admin/drafts": ({ site, body }) => {
    const draft = { id: (site.drafts += 1), owner: site.record.me.name, version: 1, updated_at: Math.floor(Date.now() / 1000), content: body.content };
    site.record.drafts.unshift(draft);
    return [201, { id: draft.id, version: 1 }];
  },
  "GET /api/admin/drafts/:id": ({ draft }) => [200, draft],
  "PUT /api/admin/drafts/:id": ({ draft, body }) => (body.version === draft.version
    ? [200, { version: Object.assign(draft, { content: body.content, version: draft.version + 1 }).version }] : conflict(draft)),
  "DELETE /api/admin/drafts/:id": ({ site, draft }) => {
    site.record.drafts = site.record.drafts.filter((one) => one !== draft);
    return [200, { status: "success" }];
  },

  "POST /api/admin/images": ({ site, raw, type }) => {
    if (!/^image\/(png|jpeg|webp)$/.test(type)) return [415, refusal("bad_content_type", "", "Content-Type must be image/png, image/jpeg or image/webp")];
    if (raw.length > 512 * 1024) return [413, refusal("too_large", "", "An image must be at most 524288 bytes")];
    const hex = createHash("sha256").update(raw).digest("hex");
    site.record.images.set(hex, { raw, type });
    return [201, { url: `/api/images/${hex}`, width: 4, height: 2, type, bytes: raw.length }];
  },

  "GET /api/admin/subscriptions": ({ site, query }) => {
    const fits = (one) => ["service", "language"].every((name) => !query.get(name === "language" ? "lang" : name) || one[name].startsWith(query.get(name === "language" ? "lang" : name)))
      && (!query.get("q") || [`${one.id}`, one.user, one.endpoint_tail].includes(query.get("q"))) && (!query.get("topic") || one.topics.includes(query.get("topic")));
    const [subscriptions, next] = page(site.record.subscriptions.filter(fits), query, 50);
    return [200, { subscriptions, next }];
  },
  "GET /api/admin/subscriptions/export": ({ site }) => [200, `id,service,language\r\n${site.record.subscriptions.map((one) => `${one.id},${one.service},${one.language}\r\n`).join("")}`],
  "GET /api/admin/subscriptions/:id": ({ subscription }) => [200, { ...subscription, recent: [{ title: "Bridge open", at: subscription.created_at, fate: "accepted" }] }],
  "DELETE /api/admin/subscriptions/:id": ({ subscription }) => [200, Object.assign(subscription, { gone_at: Math.floor(Date.now() / 1000) })],
  "POST /api/admin/subscriptions/:id/restore": ({ subscription }) => [200, Object.assign(subscription, { gone_at: null })],
  "POST /api/admin/subscriptions/:id/test": () => [200, { status: "success", result: { outcome: "accepted", reason: "201 Created", service: "fcm.googleapis.com" } }],

  "GET /api/admin/stats": ({ site, query }) => [200, site.record.stats(Number(query.get("days") ?? 30))],
  "GET /api/admin/doctor": ({ site }) => [200, site.record.doctor],
  "GET /api/admin/settings": ({ site }) => [200, site.record.settings],
};

// Its handler and what the id in the path stands for.
function route(site, method, path) {
  const [, collection, id, rest = ""] = path.match(/^\/api\/admin\/(campaigns|drafts|subscriptions)\/(\d+)(\/.*)?$/) ?? [];
  if (!collection) return { handler: kRoutes[`${method} ${path}`] };
  const owner = { campaigns: "campaign", drafts: "draft", subscriptions: "subscription" }[collection];
  const list = collection === "campaigns" ? site.campaigns.list : site.record[collection];
  const found = list.find((one) => one.id === Number(id));
  return { handler: found && kRoutes[`${method} /api/admin/${collection}/:id${rest}`], [owner]: found };
}

async function bytesOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

async function answerApi(site, request, answer, url) {
  const raw = await bytesOf(request);
  const type = request.headers["content-type"] ?? "";
  const body = type.startsWith("application/json") && raw.length ? JSON.parse(raw) : {};
  site.asked.push([request.method, url.pathname + url.search, body, request.headers]);
  if (site.delay) await delay(site.delay);
  if (site.away) return answer.destroy();
  const say = (status, content, kind = "application/json") => {
    answer.writeHead(status, { "Content-Type": kind });
    answer.end(typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  };
  if (!site.login) return say(401, refusal("login_required", "", "this needs the admin login"));
  const [, hex] = url.pathname.match(/^\/api\/images\/(\w{64})$/) ?? [];
  if (hex && site.record.images.has(hex)) return say(200, site.record.images.get(hex).raw, site.record.images.get(hex).type);
  const { handler, ...found } = route(site, request.method, url.pathname);
  const wantsLines = (request.headers.accept ?? "").includes("application/x-ndjson");
  const own = site.answers[`${request.method} ${url.pathname}`] ?? handler;
  const key = request.headers["idempotency-key"];
  const result = await (own?.({ site, body, raw, type, key, answer, wantsLines, query: url.searchParams, ...found }) ?? kNotFound);
  if (result) say(...result);
}

/** Starts it; see the head of this file. */
export async function startDeskSite() {
  const site = { asked: [], answers: {}, login: true, away: false, delay: 0, drafts: 0, campaigns: new Campaigns(), record: record() };
  // Which part of all an audience is: halves with each condition, unless a test knows better.
  site.share = (audience) => (audience === "nobody" ? 0 : audience ? 0.5 ** audience.split(/&&/).length : 1);
  const server = createServer(async (request, answer) => {
    const url = new URL(request.url, "http://localhost");
    answer.setHeader("Content-Security-Policy", kPolicy);
    answer.on("error", () => {});  // the page has left; what it wanted is of no use any more
    if (url.pathname.startsWith("/api/")) return answerApi(site, request, answer, url);
    const file = join(kRoot, normalize(url.pathname), url.pathname.endsWith("/") ? "index.html" : "");
    if (!existsSync(file) || statSync(file).isDirectory()) {
      answer.writeHead(404, { "Content-Type": "text/plain" });
      return answer.end("not found");
    }
    answer.writeHead(200, { "Content-Type": kTypes[extname(file)] ?? "application/octet-stream" });
    return answer.end(readFileSync(file));
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  site.origin = `http://localhost:${server.address().port}`;
  site.stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  /** Everything as at the start, for the next test. */
  site.reset = () => {
    site.asked.length = 0;
    Object.assign(site, { answers: {}, login: true, away: false, delay: 0, campaigns: new Campaigns(), record: record() });
  };
  return site;
}
