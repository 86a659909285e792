// www/admin/api.yaml is true: against a running Lamppost every documented path, method and status is reached, each answer
// is as its schema says, what the schemas forbid is refused, and nothing is answered that is not documented.

import assert from "node:assert/strict";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { startNginx } from "../dev/nginx_alone.mjs";
import { checkout, temporaryFolder } from "../rig/lamppost.mjs";
import { deskCalls } from "./api_desk.mjs";
import { ApiDocument, file, routeOf, routes } from "./api_document.mjs";
import { ApiRecorder, exchange } from "./api_recorder.mjs";
import { extremes, queryViolations, violations } from "./api_refusals.mjs";
import { DatabaseProcess } from "./database_process.mjs";
import { startSite } from "./site.mjs";

const SECRET = "0123456789abcdef0123456789abcdef"; // with which the document's examples are signed
const api = new ApiDocument();
const writes = api.operations.filter(({ changes }) => changes);
let site, database, folder, recorder;

before(async () => {
  folder = temporaryFolder();
  const identity = join(folder, "identity");
  writeFileSync(identity, SECRET);
  chmodSync(identity, 0o644); // the servers' user reads it
  site = await startSite({ workers: 4, rate: 30, tick: 3600, config: `report_events = on\nclick_counting = on\nidentity_secret_file = ${identity}\n` });
  database = new DatabaseProcess(site);
  recorder = new ApiRecorder(api, site.lamppost.port, `Basic ${Buffer.from(`admin:${site.lamppost.password}`).toString("base64")}`);
});
after(async () => {
  await database?.release();
  await site?.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => { await site.clear(); });

/** Asks, and sees the status: the answer. */
async function ask(status, name, options) {
  const answer = await recorder.ask(name, options);
  assert.equal(answer.status, status, `${name}: ${answer.text}`);
  return answer;
}

// A browser of the site's push service in the place of the examples' one, which nobody may send to.
function ours(subscription) {
  const [wrapped] = api.body(api.operation("subscribe")).examples.map(([, value]) => value.subscription);
  const swap = [[wrapped.endpoint, subscription.endpoint], [wrapped.keys.p256dh, subscription.keys.p256dh], [wrapped.keys.auth, subscription.keys.auth]];
  return (value) => JSON.parse(swap.reduce((text, [theirs, mine]) => text.replaceAll(theirs, mine), JSON.stringify(value)));
}

async function subscribed() {
  const [subscription] = await site.subscribe(1);
  return { subscription, holder: { endpoint: subscription.endpoint, auth: subscription.keys.auth }, ours: ours(subscription) };
}

const putTopics = () => ask(200, "replaceTopics", { json: api.body(api.operation("replaceTopics")).examples[0][1] });
const draft = async (message = {}) => (await ask(201, "createCampaign", { json: { title: "Later", ...message } })).json;
const isImage = (name) => api.body(api.operation(name)).type.startsWith("image/");
const at = (campaign) => ({ parts: { id: campaign.id } });
const on = (campaign, more = {}) => ({ ...at(campaign), json: {}, ...more });

test("the document is valid OpenAPI 3.1, and its examples are what its schemas say", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(file);

  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, "3.1");
  const examples = [...api.examples()];
  assert.ok(examples.length > 20);
  for (const example of examples) api.assertExample(example);
  assert.equal(new Set(api.operations.map(({ operationId }) => operationId)).size, api.operations.length);
});

test("the routes of the server and the paths of the document are the same", () => {
  assert.ok(routes.length > 15);
  assert.deepEqual([...routes].sort(), api.operations.map(routeOf).sort());
});

test("a method that a path does not have is answered 405, with the methods that it has", async () => {
  for (const path of new Set(api.operations.map((each) => each.path))) {
    // A path such as /subscriptions/export is one of /subscriptions/{id}, too.
    const methods = api.operations.filter((each) => new RegExp(`^${each.path.replace(/\{\w+\}/, "[^/]+")}$`).test(path)).map(({ method }) => method);
    const wanted = methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((each) => !methods.includes(each))) {
      const answer = await exchange(site.lamppost.port, path.replace(/\{\w+\}/, "1"), { method, headers: { Authorization: recorder.login } });

      assert.equal(answer.status, 405, `${method} ${path}: ${answer.text}`);
      api.assertIs("/components/responses/BadMethod", answer, `${method} ${path}`);
      assert.deepEqual(new Set(answer.headers.allow.split(", ")), new Set(wanted), path);
    }
  }
});

test("a visitor's calls, as the examples show them", async () => {
  await putTopics();
  const told = ours(site.service.createSubscriptions(1, { vapidKey: await site.vapidKey() })[0]);
  const example = (name) => told(api.body(api.operation(name)).examples[0][1]);

  await ask(200, "showConfig");
  await ask(200, "showHealth");
  const shapes = api.body(api.operation("subscribe")).examples.map(([, value]) => told(value));
  await ask(201, "subscribe", { json: shapes[0] });
  for (const json of shapes) await ask(200, "subscribe", { json });
  assert.equal((await ask(200, "changeMine", { json: example("changeMine") })).json.result.quiet_hours.from, "22:00");
  assert.equal((await ask(200, "showMine", { json: example("showMine") })).json.result.user, "reader-7");
  await ask(202, "askForTest", { json: example("askForTest") });
  await ask(429, "askForTest", { json: example("askForTest") });
  await ask(200, "showMine", { json: { ...example("showMine"), delete: true } });
  await ask(404, "showMine", { json: example("showMine") });
  await ask(404, "changeMine", { json: example("changeMine") });
  await ask(404, "askForTest", { json: example("askForTest") });
  await ask(200, "unsubscribe", { json: example("unsubscribe") });
});

test("a campaign's calls, as the examples show them", async () => {
  const { holder } = await subscribed();
  const [[, short], [, long]] = api.body(api.operation("createCampaign")).examples;

  await ask(200, "showLogin");
  await ask(200, "listTopics");
  const first = (await ask(201, "createCampaign", { json: short })).json;
  await ask(200, "createCampaign", { json: long, headers: { Accept: "application/x-ndjson" } });
  const sent = (await ask(200, "createCampaign", { json: { ...long, url: "/other" } })).json;
  assert.equal(sent.counts.accepted, 1);
  await ask(409, "createCampaign", { json: { ...long, url: "/other", force: false } });
  await ask(201, "createCampaign", { json: short, headers: { "Idempotency-Key": "k".repeat(200) } });
  await ask(422, "createCampaign", { json: { title: "Another" }, headers: { "Idempotency-Key": "k".repeat(200) } });
  await ask(400, "createCampaign", { json: short, headers: { "Idempotency-Key": "k".repeat(201) } });
  await ask(200, "showCampaign", at(first));
  assert.ok((await ask(200, "listCampaigns", { query: `?before=${sent.id}` })).json.campaigns.length > 0);
  await ask(400, "listCampaigns", { query: "?before=x" });
  await ask(200, "trigger", { json: api.body(api.operation("trigger")).examples[0][1] });
  await ask(200, "sendCampaign", on(first, { headers: { Accept: "application/x-ndjson" } }));
  await ask(200, "sendCampaign", on(await draft()));
  assert.ok((await ask(200, "showMine", { json: holder })).json.result.recent.length > 0);

  const arrived = site.service.received().map(({ payload }) => JSON.parse(payload).notification);
  const { navigate, data: { id } } = arrived.find((notification) => notification.navigate.includes("/api/c/"));
  assert.equal((await ask(302, "followClick", { parts: { link: navigate.split("/").at(-1) } })).headers.location, `${site.lamppost.origin}/news/footbridge`);
  await ask(404, "followClick");
  await ask(204, "reportEvent", { json: { id, event: "shown" } });
  await ask(404, "reportEvent", { json: api.body(api.operation("reportEvent")).examples[0][1] });
});

test("the owner's words: where they fit, where they do not, and where the server goes on by itself", async () => {
  await subscribed();
  const cancelled = await draft();
  for (const name of ["pauseCampaign", "resumeCampaign", "retryCampaign"]) await ask(409, name, on(cancelled));
  await ask(200, "cancelCampaign", on(cancelled));
  await ask(409, "sendCampaign", on(cancelled));
  site.service.script({ status: 400 });
  const [once, twice] = [await draft({ title: "Fails once" }), await draft({ title: "Fails twice" })];
  for (const each of [once, twice]) assert.equal((await ask(200, "sendCampaign", on(each))).json.counts.failed, 1);
  await ask(409, "cancelCampaign", on(once));
  site.service.clearScript();
  assert.equal((await ask(200, "retryCampaign", on(once))).json.counts.accepted, 1);

  // A push service that wants to rest for longer than a request lasts.
  site.service.script({ status: 503, headers: { "retry-after": "3000" } });
  await ask(202, "retryCampaign", on(twice));
  await ask(202, "sendCampaign", on(await draft()));
  const { json: created } = await ask(202, "createCampaign", { json: { title: "Waits", send: true } });
  assert.equal(created.counts.waiting, 1);
  assert.ok(created.services.length === 0 || created.services[0].resting_until > 0);
  await ask(200, "pauseCampaign", on(created));
  await ask(202, "resumeCampaign", on(created));
  await ask(200, "pauseCampaign", on(created));
  site.service.clearScript();
  await site.sql("UPDATE push_service SET rest_until = 0; UPDATE shard SET next_at = 0");
  assert.equal((await ask(200, "resumeCampaign", on(created))).json.counts.accepted, 1);
});

for (const { needs, what, call } of deskCalls) if (api.has(needs)) test(what, () => call({ api, site, ask, at, on, draft, subscribed, putTopics }));

test("what is not there is 404", async () => {
  for (const { name, changes, statuses } of api.operations.filter((each) => /\{\w+\}/.test(each.path))) {
    assert.ok(statuses.includes(404), name);
    const json = changes ? api.body(api.operation(name)).examples[0][1] : undefined;
    for (const id of ["999999999", "x", "-1", "99999999999999999999"]) await ask(404, name, { parts: { id, link: id, sha256: id }, json });
  }
});

test("each change is refused to other sites, with a foreign type, and when it is too large", async () => {
  for (const { name, isAdmin } of writes) {
    await ask(403, name, { body: "{}", headers: { "Sec-Fetch-Site": "cross-site" } });
    await ask(415, name, { body: "{}", headers: { "Content-Type": "text/plain" } });
    await ask(413, name, { body: " ".repeat((isImage(name) ? 512 : isAdmin ? 64 : 16) * 1024 + 1) });
  }
});

test("what is no JSON is refused by all that read it", async () => {
  for (const { name } of writes.filter(({ name, statuses }) => statuses.includes(400) && !isImage(name))) {
    assert.equal((await ask(400, name, { body: "{" })).json.error.code, "bad_json", name);
  }
});

test("the desk is closed to who has no login, or a wrong one", async () => {
  for (const { name, changes } of api.operations.filter(({ isAdmin }) => isAdmin)) {
    const body = changes ? "{}" : undefined;
    await ask(401, name, { isAnonymous: true, body });
    await ask(401, name, { body, headers: { Authorization: `Basic ${Buffer.from("admin:wrong").toString("base64")}` } });
  }
});

test("whatever a schema forbids is refused by the member's name", async () => {
  await putTopics();
  const { ours: told } = await subscribed();
  const { id } = (await ask(201, "createDraft", { json: { content: {} } })).json; // of any other path none has to be there
  let tried = 0;
  for (const operation of writes.filter(({ name, statuses }) => statuses.includes(400) && !isImage(name))) {
    const { node } = api.resolve(api.body(operation).pointer);
    const shapes = node.anyOf ?? [node];
    const [, given] = api.body(operation).examples.at(node.anyOf ? 0 : -1);
    for (const { what, body, code, field } of violations(api, shapes[0], told(given))) {
      if (code === "missing_subscription") continue; // then it is one of the other shapes
      const { json: { error } } = await ask(400, operation.name, { json: body, parts: operation.operationId === "changeDraft" ? { id } : {} });
      assert.deepEqual([error.code, error.field], [code, field], `${operation.name}, ${what}: ${error.message}`);
      tried += 1;
    }
  }
  console.log(`refused: ${tried}`);
  for (const operation of api.operations) {
    for (const { what, query, code, field } of queryViolations(api, operation)) {
      const { json: { error } } = await ask(400, operation.name, { query });
      assert.deepEqual([error.code, error.field], [code, field], `${operation.name}, ${what}: ${error.message}`);
      tried += 1;
    }
  }
  assert.ok(tried > 300, `only ${tried}`);
  assert.equal((await site.rows()).campaign, 0);
});

test("a message may be as large in each member as its schema allows", async () => {
  const [, [, example]] = api.body(api.operation("createCampaign")).examples;
  const tried = [...extremes(api, { $ref: "#/components/schemas/Message" }, example)];

  assert.ok(tried.length > 8);
  for (const { body } of tried) await ask(201, "createCampaign", { json: body });
});

test("too many calls or connections of an address are 429", async () => {
  const [visitor, editor] = ["127.2.0.1", "127.2.0.2"];
  const ends = [];
  // Each waits for the body that it has announced.
  for (let i = 0; i < 10; i += 1) {
    const held = connect({ host: "127.0.0.1", port: site.lamppost.port, localAddress: visitor });
    held.write("POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n");
    ends.push(held);
  }
  try {
    await Promise.all(Array.from({ length: 130 }, () => recorder.ask("showLogin", { localAddress: editor, isAnonymous: true })));
    for (const { name, isAdmin, changes } of api.operations.filter(({ statuses }) => statuses.includes(429))) {
      // Each 50 ms one more is let through, and answered that it has no login.
      const again = () => recorder.ask(name, { localAddress: isAdmin ? editor : visitor, isAnonymous: true, body: changes ? "{}" : undefined });
      let last = await again();
      for (let i = 0; i < 20 && last.status === 401; i += 1) last = await again();
      assert.equal(last.status, 429, name);
    }
  } finally {
    for (const each of ends) each.destroy();
  }
});

test("while the database hangs, whoever needs it is told 503; without the service everybody is", async () => {
  const promised = api.operations.filter(({ statuses }) => statuses.includes(503));
  // Who is logged in is known without it, what is wrong is just what the doctor says then, and an export that has begun can
  // only say in its last line that it broke off.
  const asked = promised.filter(({ operationId }) => !["showLogin", "showDoctor", "exportSubscriptions"].includes(operationId));
  const example = (operation) => api.body(operation)?.examples[0]?.[1];
  const picture = readFileSync(join(checkout, "www/icons/icon-192.png"));
  const bodyOf = ({ name, changes }) => (!changes ? undefined : isImage(name) ? picture : "{}");
  await database.pause();
  try {
    const parts = { sha256: "0".repeat(64) };
    await Promise.all(asked.map((operation) => ask(503, operation.name, { json: example(operation), body: bodyOf(operation), parts })));
  } finally {
    database.goOn();
  }
  const alone = await startNginx({ pools: false });
  try {
    for (const operation of promised) {
      const body = operation.changes ? "{}" : undefined;
      await ask(503, operation.name, { body, port: alone.port, headers: operation.isAdmin ? { Authorization: `Basic ${Buffer.from("admin:password").toString("base64")}` } : {} });
    }
  } finally {
    await alone.stop();
  }
});

test("all that is documented has been reached", () => {
  assert.deepEqual(recorder.missing(), []);
});
