// Who gets a message, and when: through nginx, the database and the tick, to a push service that shows who got what.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Sender } from "./sender.mjs";
import { startSite } from "./site.mjs";

const CAMPAIGNS = "/api/admin/campaigns";
let site, sender;

before(async () => {
  site = await startSite({ config: "welcome = off\n" });
  sender = new Sender(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => {
  await site.clear();
  await put("topics", [{ name: "news", label: "News", default: false }, { name: "sport", label: "Sport", default: false }]);
  await put("segments", []);
});

async function put(what, list) {
  const answer = await site.admin(`/api/admin/${what}`, { method: "PUT", json: { [what]: list } });
  assert.equal(answer.status, 200, await answer.text());
}

async function person(topics, language = "en") {
  const [subscription] = site.service.createSubscriptions(1, { vapidKey: await site.vapidKey() });
  const answer = await site.public("/api/push-subscriptions", { json: { subscription, topics, language } });
  assert.equal(answer.status, 201, await answer.text());
  return subscription;
}

const preview = async (message) => {
  const answer = await site.admin("/api/admin/preview", { json: message });
  assert.equal(answer.status, 200);
  return answer.json();
};
const got = ({ endpoint }) => site.service.received().filter((one) => one.endpoint === endpoint).map(({ payload }) => JSON.parse(payload).notification.title);
const now = () => Math.floor(Date.now() / 1000);
const resume = async () => {
  const { code, err } = await site.lamppostCommand(["resume"]);
  assert.equal(code, 0, err);
};
const schedule = async (title, inSeconds) => {
  const answer = await site.admin(CAMPAIGNS, { json: { title, send_at: now() + inSeconds, send: true } });
  assert.equal(answer.status, 201);
  return answer.json();
};

test("topics, language, service and segments choose who gets it, and the preview knows how many", async () => {
  const reader = await person(["news"]);
  const fan = await person(["news", "sport"], "de-AT");
  const quiet = await person([]);
  await put("segments", [{ name: "locals", label: "Locals", audience: "news && lang:de" }]);
  const wanted = { news: [reader, fan], "lang:de": [fan], "news && !sport": [reader], "service:other": [reader, fan, quiet], "service:fcm": [],
    "segment:locals || lang:fr": [fan], "": [reader, fan, quiet] };

  for (const [audience, people] of Object.entries(wanted)) {
    const title = `for ${audience || "everybody"}`;
    const { audience: foreseen, bytes } = await preview({ title, audience });
    const campaign = await sender.send({ title, audience });

    assert.equal(campaign.audience, audience);
    assert.equal(campaign.counts.audience, people.length, audience);
    assert.equal(campaign.counts.accepted, people.length, audience);
    assert.equal(foreseen.count, people.length, audience);
    assert.deepEqual(foreseen.services, people.length ? [{ service: "other", count: people.length }] : []);
    const [[size]] = await site.sql(`SELECT LENGTH(payload) FROM campaign WHERE id = ${campaign.id}`);
    assert.equal(bytes, Number(size));
    for (const one of [reader, fan, quiet]) assert.equal(got(one).includes(title), people.includes(one), title);
  }
});

test("an expression that is wrong is refused with its position, and nothing is kept", async () => {
  for (const audience of ["news &&", "weather", "segment:none", "lang:", "news; DROP TABLE campaign", "(((", 7]) {
    for (const path of [CAMPAIGNS, "/api/admin/preview"]) {
      const answer = await site.admin(path, { json: { title: "T", audience, send: true } });
      const { error } = await answer.json();
      assert.deepEqual([answer.status, error.code, error.field], [400, "bad_audience", "audience"], `${path} ${audience}`);
    }
  }
  assert.equal((await site.rows()).campaign, 0);
});

test("one for later goes by the tick when its time has come, once, however many ticks there are", async () => {
  const reader = await person(["news"]);
  const { id, state, send_at: sendAt } = await schedule("later", 3);
  assert.equal(state, "scheduled");
  await resume();
  assert.deepEqual(got(reader), []);

  await sleep((sendAt - now() + 1) * 1000);
  await Promise.all([resume(), resume(), resume(), resume()]);
  await resume();

  const campaign = await sender.show(id);
  assert.equal(campaign.state, "finished");
  assert.ok(campaign.started_at >= sendAt);
  assert.deepEqual(got(reader), ["later"]);
});

test("what is cancelled before its time never goes; what is sent before its time goes once", async () => {
  const reader = await person([]);
  const undone = await schedule("undone", 2);
  const early = await schedule("early", 3);

  assert.equal((await sender.say(undone.id, "cancel")).state, "cancelled");
  assert.equal((await sender.say(early.id, "send")).state, "finished");
  await sleep(4000);
  await resume();

  assert.deepEqual(got(reader), ["early"]);
  const refused = await site.admin(`${CAMPAIGNS}/${undone.id}/send`, { json: {} });
  assert.equal(refused.status, 409);
});

test("the command line sends to an audience, and later", async () => {
  const reader = await person(["news"]);
  const quiet = await person([]);
  const send = (...words) => site.lamppostCommand(["send", ...words]);

  const { code, out, err } = await send("--title", "cli", "--audience", "news");
  assert.equal(code, 0, err);
  assert.match(out, /finished/);
  assert.deepEqual([got(reader), got(quiet)], [["cli"], []]);
  const later = await send("--title", "tomorrow", "--at", new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z/, "Z"));
  assert.equal(later.code, 0, later.err);
  assert.match(later.out, /^campaign \d+ scheduled/);
  for (const [words, said] of [[["--at", "noon"], /--at must be a time/], [["--at", "1"], /--at must be a time to come/], [["--audience", "news &&"], /--audience at position 8/]]) {
    const refused = await send("--title", "T", ...words);
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, said);
  }
  await resume();
  assert.deepEqual(got(reader), ["cli"]);
});

test("the list goes on by next, and is searched", async () => {
  for (const title of ["Market day", "Concert", "market again"]) await sender.draft({ title });
  const list = async (query) => {
    const { campaigns, next } = await (await site.admin(`${CAMPAIGNS}?${query}`)).json();
    return [campaigns.map(({ message }) => message.title), next];
  };

  const [[newest], next] = await list("limit=1");
  assert.equal(newest, "market again");
  assert.deepEqual((await list(`limit=2&before=${next}`)), [["Concert", "Market day"], null]);
  assert.deepEqual(await list("q=MARKET"), [["market again", "Market day"], null]);
  assert.deepEqual(await list(`from=${now() + 60}`), [[], null]);
});
