// www/admin/draft.js: the text outlasts the page, and no text goes out twice.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

globalThis.crypto ??= webcrypto; // node 18 keeps it in its module

const { openDraft } = await loadModule("admin/draft.js");
const TEXT = { title: "Bridge", body: "Open", url: "/bridge" };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function storage(content = {}) {
  const kept = new Map(Object.entries(content));
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

test("what was written is there after a reload, with a new key", () => {
  const store = storage();
  const draft = openDraft(store);
  draft.save(TEXT);

  const again = openDraft(store);

  assert.deepEqual(again.values, TEXT);
  assert.match(again.key, UUID);
  assert.notEqual(again.key, draft.key);
});

test("after an attempt whose end nobody knows the key outlasts a reload", () => {
  const store = storage();
  const draft = openDraft(store);
  draft.attempt(TEXT);

  const again = openDraft(store);

  assert.equal(again.key, draft.key);
});

test("editing after such an attempt keeps the key, so that the server can object", () => {
  const store = storage();
  openDraft(store).attempt(TEXT);
  const again = openDraft(store);
  again.save({ ...TEXT, body: "Closed" });

  assert.equal(openDraft(store).key, again.key);
});

test("a sent message leaves an empty form and a new key", () => {
  const store = storage();
  const draft = openDraft(store);
  const { key } = draft;
  draft.attempt(TEXT);

  draft.finish();

  assert.deepEqual(draft.values, { title: "", body: "", url: "" });
  assert.notEqual(draft.key, key);
  assert.deepEqual(openDraft(store).values, { title: "", body: "", url: "" });
});

test("a key that another text holds is changed and the text stays", () => {
  const store = storage();
  const draft = openDraft(store);
  const { key } = draft;
  draft.attempt(TEXT);

  draft.settle(TEXT);

  assert.notEqual(draft.key, key);
  assert.deepEqual(openDraft(store).values, TEXT);
});

test("rubbish in the storage, or none at all, is an empty draft", () => {
  for (const text of ["{", "null", "7", '{"values":{"title":5,"evil":"x"},"key":9}']) {
    const { values, key } = openDraft(storage({ "lamppost-draft": text }));
    assert.deepEqual(values, { title: "", body: "", url: "" });
    assert.match(key, UUID);
  }
  const forbidden = { getItem: () => assert.fail("forbidden"), setItem: () => assert.fail("forbidden") };
  openDraft(forbidden).save(TEXT);
});

test("pages without randomUUID, as on plain http, make a proper key as well", () => {
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });

  const keys = [openDraft(storage()).key, openDraft(storage()).key];

  delete crypto.randomUUID;
  for (const key of keys) assert.match(key, UUID);
  assert.notEqual(keys[0], keys[1]);
});
