// www/admin/slot.js and server_draft.js: what is written outlasts the page, here and on the server.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

globalThis.crypto ??= webcrypto; // node 18 keeps it in its module

const { openSlot } = await loadModule("admin/slot.js");
const { keepOnServer } = await loadModule("admin/server_draft.js");
const { EMPTY } = await loadModule("admin/message.js");
const { uuid } = await loadModule("admin/uuid.js");
const TEXT = { ...EMPTY, title: "Bridge", body: "Open" };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function storage() {
  const kept = new Map();
  return { kept, getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value), removeItem: (name) => void kept.delete(name) };
}

test("what was written is there after a reload, under the key that was made with it", () => {
  const store = storage();
  const slot = openSlot("", store);
  slot.save({ values: TEXT, dirty: true });

  const again = openSlot("", store);

  assert.deepEqual([again.values, again.key, again.dirty, again.known], [TEXT, slot.key, true, true]);
  assert.match(again.key, UUID);
});

test("each address of the form has a place of its own", () => {
  const store = storage();
  openSlot("", store).save({ values: TEXT });

  assert.equal(openSlot("draft-7", store).values.title, "");
  assert.notEqual(openSlot("draft-7", store).key, openSlot("", store).key);
});

test("what was sent leaves nothing behind, and a new key", () => {
  const store = storage();
  const slot = openSlot("", store);
  slot.save({ values: TEXT, draft: { id: 3, version: 1 }, attempt: { values: TEXT, body: {} } });
  const { key } = slot;

  slot.clear();

  assert.notEqual(slot.key, key);
  assert.deepEqual([slot.values, slot.draft, slot.attempt], [{ ...EMPTY }, null, null]);
  assert.equal(store.kept.size, 0);
});

test("rubbish in the storage, or none at all, is an empty form; that it can't be kept is said", () => {
  for (const text of ["{", "null", "7", '{"values":{"title":5,"evil":"x"},"key":9,"draft":{"id":"x"}}']) {
    const slot = openSlot("", { ...storage(), getItem: () => text });
    assert.deepEqual([slot.values, slot.draft], [{ ...EMPTY }, null]);
    assert.match(slot.key, UUID);
  }
  const fail = () => { throw new Error("forbidden"); };
  const slot = openSlot("", { getItem: fail, setItem: fail, removeItem: fail });
  assert.equal(slot.save({ values: TEXT }), false);
  slot.clear();

  Object.defineProperty(globalThis, "localStorage", { get: fail, configurable: true });
  assert.equal(openSlot("").save({ values: TEXT }), false);
  delete globalThis.localStorage;
});

test("pages without randomUUID, as on plain http, make a proper key as well", () => {
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });

  const keys = [uuid(), uuid()];

  delete crypto.randomUUID;
  for (const key of keys) assert.match(key, UUID);
  assert.notEqual(keys[0], keys[1]);
});

/** A slot with this text, kept on a server that answers one after the other. */
function keeping(t, ...answers) {
  const asked = [];
  const told = [];
  t.mock.method(globalThis, "fetch", async (path, { method, body }) => {
    asked.push([method, path, body && JSON.parse(body)]);
    const [status, json] = answers.shift();
    if (status === 0) throw new TypeError("away");
    return new Response(JSON.stringify(json), { status });
  });
  const slot = openSlot("", storage());
  slot.save({ values: TEXT, dirty: true });
  return { slot, asked, told, keep: keepOnServer(slot, (word) => told.push(word.state), 0) };
}

test("the first save makes a draft, with its key; later ones change it by version", async (t) => {
  const { slot, asked, told, keep } = keeping(t, [201, { id: 5, version: 1 }], [200, { version: 2 }]);

  await keep.now();
  slot.save({ values: { ...TEXT, body: "Closed" }, dirty: true });
  await keep.now();
  await keep.now();

  assert.deepEqual(asked.map(([method, path, { version }]) => [method, path, version]), [["POST", "/api/admin/drafts", undefined], ["PUT", "/api/admin/drafts/5", 1]]);
  assert.equal(asked[1][2].content.body, "Closed");
  assert.equal(asked[1][2].content.key, slot.key);
  assert.deepEqual([slot.draft, slot.dirty, told], [{ id: 5, version: 2 }, false, ["saved", "saved"]]);
});

test("two saves at once make one draft", async (t) => {
  const { asked, keep } = keeping(t, [201, { id: 5, version: 1 }]);

  await Promise.all([keep.now(), keep.now()]);

  assert.equal(asked.length, 1);
});

test("a version that somebody else has changed is told, and nothing overwritten until the editor has chosen", async (t) => {
  const { slot, asked, told, keep } = keeping(t, [409, { error: { code: "conflict", message: "Ana" }, current: { id: 5, version: 8, content: {} } }], [200, { version: 9 }], [201, { id: 6, version: 1 }]);
  slot.save({ draft: { id: 5, version: 1 } });

  await keep.now();
  assert.deepEqual([told, slot.dirty], [["conflict"], true]);

  await keep.replace(8);
  assert.equal(asked[1][2].version, 8);
  assert.deepEqual(slot.draft, { id: 5, version: 9 });

  await keep.apart();
  assert.deepEqual([asked[2][0], slot.draft], ["POST", { id: 6, version: 1 }]);
});

test("a server that is away keeps the text waiting; a draft that is gone is made anew", async (t) => {
  const { slot, asked, told, keep } = keeping(t, [0], [404, { error: {} }], [201, { id: 7, version: 1 }]);
  slot.save({ draft: { id: 5, version: 1 } });

  await keep.now();
  assert.deepEqual([told, slot.dirty], [["waiting"], true]);

  await keep.now();
  await new Promise((go) => { setTimeout(go, 20); });
  assert.deepEqual(asked.map(([method]) => method), ["PUT", "PUT", "POST"]);
  assert.deepEqual(slot.draft, { id: 7, version: 1 });
});

test("a save whose answer was lost is no conflict with oneself", async (t) => {
  const { slot, told, keep } = keeping(t, [409, { error: { code: "conflict", message: "Ana" }, current: { id: 5, version: 2, content: { ...TEXT, key: "k" } } }]);
  slot.save({ draft: { id: 5, version: 1 } });

  await keep.now();

  assert.deepEqual([slot.draft, slot.dirty, told], [{ id: 5, version: 2 }, false, ["saved"]]);
});

test("after leaving nothing is saved any more", async (t) => {
  const { asked, keep } = keeping(t);

  keep.leave();
  keep.soon();
  await keep.now();
  await new Promise((go) => { setTimeout(go, 10); });

  assert.deepEqual(asked, []);
});
