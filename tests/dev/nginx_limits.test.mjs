// Limits and outages: 429 and 503 in the API's shape, with Retry-After.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startNginx } from "./nginx_alone.mjs";
import { login, request } from "./raw_http.mjs";

async function withNginx(options, body) {
  const nginx = await startNginx(options);
  try {
    await body(nginx);
  } finally {
    await nginx.stop();
  }
}

async function statuses(count, ask) {
  const found = [];
  for (let i = 0; i < count; i += 1) found.push((await ask(i)).status);
  return found;
}

test("posts beyond the rate and its burst of 20 are answered 429 as JSON; reading goes on", () => withNginx({ rate: 1 }, async ({ port, public: pool }) => {
  const methods = ["POST", "PATCH", "DELETE", "PUT"];
  const change = (i) => request(port, "/api/push-subscriptions", { method: methods[i % 4], body: "{}" });

  assert.deepEqual(await statuses(21, change), Array(21).fill(200));
  const refused = await change(0);

  assert.equal(refused.status, 429);
  assert.equal(refused.json().error.code, "rate_limited");
  assert.equal(refused.header("content-type"), "application/json");
  assert.match(refused.header("retry-after"), /^[1-9][0-9]*$/);
  assert.equal(refused.header("cache-control"), "no-store");
  assert.equal(pool.seen, 21);
  assert.deepEqual(await statuses(30, () => request(port, "/api/config")), Array(30).fill(200));
  assert.deepEqual(await statuses(3, () => request(port, "/")), Array(3).fill(200));
}));

test("--rate 0 limits nothing, also not the connections", () => withNginx({ rate: 0 }, async ({ port }) => {
  const many = await Promise.all(Array.from({ length: 120 }, () => request(port, "/api/push-subscriptions", { method: "POST", body: "{}" })));

  assert.ok(many.every((answer) => answer.status === 200));
}));

test("guessing passwords is slowed: a burst of 100, then 429", () => withNginx({}, async ({ port }) => {
  const many = await Promise.all(Array.from({ length: 160 }, () => request(port, "/api/admin/me", { headers: [login("boss", "x")] })));
  const found = many.map((answer) => answer.status);

  assert.deepEqual([...new Set(found)].sort(), [401, 429]);
  assert.ok(found.filter((status) => status === 401).length < 150);
  assert.equal(many.find((answer) => answer.status === 429).json().error.code, "rate_limited");
}));

test("pools that are away are answered 503 with Retry-After; the pages stay", () => withNginx({ pools: false }, async ({ port }) => {
  for (const [path, headers] of [["/api/config", []], ["/api/admin/me", [login("admin", "password")]]]) {
    const answer = await request(port, path, { headers });

    assert.equal(answer.status, 503);
    assert.equal(answer.json().error.code, "unavailable");
    assert.match(answer.header("retry-after"), /^[1-9][0-9]*$/);
  }
  assert.equal((await request(port, "/")).status, 200);
}));
