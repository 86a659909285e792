// www/admin/api.js: what the admin pages make of the server's answers.
import assert from "node:assert/strict";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

const { ApiError, call, login, readCampaign, serverNow, stream: streamed } = await loadModule("admin/api.js");
const MESSAGE = { title: "Bridge", send: true };
const COUNTS = { audience: 2, waiting: 0, accepted: 2 };

/** Sends with the server answering as given; what was asked is in `asked`. */
async function sent(t, answer, onProgress) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (...call) => {
    asked.push(call);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { campaign: await streamed("POST", "/api/admin/campaigns", MESSAGE, onProgress, { headers: { "Idempotency-Key": "key-1" } }), asked };
}

const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

function stream(...chunks) {
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk));
  const body = new ReadableStream({
    pull(controller) {
      const next = bytes.shift();
      if (next === undefined) controller.close();
      else if (next instanceof Error) controller.error(next);
      else controller.enqueue(next);
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/x-ndjson; charset=utf-8" } });
}

test("one JSON answer is the campaign", async (t) => {
  const { campaign, asked } = await sent(t, json(200, { id: 1, state: "finished", counts: COUNTS }));

  assert.equal(campaign.id, 1);
  const [url, { method, headers, body }] = asked[0];
  assert.deepEqual([method, url], ["POST", "/api/admin/campaigns"]);
  assert.deepEqual(JSON.parse(body), { title: "Bridge", send: true });
  assert.deepEqual(headers, { "Content-Type": "application/json", Accept: "application/x-ndjson, application/json", "Idempotency-Key": "key-1" });
});

test("progress lines are told as they come, cut anywhere, and the last one is the result", async (t) => {
  const told = [];
  const answer = stream(
    '{"audience":2,"waiting":2,"state":"sending"}\n{"audience":2,"wai',
    'ting":1,"accepted":1,"state":"sending"}\n\n',
    JSON.stringify({ id: 7, state: "finished", counts: COUNTS, services: [] }),
  );

  const { campaign } = await sent(t, answer, (one) => told.push(one.counts.waiting));

  assert.deepEqual(told, [2, 1, 0]);
  assert.deepEqual([campaign.id, campaign.state, campaign.counts], [7, "finished", COUNTS]);
});

test("a letter cut in two by the network is one letter", async (t) => {
  const bytes = new TextEncoder().encode('{"state":"finished","reason":"für"}\n');
  const cut = bytes.indexOf(0xc3) + 1;

  const { campaign } = await sent(t, stream(bytes.slice(0, cut), bytes.slice(cut)));

  assert.equal(campaign.reason, "für");
});

test("a stream that breaks off leaves a campaign that goes on", async (t) => {
  const line = '{"id":3,"audience":9,"waiting":4,"accepted":5,"state":"sending"}\n';

  const { campaign } = await sent(t, stream(line, new Error("reset")));

  assert.deepEqual([campaign.id, campaign.state, campaign.counts.accepted], [3, "interrupted", 5]);
});

test("the API's refusal keeps its code, field and words", async (t) => {
  const error = { code: "bad_url", field: "url", message: "must be a path" };

  await assert.rejects(sent(t, json(400, { status: "error", error })), (thrown) => {
    assert.ok(thrown instanceof ApiError);
    assert.deepEqual([thrown.status, thrown.code, thrown.field, thrown.message], [400, "bad_url", "url", "must be a path"]);
    return true;
  });
});

test("a campaign is looked at by its id", async (t) => {
  const fetched = t.mock.method(globalThis, "fetch", async () => json(200, { id: 7, state: "sending" }));

  assert.deepEqual(await readCampaign(7), { id: 7, state: "sending" });
  const [path, { method, body }] = fetched.mock.calls[0].arguments;
  assert.deepEqual([method, path, body], ["GET", "/api/admin/campaigns/7", undefined]);
});

test("a look that fails is an ApiError too", async (t) => {
  for (const [answer, status] of [[json(503, { error: { code: "unavailable", message: "away" } }), 503], [json(200, []), 200]]) {
    t.mock.method(globalThis, "fetch", async () => answer);
    await assert.rejects(readCampaign(7), (thrown) => thrown instanceof ApiError && thrown.status === status);
  }
});

const SILENCES = [
  ["no network", new TypeError("Failed to fetch"), 0],
  ["a proxy's page", new Response("<html>Bad gateway</html>", { status: 502 }), 502],
  ["an error that is null", json(500, { error: null }), 500],
  ["a page where JSON should be", new Response("<html>", { status: 200 }), 200],
  ["a list where an object should be", json(200, [1]), 200],
  ["an empty stream", stream(), 0],
  ["an error within the stream", stream('{"status":"error","error":{"code":"unavailable","message":"away"}}\n'), 200],
];
for (const [what, answer, status] of SILENCES) {
  test(`${what} is an ApiError`, async (t) => {
    await assert.rejects(sent(t, answer), (thrown) => thrown instanceof ApiError && thrown.status === status);
  });
}

test("a change says that it is JSON even without a body; an image goes as it is", async (t) => {
  const fetched = t.mock.method(globalThis, "fetch", async () => json(200, {}));

  await call("POST", "/api/admin/campaigns/7/cancel");
  await call("POST", "/api/admin/images", new Blob(["x"], { type: "image/png" }));

  const types = fetched.mock.calls.map(({ arguments: [, { headers }] }) => headers["Content-Type"]);
  assert.deepEqual(types, ["application/json", "image/png"]);
});

test("a conflict carries the whole answer", async (t) => {
  t.mock.method(globalThis, "fetch", async () => json(409, { error: { code: "conflict", message: "by Ana" }, current: { version: 4 } }));

  await assert.rejects(call("PUT", "/api/admin/drafts/1", {}), ({ code, body }) => code === "conflict" && body.current.version === 4);
});

test("an ended login is told once, and its return once", async (t) => {
  const told = [];
  for (const word of ["out", "in"]) login.addEventListener(word, () => told.push(word));
  const answers = [json(401, {}), json(401, {}), new TypeError("away"), json(200, {}), json(200, {})];
  t.mock.method(globalThis, "fetch", async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });

  for (let calls = 5; calls > 0; calls -= 1) await call("GET", "/api/admin/me").catch((error) => assert.ok(error instanceof ApiError));

  assert.deepEqual(told, ["out", "in"]);
});

test("a call that was given up is no silence of the server", async (t) => {
  const given = new AbortController();
  t.mock.method(globalThis, "fetch", (_, { signal }) => new Promise((_done, fail) => { signal.addEventListener("abort", () => fail(signal.reason)); }));
  const calling = call("POST", "/api/admin/preview", {}, { signal: given.signal });

  given.abort();

  await assert.rejects(calling, { name: "AbortError" });
});

test("the server's clock counts where it is far from this browser's", async (t) => {
  const off = (seconds) => new Response("{}", { headers: { Date: new Date(Date.now() + seconds * 1000).toUTCString() } });
  for (const [seconds, expected] of [[300, 300], [1, 0], [-300, -300]]) {
    t.mock.method(globalThis, "fetch", async () => off(seconds));
    await call("GET", "/api/admin/me");
    const ahead = serverNow() - Date.now() / 1000;
    assert.ok(Math.abs(ahead - expected) < 2, `${ahead}`);
  }
});
