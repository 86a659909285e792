// Whatever a stranger sends: a 4xx that names the fault, no row more or less, the same workers as before.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { connect } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { exchange, login, readAnswer } from "../dev/raw_http.mjs";
import { badJson, badNotifications, badRemovals, badSubscriptions, badTexts, badWrappings } from "./bad_bodies.mjs";
import { startSite } from "./site.mjs";

let site, good, atFirst;
before(async () => {
  site = await startSite();
  [good] = await site.subscribe(1); // one row that must stay as it is
  atFirst = await standing();
});
after(async () => { await site?.stop(); });
afterEach(async () => {
  assert.deepEqual(await standing(), atFirst, "the database or the workers are not as before");
  assert.equal(site.service.received().length, 0, "something was sent");
  assert.equal((await site.public("/api/health")).status, 200);
});

async function standing() {
  return {
    rows: await site.rows(),
    subscription: await site.sql("SELECT id, SHA2(CONCAT(endpoint, HEX(p256dh), HEX(auth), language), 256), gone_at FROM subscription"),
    workers: [...site.workers("public"), ...site.workers("admin")],
  };
}

// An empty body is none: Node 18 cannot send one with DELETE, and nginx sees no difference.
const asBytes = (body) => (typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
const orNone = (bytes) => (bytes.length === 0 ? undefined : bytes);
const post = (ask, path, body, { method = "POST", ...headers } = {}) => ask(path, { method, body: orNone(asBytes(body)), headers: { "Content-Type": "application/json", ...headers } });

async function assertRefused(answer, { status = 400, code, field = "", what }) {
  const text = await answer.text();
  assert.equal(answer.status, status, `${what}: ${text}`);
  assert.match(answer.headers.get("content-type"), /^application\/json/, what);
  assert.equal(answer.headers.get("cache-control"), "no-store", what);
  const { status: word, error } = JSON.parse(text);
  assert.equal(word, "error", what);
  assert.deepEqual({ code: error.code, field: error.field }, { code, field }, `${what}: ${text}`);
  assert.ok(error.message.length > 10, `${what}: ${text}`);
}

async function assertAllRefused(cases, ask) {
  assert.ok(cases.length > 0);
  for (const each of cases) await assertRefused(await ask(each.body), each);
}

const subscribe = (body) => post(site.public, "/api/push-subscriptions", body);
const unsubscribe = (body) => post(site.public, "/api/push-subscriptions", body, { method: "DELETE" });

// The admin locations let 20 requests a second pass, after a burst of 100.
async function slowly(ask) {
  await new Promise((go) => setTimeout(go, 52));
  return ask();
}
const send = (body) => slowly(() => post(site.admin, "/api/admin/campaigns", body));
const trigger = (body) => slowly(() => post(site.admin, "/admin-api/trigger-push-notifications", body));

test("a bare subscription with any bad member is refused by that member's name", async () => {
  await assertAllRefused(badSubscriptions(good, (subscription) => subscription, ""), subscribe);
});

test("a wrapped subscription with any bad member is refused by its path", async () => {
  await assertAllRefused(badSubscriptions(good, (subscription) => ({ subscription }), "subscription."), subscribe);
});

test("a subscription as text with any bad member is refused by its path", async () => {
  await assertAllRefused(badSubscriptions(good, (it) => ({ subscription_json: JSON.stringify(it) }), "subscription_json."), subscribe);
});

test("what stands beside a wrapped subscription is looked at too", async () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const foreign = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString("base64url");

  await assertAllRefused(badWrappings(good, foreign), subscribe);
});

test("a text that is no JSON of a subscription is refused", async () => {
  await assertAllRefused(badTexts(good), subscribe);
});

test("a body that is not clean JSON is refused when subscribing", async () => {
  await assertAllRefused(badJson(good), subscribe);
});

test("a body that is not clean JSON is refused when unsubscribing", async () => {
  await assertAllRefused(badJson({ endpoint: good.endpoint }), unsubscribe);
});

test("a removal with a bad endpoint is refused", async () => {
  await assertAllRefused(badRemovals(), unsubscribe);
});

test("a removal of what is not there changes nothing", async () => {
  for (const endpoint of [`${good.endpoint}x`, good.endpoint.slice(0, -1), good.endpoint.toUpperCase(), "' OR 1=1 -- ".trim().replaceAll(" ", "/**/"), "%"]) {
    assert.equal((await unsubscribe({ endpoint })).status, 200, endpoint);
  }
});

test("a campaign with any bad member is refused by that member's name, and nothing is sent", async () => {
  await assertAllRefused(badNotifications(), send);
});

test("a body that is not clean JSON is refused by both calls that send", async () => {
  await assertAllRefused(badJson({ title: "Never to be seen" }).slice(0, 25), send);
  await assertAllRefused(badJson({ title: "Never to be seen" }).slice(25), trigger);
});

test("the tutorial's trigger with a bad title or body is refused", async () => {
  await assertAllRefused(badNotifications().filter(({ field }) => field === "title" || field === "body"), trigger);
});

test("a wrong method is answered 405 and what is allowed", async () => {
  const cases = [
    ["public", "/api/push-subscriptions", ["GET", "HEAD", "PUT", "OPTIONS"], "POST, DELETE, PATCH"],
    ["public", "/api/config", ["POST", "PUT", "PATCH", "DELETE"], "GET, HEAD"],
    ["public", "/api/health", ["POST", "DELETE"], "GET, HEAD"],
    ["admin", "/api/admin/campaigns", ["PUT", "DELETE", "PATCH"], "POST, GET, HEAD"],
    ["admin", "/api/admin/campaigns/1", ["POST", "PUT", "DELETE"], "GET, HEAD"],
    ["admin", "/api/admin/campaigns/1/send", ["GET", "PUT", "DELETE"], "POST"],
    ["admin", "/api/admin/me", ["POST", "DELETE"], "GET, HEAD"],
    ["admin", "/admin-api/trigger-push-notifications", ["GET", "PUT", "DELETE"], "POST"],
  ];
  for (const [pool, path, methods, allowed] of cases) {
    for (const method of methods) {
      const what = `${method} ${path}`;
      const body = method === "GET" || method === "HEAD" ? undefined : "{}";
      const answer = await slowly(() => site[pool](path, { method, body, headers: { "Content-Type": "application/json" } }));

      assert.equal(answer.status, 405, what);
      assert.equal(answer.headers.get("allow"), allowed, what);
      if (method !== "HEAD") await assertRefused(answer, { status: 405, code: "bad_method", what });
    }
  }
});

test("a path that is none is answered 404, also one that only resembles an admin path", async () => {
  for (const path of ["/api", "/api/", "/api/x", "/api/config/", "/api/configs", "/api/Config", "/api/config/x", "/api/config%00", "/api/<script>",
    "/api/ADMIN/me", "/api/admin;x/me", "/api/admins/me", "/api/%2561dmin/me", "/api/config;x"]) {
    const answer = readAnswer(await exchange(site.lamppost.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`));

    assert.ok(answer.status === 404 || (answer.status === 400 && path.includes("%00")), `${path}: ${answer.status}`);
    assert.equal(answer.json().status, "error");
  }
  await assertRefused(await site.admin("/api/admin/x"), { status: 404, code: "not_found", what: "/api/admin/x" });
});

test("a content type other than JSON is refused by every call that changes something", async () => {
  const types = [undefined, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "text/json",
    "application/json; charset=latin1", "application/json, text/plain", "application/json; charset=utf-8; x=y"];
  const calls = [["public", "POST", "/api/push-subscriptions", good], ["public", "DELETE", "/api/push-subscriptions", { endpoint: good.endpoint }],
    ["admin", "POST", "/api/admin/campaigns", { title: "x", send: true }], ["admin", "POST", "/admin-api/trigger-push-notifications", { title: "x" }]];
  for (const type of types) {
    for (const [pool, method, path, json] of calls) {
      // A Buffer: fetch() gives a text a Content-Type of its own.
      const ask = () => site[pool](path, { method, body: Buffer.from(JSON.stringify(json)), headers: type === undefined ? {} : { "Content-Type": type } });

      await assertRefused(await slowly(ask), { status: 415, code: "bad_content_type", what: `${path} with ${type}` });
    }
  }
});

test("the content type may be written in any case and name UTF-8", async () => {
  for (const type of ["APPLICATION/JSON", "application/json;charset=UTF-8", 'Application/Json; charset="utf-8"', " application/json "]) {
    assert.equal((await post(site.public, "/api/push-subscriptions", good, { "Content-Type": type })).status, 200, type);
  }
});

test("another site's pages can change nothing, with a login neither", async () => {
  const foreign = [{ "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": "same-site" }, { "Sec-Fetch-Site": "none" }, { "Sec-Fetch-Site": "x" },
    { Origin: "https://evil.example" }, { Origin: "null" }, { Origin: "http://localhost" }, { Origin: `https://localhost:${site.lamppost.port}` },
    { Origin: `${site.lamppost.origin}.evil.example` }, { Origin: site.lamppost.origin, "Sec-Fetch-Site": "cross-site" }];
  const calls = [["POST", "/api/push-subscriptions", good, ""], ["DELETE", "/api/push-subscriptions", { endpoint: good.endpoint }, ""],
    ["POST", "/api/admin/campaigns", { title: "x", send: true }, login("admin", site.lamppost.password)],
    ["POST", "/admin-api/trigger-push-notifications", { title: "x" }, login("admin", site.lamppost.password)]];
  for (const headers of foreign) {
    for (const [method, path, json, authorization] of calls) {
      // By hand: fetch() does not let Sec-Fetch-Site pass.
      const answer = await raw(`${method} ${path}`, JSON.stringify(json), ["Content-Type: application/json", authorization,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]);

      assert.equal(answer.status, 403, `${path} from ${JSON.stringify(headers)}: ${answer.body}`);
      assert.equal(answer.json().error.code, "cross_site");
    }
  }
});

test("our own pages pass", async () => {
  const own = await raw("POST /api/push-subscriptions", JSON.stringify(good),
    ["Content-Type: application/json", "Sec-Fetch-Site: same-origin", `Origin: ${site.lamppost.origin}`]);

  assert.equal(own.status, 200);
});

function raw(line, body, headers, framing = [`Content-Length: ${Buffer.byteLength(body)}`]) {
  const head = [`${line} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers.filter((header) => header !== ""), ...framing].join("\r\n");
  return exchange(site.lamppost.port, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(body)])).then(readAnswer);
}

test("no admin call answers without the right login, whatever else the request says", async () => {
  const { password } = site.lamppost;
  const logins = ["", login("admin", "wrong"), login("admin", ""), login("admin", password.slice(0, -1)), login("admin", `${password}x`), login("Admin", password),
    login("", password), "Authorization: Basic", "Authorization: Basic !!!", `Authorization: Bearer ${password}`, "Remote-User: admin", "Lamppost-Gate: admin",
    "LAMPPOST_GATE: admin", "X-Forwarded-User: admin"];
  const calls = [["GET /api/admin/me", ""], ["POST /api/admin/campaigns", '{"title":"x","send":true}'], ["POST /admin-api/trigger-push-notifications", '{"title":"x"}'],
    ["GET /api//admin/me", ""], ["GET /api/%61dmin/me", ""], ["GET /api/x/../admin/me", ""], ["GET /admin/", ""]];
  for (const [at, line] of logins.entries()) {
    for (const [call, body] of calls) {
      const answer = await slowly(() => raw(call, body, ["Content-Type: application/json", line]));

      assert.equal(answer.status, 401, `${call} with login ${at}`);
      assert.match(answer.header("www-authenticate"), /^Basic realm=/);
      if (call.includes("api")) assert.equal(answer.json().error.code, "login_required");
    }
  }
});

test("a body over the limit is refused as too large, one at the limit is read", async () => {
  const padded = (object, size) => JSON.stringify({ ...object, x: "x".repeat(size - JSON.stringify({ ...object, x: "" }).length) });
  const tooLarge = { status: 413, code: "too_large" };

  assert.equal((await subscribe(padded(good, 16 * 1024))).status, 200);
  await assertRefused(await subscribe(padded(good, 16 * 1024 + 1)), { ...tooLarge, what: "16 KiB and one byte" });
  await assertRefused(await unsubscribe(padded({ endpoint: good.endpoint }, 16 * 1024 + 1)), { ...tooLarge, what: "removal" });
  await assertRefused(await send(padded({ ttl: -1 }, 64 * 1024)), { code: "missing_title", field: "title", what: "64 KiB" });
  await assertRefused(await send(padded({ title: "x", send: true }, 64 * 1024 + 1)), { ...tooLarge, what: "64 KiB and one byte" });
});

test("a chunked body is read like any other, and refused like any other", async () => {
  const chunked = (...parts) => [...parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`), "0\r\n\r\n"].join("");
  const ask = (body) => raw("POST /api/push-subscriptions", body, ["Content-Type: application/json"], ["Transfer-Encoding: chunked"]);
  const text = JSON.stringify(good);

  assert.equal((await ask(chunked(text.slice(0, 10), text.slice(10)))).status, 200);
  assert.equal((await ask(chunked(text.slice(0, 10)))).json().error.code, "bad_json");
  assert.equal((await ask(chunked("x".repeat(17_000)))).status, 413);
  assert.equal((await ask("zz\r\nnot a chunk\r\n")).status, 400);
});

test("odd HTTP gets a 4xx or no answer, never a 5xx", async () => {
  const { port } = site.lamppost;
  const text = JSON.stringify(good);
  const head = "POST /api/push-subscriptions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
  const odd = {
    "no HTTP at all": "hello\r\n\r\n", "TLS": Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0, 13, 10, 13, 10]), "no path": "GET\r\n\r\n", "no Host": "GET /api/config HTTP/1.1\r\n\r\n",
    "two Hosts": "GET /api/config HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "a method in small letters": head.replace("POST", "post") + "\r\n",
    "TRACE": head.replace("POST", "TRACE") + "\r\n", "CONNECT": "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a negative length": `${head}Content-Length: -1\r\n\r\n${text}`, "a length that is none": `${head}Content-Length: x\r\n\r\n${text}`,
    "an enormous length": `${head}Content-Length: 99999999999999999999\r\n\r\n${text}`, "two lengths": `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n${text}`,
    "a length and chunks": `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    "no length": `${head}\r\n`, "a header of 40 kB": `${head}X: ${"x".repeat(40_000)}\r\n\r\n`, "5000 headers": `${head}${"X: x\r\n".repeat(5000)}\r\n`,
    "a path of 40 kB": `GET /api/${"x".repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, "NUL in a header": `${head}X: a\0b\r\nContent-Length: 0\r\n\r\n`,
    "a NUL in the path": "GET /api/\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", "above the root": "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "another site's address": "GET http://evil.example/api/nothing HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
  };
  for (const [what, bytes] of Object.entries(odd)) {
    const answer = readAnswer(await exchange(port, bytes));

    assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.body.slice(0, 200)}`);
  }
});

test("nginx itself says which HTTP it does not speak", async () => {
  const ask = async (text) => readAnswer(await exchange(site.lamppost.port, text)).status;

  assert.equal(await ask("GET /api/config HTTP/9.9\r\nHost: localhost\r\n\r\n"), 505);
  assert.equal(await ask("POST /api/push-subscriptions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nx"), 501);
});

test("a body that is broken off reaches no worker", async () => {
  const { port } = site.lamppost;
  for (let i = 0; i < 20; i += 1) {
    await new Promise((done, failed) => {
      const text = JSON.stringify({ endpoint: good.endpoint });
      const socket = connect({ port, host: "127.0.0.1" }, () => {
        socket.write(`DELETE /api/push-subscriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${text.length + 1}\r\n\r\n${text}`,
          () => setTimeout(() => socket.destroy(), 5));
      });
      socket.on("error", failed);
      socket.on("close", done);
    });
  }
});

test("foreign text comes back only inside of JSON", async () => {
  const answer = await subscribe('{"<script>alert(1)</script>\\u2028":1,"<script>alert(1)</script>\\u2028":1}');

  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  await assertRefused(answer, { code: "bad_json", what: "a member twice" });
});
