// Messages that are being written, and a message to one browser: real nginx, database and push service.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSite } from "./site.mjs";

const PATH = "/api/admin/drafts";

let site;
before(async () => { site = await startSite({ tick: 3600, config: "click_counting = on\n" }); });
after(async () => { await site?.stop(); });
beforeEach(async () => {
  await site.clear();
  await site.sql("DELETE FROM draft");
});

const json = async (answer) => ({ ...(await answer.json()), status: answer.status });
const create = async (content) => json(await site.admin(PATH, { json: { content } }));
const save = async (id, version, content) => json(await site.admin(`${PATH}/${id}`, { method: "PUT", json: { version, content } }));
const show = async (id) => json(await site.admin(`${PATH}/${id}`));
const tryOn = async (endpoint, message = { title: "Try" }) => json(await site.admin("/api/admin/test", { json: { endpoint, ...message } }));

test("a draft is kept, changed, listed and thrown away", async () => {
  const { status, id, version } = await create({ title: "Grüße 🎉", body: "half a" });
  assert.deepEqual([status, version], [201, 1]);

  assert.equal((await save(id, 1, { title: "Grüße 🎉", body: "half a sentence" })).version, 2);

  const { updated_at: at, ...draft } = await show(id);
  assert.deepEqual(draft, { status: 200, id, owner: "admin", version: 2, content: { title: "Grüße 🎉", body: "half a sentence" } });
  assert.ok(Math.abs(at - Date.now() / 1000) < 10);
  assert.deepEqual((await json(await site.admin(PATH))).drafts, [{ id, owner: "admin", version: 2, updated_at: at, title: "Grüße 🎉" }]);
  assert.equal((await site.admin(`${PATH}/${id}`, { method: "DELETE", json: {} })).status, 200);
  assert.equal((await show(id)).status, 404);
  assert.equal((await site.public(PATH)).status, 401);
});

test("of ten who save the same version at once one does, and the others see what is there", async () => {
  const { id } = await create({ title: "Start" });

  const saved = await Promise.all(Array.from({ length: 10 }, (_, i) => save(id, 1, { title: `Editor ${i}` })));

  const [first, ...more] = saved.filter(({ status }) => status === 200);
  assert.deepEqual([first.version, more], [2, []]);
  const { content } = await show(id);
  const refused = saved.filter(({ status }) => status === 409);
  assert.equal(refused.length, 9);
  for (const { error, current } of refused) {
    assert.equal(error.code, "conflict");
    assert.match(error.message, /^admin has saved it at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, as version 2$/);
    assert.deepEqual([current.version, current.content], [2, content]);
  }
});

test("a message is tried on one browser: it comes with its own links, and is no campaign", async () => {
  const [mine, other] = await site.subscribe(2);

  const { result } = await tryOn(mine.endpoint, { title: "Try", url: "/news", actions: [{ title: "Go", url: "/go" }] });

  assert.deepEqual([result.outcome, result.reason], ["accepted", "201 Created"]);
  assert.equal(result.service, new URL(mine.endpoint).host);
  const [{ payload }] = site.service.received(mine);
  const { web_push: mark, notification } = JSON.parse(payload);
  assert.equal(mark, 8030);
  assert.equal(notification.navigate, `${site.lamppost.origin}/news`);
  assert.equal(notification.actions[0].navigate, `${site.lamppost.origin}/go`);
  assert.equal(site.service.received(other).length, 0);
  assert.equal((await site.rows()).campaign, 0);
  assert.equal(await site.number("SELECT COUNT(*) FROM click_target"), 0);
});

test("what the push service says to a try is told, and ends no subscription", async () => {
  const [mine] = await site.subscribe(1);
  const says = async (answer) => {
    site.service.clearScript();
    site.service.script(answer);
    return (await tryOn(mine.endpoint)).result;
  };

  assert.deepEqual(await says({ status: 403, body: "{\"reason\":\"BadJwtToken\"}" }).then(({ outcome, reason }) => [outcome, reason]), ["denied", "403 BadJwtToken"]);
  assert.equal((await says({ status: 410 })).outcome, "gone");
  assert.equal((await says({ status: 429 })).outcome, "later");
  assert.equal((await says({ status: 413 })).outcome, "refused");
  assert.equal(await site.number("SELECT COUNT(*) FROM subscription WHERE gone_at IS NULL"), 1);
  assert.equal(await site.number("SELECT COUNT(*) FROM push_service"), 0);
  site.service.clearScript();
  assert.equal((await tryOn(mine.endpoint)).result.outcome, "accepted");
});

test("an endpoint that nobody has here is not found, and never told to anybody", async () => {
  const [stranger] = site.service.createSubscriptions(1, { vapidKey: await site.vapidKey() });

  const { status, error } = await tryOn(stranger.endpoint);

  assert.deepEqual([status, error.code, error.field], [404, "not_found", "endpoint"]);
  assert.ok(!error.message.includes(stranger.endpoint));
  assert.equal(site.service.received().length, 0);
});
