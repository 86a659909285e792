// What openapi.test.mjs asks of the desk's own calls: each {what, call}, with the tools of that test.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../rig/lamppost.mjs";

const exampleOf = (api, name) => api.body(api.operation(name)).examples[0][1];

async function testOfMessage({ api, site, ask, subscribed }) {
  const { holder } = await subscribed();
  assert.equal((await ask(200, "testMessage", { json: { endpoint: holder.endpoint, title: "Test" } })).json.result.outcome, "accepted");
  await ask(404, "testMessage", { json: exampleOf(api, "testMessage") });
  site.service.unsubscribe([holder.endpoint]);
  assert.equal((await ask(200, "testMessage", { json: { endpoint: holder.endpoint, title: "Test" } })).json.result.outcome, "gone");
}

async function audience({ api, ask, on, subscribed, putTopics }) {
  await putTopics();
  await subscribed();
  assert.deepEqual((await ask(200, "listSegments")).json.segments, []);
  await ask(200, "replaceSegments", { json: exampleOf(api, "replaceSegments") });
  await ask(400, "replaceSegments", { json: { segments: [{ name: "a", label: "A", audience: "news &&" }] } });

  const seen = (await ask(200, "previewMessage", { json: exampleOf(api, "previewMessage") })).json;
  assert.deepEqual([seen.audience.expression, seen.audience.count], ["news && lang:de", 0]);
  const all = (await ask(200, "previewMessage", { json: { body: "x".repeat(3000), image: `/${"y".repeat(1500)}` } })).json;
  assert.deepEqual([all.audience.count, all.audience.services], [1, [{ service: "other", count: 1 }]]);
  assert.deepEqual([all.bytes > all.limit, all.warnings.some(({ code }) => code === "too_long")], [true, true]);

  const soon = Math.floor(Date.now() / 1000) + 600;
  const later = (await ask(201, "createCampaign", { json: { title: "Later", audience: "!news || user:\"42\"", send_at: soon } })).json;
  assert.deepEqual([later.state, later.send_at, later.audience], ["scheduled", soon, "!news || user:\"42\""]);
  await ask(200, "cancelCampaign", on(later));
  for (const wrong of ["news &&", "(", "lang:", "nosuchtopic", "segment:nosuch", "!".repeat(1000)]) {
    for (const name of ["createCampaign", "previewMessage"]) {
      const { error } = (await ask(400, name, { json: { title: "x", audience: wrong } })).json;
      assert.deepEqual([error.code, error.field], ["bad_audience", "audience"], `${name}: ${wrong}`);
    }
  }
}

async function clicks({ site, ask, draft, subscribed, on, at }) {
  await subscribed();
  const campaign = await draft({ title: "Click", url: "/somewhere", actions: [{ title: "One", url: "/one" }] });
  await ask(200, "sendCampaign", on(campaign));
  const { navigate, actions } = JSON.parse(site.service.received()[0].payload).notification;
  const linkOf = (url) => ({ parts: { link: new URL(url).pathname.replace("/api/c/", "") }, headers: { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)" } });

  assert.match((await ask(302, "followClick", linkOf(navigate))).headers.location, /\/somewhere$/);
  assert.match((await ask(302, "followClick", linkOf(actions[0].navigate))).headers.location, /\/one$/);
  const { clicks: sum, click_actions: by } = (await ask(200, "showCampaign", at(campaign))).json;
  assert.deepEqual([sum, by.map(({ action, label, clicks: n }) => [action, label, n])], [2, [["", "", 1], ["0", "One", 1]]]);
  const { link } = linkOf(navigate).parts;
  await ask(404, "followClick", { parts: { link: `${link.slice(0, -1)}${link.endsWith("A") ? "B" : "A"}` } });
}

async function images({ ask }) {
  const png = readFileSync(join(checkout, "www/icons/icon-192.png"));
  const kept = (await ask(201, "uploadImage", { body: png, headers: { "Content-Type": "image/png" } })).json;
  assert.deepEqual([kept.width, kept.height, kept.type, kept.bytes], [192, 192, "image/png", png.length]);
  await ask(400, "uploadImage", { body: Buffer.from("no image at all"), headers: { "Content-Type": "image/png" } });
  await ask(200, "showImage", { parts: { sha256: kept.url.slice(-64) } });
  await ask(404, "showImage", { parts: { sha256: "0".repeat(64) } });
}

async function drafts({ api, ask, at, on }) {
  const made = (await ask(201, "createDraft", { json: exampleOf(api, "createDraft") })).json;
  assert.equal((await ask(200, "listDrafts")).json.drafts[0].title, "The bridge");
  assert.equal((await ask(200, "showDraft", at(made))).json.version, 1);
  assert.equal((await ask(200, "changeDraft", on(made, { json: exampleOf(api, "changeDraft") }))).json.version, 2);
  const { current, error } = (await ask(409, "changeDraft", on(made, { json: exampleOf(api, "changeDraft") }))).json;
  assert.deepEqual([current.version, current.content.title], [2, "The bridge is open"]);
  assert.match(error.message, /admin/);
  await ask(400, "changeDraft", on(made, { json: { version: 2, content: { title: "x".repeat(33_000) } } }));
  await ask(200, "removeDraft", on(made));
  await ask(404, "showDraft", at(made));
}

async function subscribers({ ask, at, on, subscribed }) {
  const { subscription: { id } } = await subscribed();
  await subscribed();
  const first = (await ask(200, "listSubscriptions", { query: "?limit=1" })).json;
  assert.deepEqual([first.subscriptions.map((one) => one.id), first.next], [[id], id]);
  assert.equal((await ask(200, "listSubscriptions", { query: `?after=${id}&state=all&service=other&q=&lang=&topic=` })).json.subscriptions.length, 1);
  assert.equal((await ask(200, "exportSubscriptions")).text.trim().split("\r\n").length, 3);
  const one = at({ id });
  assert.equal((await ask(200, "showSubscription", one)).json.id, id);
  assert.equal((await ask(200, "removeSubscription", on({ id }))).json.gone_at > 0, true);
  assert.equal((await ask(200, "restoreSubscription", on({ id }))).json.gone_at, null);
}

async function testOfOne({ api, ask, on, subscribed }) {
  const { subscription: { id } } = await subscribed();
  assert.equal((await ask(200, "testSubscription", on({ id }, { json: exampleOf(api, "testSubscription") }))).json.result.outcome, "accepted");
}

async function stats({ ask, subscribed }) {
  await subscribed();
  assert.equal((await ask(200, "showStats")).json.active, 1);
  assert.equal((await ask(200, "showStats", { query: "?days=400" })).json.today.joined, 1);
}

export const deskCalls = [
  { needs: "previewMessage", what: "audiences: previews, segments, messages for some and for later", call: audience },
  { needs: "testMessage", what: "a message to one browser before it is sent", call: testOfMessage },
  { needs: "followClick", what: "links of a message", call: clicks },
  { needs: "uploadImage", what: "images", call: images },
  { needs: "createDraft", what: "drafts", call: drafts },
  { needs: "listSubscriptions", what: "subscribers", call: subscribers },
  { needs: "testSubscription", what: "a test to one subscriber", call: testOfOne },
  { needs: "showStats", what: "statistics", call: stats },
  { needs: "showDoctor", what: "the doctor", call: ({ ask }) => ask(200, "showDoctor") },
  { needs: "showSettings", what: "the settings", call: ({ ask }) => ask(200, "showSettings") },
];
