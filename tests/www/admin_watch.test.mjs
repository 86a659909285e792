// www/admin/watch.js: a campaign is followed to its end, whatever happens on the way.
import assert from "node:assert/strict";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

const { isAlive, watch } = await loadModule("admin/watch.js");
const settled = () => new Promise((go) => { setTimeout(go, 5); });

/** A watch whose clock is turned by hand: `turn()` lets the next wait end, `waits` are the pauses so far. */
function watching(t, answers, { hidden = false } = {}) {
  const told = [];
  const troubles = [];
  const waits = [];
  let next = null;
  t.mock.method(globalThis, "fetch", async (path, { method }) => {
    const answer = answers[method]?.shift() ?? answers.GET.at(-1);
    if (answer instanceof Response) return answer;
    if (answer === 0) throw new TypeError("away");
    return Array.isArray(answer) ? new Response(JSON.stringify({ error: { code: "x", message: "y" } }), { status: answer[0] }) : new Response(JSON.stringify(answer));
  });
  const clock = { hidden: () => hidden, wait: (work, ms) => ((next = work), waits.push(ms), waits.length), halt: () => { next = null; } };
  const one = watch(7, (campaign) => told.push(campaign), (error) => troubles.push(error?.status ?? null), clock);
  const turn = async () => {
    const work = next;
    next = null;
    work?.();
    await settled();
    return Boolean(work);
  };
  return { one, told, troubles, waits, turn };
}

const sending = (accepted) => ({ id: 7, state: "sending", counts: { accepted }, services: [{ service: "fcm" }] });

test("it asks each second until nothing can change any more", async (t) => {
  const { one, told, waits, turn } = watching(t, { GET: [sending(1), sending(2), { ...sending(3), state: "finished" }] });

  await one.refresh();
  await turn();
  await turn();

  assert.equal(await turn(), false);
  assert.deepEqual(told.map(({ counts }) => counts.accepted), [1, 2, 3]);
  assert.deepEqual(waits, [1000, 1000]);
});

test("a hidden page asks rarely; what waits for a while is asked for too", async (t) => {
  const { one, waits } = watching(t, { GET: [{ id: 7, state: "scheduled" }] }, { hidden: true });

  await one.refresh();

  assert.deepEqual(waits, [5000]);
});

test("while the server is away it asks more and more rarely, and says when it is back", async (t) => {
  const { one, troubles, waits, turn } = watching(t, { GET: [sending(1), 0, [503], 0, 0, 0, 0, sending(2)] });

  await one.refresh();
  for (let times = 0; times < 7; times += 1) await turn();

  assert.deepEqual(troubles, [null, 0, 503, 0, 0, 0, 0, null]);
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 1000]);
});

test("what is not there is not asked for again", async (t) => {
  const { one, troubles, waits } = watching(t, { GET: [[404]] });

  await one.refresh();

  assert.deepEqual([troubles, waits], [[404], []]);
});

test("lines of a request that drives it are told as they come, with the services that are known", async (t) => {
  const line = JSON.stringify({ id: 7, state: "sending", audience: 9, waiting: 4 });
  const end = JSON.stringify({ id: 7, state: "finished", counts: { accepted: 9 }, services: [{ service: "fcm", counts: {} }] });
  const lines = new Response(`${line}\n${end}\n`, { headers: { "Content-Type": "application/x-ndjson" } });
  const { one, told } = watching(t, { GET: [sending(1)], POST: [lines] });

  await one.refresh();
  await one.drive("send");

  assert.equal(told[1].counts.waiting, 4);
  assert.deepEqual(told[1].services, [{ service: "fcm" }]);
  assert.equal(told.at(-1).state, "finished");
});

test("a stream that breaks off leaves a campaign that is asked for again", async (t) => {
  const line = JSON.stringify({ id: 7, state: "sending", audience: 9, waiting: 4 });
  const lines = new Response(`${line}\n`, { headers: { "Content-Type": "application/x-ndjson" } });
  const { one, told, turn } = watching(t, { GET: [sending(1), { ...sending(9), state: "finished" }], POST: [lines] });
  await one.refresh();

  await one.drive("send");

  assert.equal(told.at(-1).state, "sending");
  await turn();
  assert.equal(told.at(-1).state, "finished");
});

test("after stop() nothing is told", async (t) => {
  const { one, told } = watching(t, { GET: [sending(1)] });
  const looking = one.refresh();

  one.stop();
  await looking;

  assert.deepEqual(told, []);
});

test("a campaign is alive until somebody has said the last word", () => {
  for (const state of ["scheduled", "preparing", "sending", "interrupted", "paused"]) assert.ok(isAlive({ state }), state);
  for (const state of ["draft", "finished", "cancelled", "expired"]) assert.ok(!isAlive({ state }), state);
  assert.ok(!isAlive(null));
});
