// www/admin/send_once.js: whatever happened to an earlier attempt, a message goes out once.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

globalThis.crypto ??= webcrypto;

const { UNDO, sendOnce } = await loadModule("admin/send_once.js");
const { openSlot } = await loadModule("admin/slot.js");
const { EMPTY } = await loadModule("admin/message.js");
const TEXT = { ...EMPTY, title: "Bridge", body: "Open" };

/** A server that keeps campaigns by key as the real one does; `lost` answers never arrive though they were taken. */
class Server {
  campaigns = [];
  keys = new Map();
  lost = 0;
  refuses = [];

  answer(path, { method, headers, body }) {
    if (method === "GET") return [200, { campaigns: this.campaigns }];
    const refused = this.refuses.shift();
    if (refused) return refused;
    const key = headers["Idempotency-Key"];
    const known = this.keys.get(key);
    if (known && known.body !== body) return [422, { error: { code: "key_reused", message: "used" } }];
    if (!known) {
      const message = JSON.parse(body);
      const campaign = { id: this.campaigns.length + 1, state: "scheduled", created_at: Math.floor(Date.now() / 1000), message, send_at: message.send_at };
      this.campaigns.unshift(campaign);
      this.keys.set(key, { body, campaign });
    }
    if (this.lost > 0) return (this.lost -= 1), [0];
    return [known ? 200 : 201, this.keys.get(key).campaign];
  }
}

function standing(t) {
  const server = new Server();
  const kept = new Map();
  const storage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value), removeItem: (name) => void kept.delete(name) };
  t.mock.method(globalThis, "fetch", async (path, init) => {
    const [status, json] = server.answer(path, init);
    if (status === 0) throw new TypeError("reset");
    return new Response(JSON.stringify(json), { status });
  });
  const reopen = () => openSlot("", storage);
  return { server, slot: reopen(), reopen };
}

test("a message goes out in a moment, so that it can be taken back", async (t) => {
  const { slot } = standing(t);

  const campaign = await sendOnce(slot, TEXT);

  const ahead = campaign.send_at - Date.now() / 1000;
  assert.ok(ahead > UNDO - 1 && ahead <= UNDO + 1, `${ahead}`);
  assert.equal(campaign.message.title, "Bridge");
});

test("after a silence, and a reload, the same text is the same campaign", async (t) => {
  const { server, slot, reopen } = standing(t);
  server.lost = 1;

  await assert.rejects(sendOnce(slot, TEXT), { status: 0 });
  const campaign = await sendOnce(reopen(), TEXT);

  assert.deepEqual([server.campaigns.length, campaign.id], [1, 1]);
});

test("when the silence was long, it is looked up whether it went", async (t) => {
  const { server, slot, reopen } = standing(t);
  server.lost = 1;
  await assert.rejects(sendOnce(slot, TEXT), { status: 0 });
  const { attempt } = reopen();
  reopen().save({ attempt: { ...attempt, body: { ...attempt.body, send_at: 1 } } });

  const campaign = await sendOnce(reopen(), TEXT);

  assert.deepEqual([server.campaigns.length, campaign.id], [1, 1]);
});

test("when it did not go, the same key takes it, with a new time", async (t) => {
  const { server, slot, reopen } = standing(t);
  server.refuses = [[503, { error: { code: "unavailable", message: "away" } }]];
  await assert.rejects(sendOnce(slot, TEXT), { status: 503 });
  const { attempt, key } = reopen();
  reopen().save({ attempt: { ...attempt, body: { ...attempt.body, send_at: 1 } } });

  const campaign = await sendOnce(reopen(), TEXT);

  assert.ok(campaign.send_at > 1);
  assert.deepEqual([...server.keys.keys()], [key]);
});

test("two tabs with one text send it once", async (t) => {
  const { server, slot, reopen } = standing(t);
  slot.save({ values: TEXT });
  const other = reopen();

  const first = await sendOnce(slot, TEXT);
  server.campaigns[0].message = { ...first.message, send_at: 5 }; // pressed at another second
  server.keys.get(slot.key).body = "another second";
  const second = await sendOnce(other, TEXT);

  assert.deepEqual([server.campaigns.length, second.id], [1, first.id]);
});

test("a text that was changed after an attempt that went through is said to be another, and gets a key of its own", async (t) => {
  const { server, slot } = standing(t);
  server.lost = 1;
  await assert.rejects(sendOnce(slot, TEXT), { status: 0 });
  const { key } = slot;

  await assert.rejects(sendOnce(slot, { ...TEXT, body: "Closed" }), { code: "key_reused" });
  assert.notEqual(slot.key, key);
  const campaign = await sendOnce(slot, { ...TEXT, body: "Closed" });

  assert.deepEqual([server.campaigns.length, campaign.id], [2, 2]);
});

test("a refusal is no attempt: a mended text goes under the same key", async (t) => {
  const { server, slot } = standing(t);
  server.refuses = [[400, { error: { code: "bad_url", field: "url", message: "must be a path" } }]];
  const { key } = slot;

  await assert.rejects(sendOnce(slot, TEXT), { field: "url" });

  assert.deepEqual([slot.attempt, slot.key], [null, key]);
});
