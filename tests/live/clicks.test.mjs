// Links that are counted, from the message to the page that they lead to: real nginx, database and push service.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { request as httpRequest } from "node:http";
import { DatabaseProcess } from "./database_process.mjs";
import { Sender } from "./sender.mjs";
import { startSite } from "./site.mjs";

const READER = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const SHOP = "https://shop.example/offer?x=1";

let site, sender;
before(async () => {
  site = await startSite({ tick: 3600, config: `click_counting = on\nclick_origins = https://shop.example\n` });
  sender = new Sender(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

const pathOf = (link) => link.slice(site.lamppost.origin.length);
const follow = (path, options = {}) => site.public(path, { headers: READER, ...options });
/** A GET whose path is sent as it stands. */
const followRaw = (path) => new Promise((done, failed) => {
  httpRequest({ host: "127.0.0.1", port: site.lamppost.port, path, headers: READER }, (answer) => {
    answer.resume().on("end", () => done({ status: answer.statusCode, location: answer.headers.location }));
  }).on("error", failed).end();
});

/** A campaign to one browser, with a button to the shop: {campaign, links}. */
async function sent(message = {}) {
  const [reader] = await site.subscribe(1);
  const campaign = await sender.send({ title: "Hello", url: "/news?a=1#b", actions: [{ title: "Buy", url: SHOP }], ...message });
  const { notification } = JSON.parse(site.service.received(reader).at(-1).payload);
  return { campaign, links: [notification.navigate, ...notification.actions.map(({ navigate }) => navigate)].map(pathOf) };
}

test("each link of a message leads to its target, and the campaign tells how often", async () => {
  const { campaign, links: [main, button] } = await sent();
  assert.match(main, /^\/api\/c\/[\w-]{22}-[\w-]{16}$/);
  assert.match(button, /^\/api\/c\/[\w-]{22}0[\w-]{16}\?$/);

  const answers = [await follow(main), await follow(button), await follow(button)];

  assert.deepEqual(answers.map(({ status }) => status), [302, 302, 302]);
  assert.deepEqual(answers.map(({ headers }) => headers.get("location")), [`${site.lamppost.origin}/news?a=1#b`, SHOP, SHOP]);
  for (const { headers } of answers) {
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("set-cookie"), null);
  }
  const shown = await sender.show(campaign.id);
  const hour = Math.floor(shown.started_at / 3600) * 3600;
  assert.equal(shown.clicks, 3);
  assert.deepEqual(shown.click_actions, [
    { action: "", label: "", target: `${site.lamppost.origin}/news?a=1#b`, clicks: 1 },
    { action: "0", label: "Buy", target: SHOP, clicks: 2 }]);
  assert.equal(shown.click_hours.reduce((sum, { clicks }) => sum + clicks, 0), 3);
  assert.ok(shown.click_hours.every(({ at }) => at === hour || at === hour + 3600), JSON.stringify(shown.click_hours));
  const { campaigns } = await (await site.admin("/api/admin/campaigns")).json();
  assert.deepEqual(campaigns.map(({ clicks }) => clicks), [3]);
});

test("nothing that is kept of a click names a person, an address or a browser", async () => {
  const { campaign, links: [main] } = await sent();

  await follow(main);

  const [row] = await site.sql("SELECT campaign_id, action, clicks, hour_at % 3600 FROM click");
  assert.deepEqual(row, [String(campaign.id), "", "1", "0"]);
  const columns = await site.sql("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'lamppost' AND table_name = 'click'");
  assert.deepEqual(columns, [["4"]]);
});

test("a link that was tampered with leads nowhere", async () => {
  const one = (await sent()).links;
  const two = (await sent({ title: "Other" })).links;
  const token = one[0].slice("/api/c/".length);
  const forged = {
    forged: `${token.slice(0, 23)}${"A".repeat(16)}`,
    truncated: token.slice(0, -1),
    longer: `${token}A`,
    "of another button": `${token.slice(0, 22)}0${token.slice(23)}`,
    "of another campaign": `${two[0].slice(7, 30)}${token.slice(23)}`,
    "upper-case": token.toUpperCase(),
    "encoded twice": token.replace(/^./, (c) => `%25${c.charCodeAt(0).toString(16)}`),
    "with a NUL": `${token}%00`,
    "a URL": "https:%2F%2Fevil.example%2F",
    nothing: "",
  };

  for (const [what, text] of Object.entries(forged)) {
    const { status, location } = await followRaw(`/api/c/${text}`);
    assert.equal(location, undefined, what);
    assert.ok(status === 404 || status === 400, `${what}: ${status}`);
  }
  assert.equal(await site.number("SELECT COUNT(*) FROM click"), 0);
});

test("whatever stands around a right link, it leads to its target alone", async () => {
  const { links: [main] } = await sent();
  const encoded = main.replace(/\/c\/(.)/, (_, c) => `/c/%${c.charCodeAt(0).toString(16)}`);

  for (const path of [encoded, `${main}?url=https://evil.example/`, `//${main.slice(1)}`, `${main}?//evil.example/`]) {
    assert.equal((await followRaw(path)).location, `${site.lamppost.origin}/news?a=1#b`, path);
  }
});

test("programs and what is fetched ahead are led on, and not counted", async () => {
  const { campaign, links: [main] } = await sent();

  const answers = await Promise.all([
    follow(main, { method: "HEAD" }),
    follow(main, { headers: { ...READER, "Sec-Purpose": "prefetch" } }),
    follow(main, { headers: { ...READER, Purpose: "prefetch" } }),
    follow(main, { headers: { "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)" } }),
  ]);

  assert.deepEqual(answers.map(({ status }) => status), [302, 302, 302, 302]);
  assert.equal((await sender.show(campaign.id)).clicks, 0);
});

test("a campaign that is ordered twice with one key leaves the links of one", async () => {
  await site.subscribe(1);
  for (let i = 0; i < 3; ++i) {
    await site.admin("/api/admin/campaigns", { json: { title: "T", send: true }, headers: { "Idempotency-Key": "one" } });
  }

  assert.equal(await site.number("SELECT COUNT(*) FROM click_target"), 1);
});

test("a reader meets no error: with the database away the front page opens", async (t) => {
  const { links: [main] } = await sent();
  const database = new DatabaseProcess(site);
  t.after(() => database.goOn());

  await database.pause();
  const began = Date.now();
  const answer = await follow(main);

  assert.equal(answer.status, 302);
  assert.equal(new URL(answer.headers.get("location"), site.lamppost.origin).href, `${site.lamppost.origin}/`);
  assert.ok(Date.now() - began < 4000, `${Date.now() - began} ms`);
  database.goOn();
  assert.match((await follow(main)).headers.get("location"), /news/);
});

test("the doctor says that clicks are counted", async () => {
  const { out } = await site.lamppostCommand(["doctor"]);

  assert.match(out, /clicks.*counted by links/);
});
