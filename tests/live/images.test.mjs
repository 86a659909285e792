// Pictures, from their upload to the cache of the web server: real nginx and database.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { DatabaseProcess } from "./database_process.mjs";
import { checkout, until } from "../rig/lamppost.mjs";
import { startSite } from "./site.mjs";

const icon = readFileSync(join(checkout, "www/icons/icon-192.png"));
const forever = "public, max-age=31536000, immutable";

let site;
before(async () => { site = await startSite({ tick: 3600 }); });
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.sql("DELETE FROM image"); });

let turn = 0;
/** A picture that no test has uploaded before: what stands behind it is not looked at. */
const fresh = () => Buffer.concat([icon, Buffer.from(`turn ${turn += 1}`)]);
const upload = (body, type = "image/png", headers = {}) => site.admin("/api/admin/images", { method: "POST", body, headers: { "Content-Type": type, ...headers } });
const uploaded = async (body) => (await (await upload(body)).json()).url;
/** How often the pool was asked for a path, by nginx's log. */
const asked = (path) => site.lamppost.logs()["nginx-access"].trim().split("\n").map((line) => JSON.parse(line))
  .filter((line) => line.path === path && line.upstream_status !== "").length;
const logged = (path, count) => until(`${count} lines of ${path}`, 5, () => (
  site.lamppost.logs()["nginx-access"].split("\n").filter((line) => line.includes(path)).length >= count));

test("an uploaded picture is shown to everybody, byte by byte, for ever, by its hash", async () => {
  const file = fresh();

  const answer = await upload(file);

  assert.equal(answer.status, 201);
  const { url, ...told } = await answer.json();
  assert.equal(url, `/api/images/${createHash("sha256").update(file).digest("hex")}`);
  assert.deepEqual(told, { width: 192, height: 192, type: "image/png", bytes: file.length });
  const shown = await site.public(url);
  assert.equal(shown.status, 200);
  assert.equal(shown.headers.get("content-type"), "image/png");
  assert.equal(shown.headers.get("cache-control"), forever);
  assert.equal(shown.headers.get("x-content-type-options"), "nosniff");
  assert.equal(shown.headers.get("etag"), `"${url.slice(-64)}"`);
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()), file);
});

test("the pool is asked for a picture once, however many want it at once", async () => {
  const url = await uploaded(fresh());

  const answers = await Promise.all(Array.from({ length: 60 }, () => site.public(url)));
  for (let i = 0; i < 20; i += 1) answers.push(await site.public(url));

  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), forever);
    await answer.arrayBuffer();
  }
  await logged(url, 80);
  assert.equal(asked(url), 1);
});

test("who has it already is told that it has not changed", async () => {
  const url = await uploaded(fresh());
  const etag = (await site.public(url)).headers.get("etag");

  const again = await site.public(url, { headers: { "If-None-Match": etag } });

  assert.equal(again.status, 304);
});

test("HEAD tells the same without the picture", async () => {
  const url = await uploaded(fresh());

  for (let i = 0; i < 2; i += 1) {
    const head = await site.public(url, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-type"), head.headers.get("cache-control")], [200, "image/png", forever]);
    assert.equal((await head.arrayBuffer()).byteLength, 0);
  }
  assert.ok((await (await site.public(url)).arrayBuffer()).byteLength > 0);
});

test("what is in the cache is shown while the database is away", async (t) => {
  const [kept, other] = [await uploaded(fresh()), await uploaded(fresh())];
  await site.public(kept);
  const database = new DatabaseProcess(site);
  t.after(() => database.goOn());
  await database.pause();

  const [shown, missing] = await Promise.all([site.public(kept), site.public(other)]);

  assert.equal(shown.status, 200);
  assert.equal(missing.status, 503);
  assert.equal(missing.headers.get("cache-control"), "no-store");
  database.goOn();
  assert.equal((await site.public(other)).status, 200);
});

test("a picture of exactly 512 KiB is taken, a byte more is not, and nothing else may be so large", async () => {
  const largest = Buffer.concat([icon, Buffer.alloc(512 * 1024 - icon.length)]);

  assert.equal((await upload(largest)).status, 201);
  const tooLarge = await upload(Buffer.concat([largest, Buffer.alloc(1)]));
  assert.equal(tooLarge.status, 413);
  assert.equal((await tooLarge.json()).error.code, "too_large");
  assert.equal((await site.admin("/api/admin/campaigns", { json: { title: "x".repeat(70_000) } })).status, 413);
  assert.equal((await site.public("/api/images/x", { method: "POST", body: Buffer.alloc(2000) })).status, 413);
});

test("what is no picture of its type is refused", async () => {
  const code = async (answer) => `${answer.status} ${(await answer.json()).error.code}`;

  assert.equal(await code(await upload(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"))), "400 bad_image");
  assert.equal(await code(await upload(icon.subarray(0, 20))), "400 bad_image");
  assert.equal(await code(await upload(icon, "image/jpeg")), "415 bad_content_type");
  assert.equal(await code(await upload(icon, "image/svg+xml")), "415 bad_content_type");
  assert.equal(await code(await upload(icon, "application/json")), "415 bad_content_type");
  assert.equal(await code(await upload(icon, "image/png", { "Sec-Fetch-Site": "cross-site" })), "403 cross_site");
  assert.equal((await site.public("/api/admin/images", { method: "POST", body: icon, headers: { "Content-Type": "image/png" } })).status, 401);
  assert.equal(await site.number("SELECT COUNT(*) FROM image"), 0);
});

test("a picture that is not there is 404, now and not for ever", async () => {
  const file = fresh();
  const url = `/api/images/${createHash("sha256").update(file).digest("hex")}`;

  const missing = await site.public(url);
  assert.deepEqual([missing.status, missing.headers.get("cache-control")], [404, "no-store"]);
  assert.equal((await site.public(url.toUpperCase().replace("/API/IMAGES", "/api/images"))).status, 404);
  await upload(file);

  assert.equal((await site.public(url)).status, 200);
});
