// The site's configuration in front of two echoing pools: headers, limits, error bodies, hidden files, logs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startNginx } from "./nginx_alone.mjs";
import { exchange, login, readAnswer, request } from "./raw_http.mjs";

let nginx;
before(async () => { nginx = await startNginx(); });
after(() => nginx.stop());

const right = login("admin", "password");
const json = "Content-Type: application/json";

function isApiError(answer, status, code) {
  assert.equal(answer.status, status);
  assert.equal(answer.header("content-type"), "application/json");
  const { status: word, error } = answer.json();
  assert.equal(word, "error");
  assert.equal(error.code, code);
  assert.equal(error.field, "");
  assert.notEqual(error.message, "");
}

const securityHeaders = {
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
    + "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

const answers = {
  "a page": ["/", {}, 200],
  "the service worker": ["/push/sw.js", {}, 200],
  "a missing page": ["/nothing", {}, 404],
  "a hidden file": ["/.git/config", {}, 404],
  "the public API": ["/api/config", {}, 200],
  "an error of the public pool": ["/api/x?status=404", {}, 404],
  "nginx's own 413": ["/api/x", { method: "POST", headers: [json], body: "x".repeat(16385) }, 413],
  "the admin page": ["/admin/", { headers: [right] }, 200],
  "the admin page without the password": ["/admin/", {}, 401],
  "the admin API": ["/api/admin/me", { headers: [right] }, 200],
  "the admin API without the password": ["/api/admin/me", {}, 401],
  "TRACE": ["/api/x", { method: "TRACE" }, 405],
};
for (const [what, [path, options, status]] of Object.entries(answers)) {
  test(`${what} bears every security header once, and no HSTS on plain http`, async () => {
    const answer = await request(nginx.port, path, options);

    assert.equal(answer.status, status);
    for (const [name, value] of Object.entries(securityHeaders)) assert.deepEqual(answer.headers[name], [value], name);
    assert.equal(answer.header("strict-transport-security"), undefined);
    assert.equal(answer.header("server"), "nginx");
  });
}

test("a click's answer sends no referrer on, and is not kept", async () => {
  const answer = await request(nginx.port, "/api/c/x");

  assert.equal(answer.status, 200);
  assert.equal(answer.json().pool, "public");
  for (const [name, value] of Object.entries({ ...securityHeaders, "referrer-policy": "no-referrer", "cache-control": "no-store" })) {
    assert.deepEqual(answer.headers[name], [value], name);
  }
});

test("without a pool a click leads to the front page, where the API says 503", async () => {
  const alone = await startNginx({ pools: false });
  try {
    const click = await request(alone.port, "/api/c/x");

    assert.deepEqual([click.status, click.header("location"), click.header("cache-control")], [302, "/", "no-store"]);
    assert.deepEqual(click.headers["referrer-policy"], ["no-referrer"]);
    isApiError(await request(alone.port, "/api/config"), 503, "unavailable");
  } finally {
    await alone.stop();
  }
});

test("what may be kept for how long is said for each kind", async () => {
  const kept = async (path, options) => (await request(nginx.port, path, options)).header("cache-control");

  assert.equal(await kept("/push/sw.js"), "no-cache");
  assert.equal(await kept("/"), "no-cache");
  assert.equal(await kept("/api/config"), "no-store");
  assert.equal(await kept("/api/admin/me", { headers: [right] }), "no-store");
  assert.equal(await kept("/api/admin/me"), "no-store");
});

test("files have the types that browsers insist on", async () => {
  assert.match((await request(nginx.port, "/push/sw.js")).header("content-type"), /^application\/javascript(; charset=utf-8)?$/);
  assert.match((await request(nginx.port, "/manifest.webmanifest")).header("content-type"), /^application\/manifest\+json/);
  assert.equal((await request(nginx.port, "/")).header("content-type"), "text/html; charset=utf-8");
});

for (const path of ["/.git/config", "/.env", "/site.conf", "/dump.SQL", "/push/vapid.pem", "/index.html~", "/%2egit/config",
  "/push/%2e%2e/.env", "/push../site.conf"]) {
  test(`${path} is not published`, async () => {
    const answer = await request(nginx.port, path);

    assert.equal(answer.status, 404);
    assert.doesNotMatch(answer.body, /secret/);
  });
}

test("/.well-known/ is published", async () => {
  assert.equal((await request(nginx.port, "/.well-known/security.txt")).status, 200);
});

test("a public body of 16 KiB passes, one byte more is too large and reaches nobody", async () => {
  const send = (bytes) => request(nginx.port, "/api/push-subscriptions", { method: "POST", headers: [json], body: "x".repeat(bytes) });
  const before = nginx.public.seen;

  assert.equal((await send(16384)).json().body.length, 16384);
  isApiError(await send(16385), 413, "too_large");
  assert.equal(nginx.public.seen, before + 1);
});

test("an admin body of 64 KiB passes, one byte more is too large", async () => {
  for (const path of ["/api/admin/campaigns", "/admin-api/trigger-push-notifications"]) {
    const send = (bytes) => request(nginx.port, path, { method: "POST", headers: [json, right], body: "x".repeat(bytes) });

    assert.equal((await send(65536)).json().body.length, 65536);
    isApiError(await send(65537), 413, "too_large");
  }
});

test("a chunked body arrives whole, with its length", async () => {
  const text = "POST /api/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

  const { params, body } = readAnswer(await exchange(nginx.port, text)).json();

  assert.equal(params.CONTENT_LENGTH, "5");
  assert.equal(body, "hello");
});

test("a chunked body that grows too large is refused as JSON", async () => {
  const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
  const text = `POST /api/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`;

  isApiError(readAnswer(await exchange(nginx.port, text)), 413, "too_large");
});

test("nginx's own errors have the API's shape", async () => {
  isApiError(await request(nginx.port, "/api/admin/me"), 401, "login_required");
  isApiError(await request(nginx.port, "/admin-api/x"), 401, "login_required");
  isApiError(await request(nginx.port, "/api/x", { method: "TRACE" }), 405, "bad_method");
  isApiError(await request(nginx.port, `/api/${"x".repeat(9000)}`), 414, "too_long");
  isApiError(await request(nginx.port, "/api/x", { headers: ["Content-Length: abc"] }), 400, "bad_request");
  isApiError(await request(nginx.port, "/api/x", { headers: [`X-Long: ${"x".repeat(9000)}`] }), 400, "bad_request");
  isApiError(await request(nginx.port, "/api/x", { headers: ["Host: twice"] }), 400, "bad_request");
  isApiError(await request(nginx.port, "/api/%zz"), 400, "bad_request");
  isApiError(await request(nginx.port, "/api/%00"), 400, "bad_request");
});

test("405 names the methods", async () => {
  assert.match((await request(nginx.port, "/api/x", { method: "TRACE" })).header("allow"), /GET.*POST/);
});

test("the pool's own error bodies pass untouched", async () => {
  for (const status of [400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 502, 503, 504]) {
    const answer = await request(nginx.port, `/api/x?status=${status}`);

    assert.equal(answer.status, status);
    assert.equal(answer.json().pool, "public");
  }
});

test("the error pages cannot be asked for", async () => {
  for (const path of ["/lamppost-error/400", "/lamppost-error/414"]) assert.equal((await request(nginx.port, path)).status, 404);
});

test("the log holds neither queries nor addresses, and is JSON whatever the path", async () => {
  await request(nginx.port, '/api/c/%22%0a?token=SECRET');

  const lines = nginx.accessLog().trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.some((line) => line.path === '/api/c/"\n'));
  assert.ok(lines.every((line) => line.network === "127.0.0.0"));
  assert.doesNotMatch(nginx.accessLog(), /SECRET/);
});

test("bodies are not written to disk", () => {
  assert.doesNotMatch(nginx.errorLog(), /buffered to a temporary file/);
});
