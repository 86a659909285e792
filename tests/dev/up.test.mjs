// ./dev up as a person meets it: ready, started again, beside another, with bad arguments.

import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freePort, runDev, startLamppost, temporaryFolder } from "../rig/lamppost.mjs";
import { request } from "./raw_http.mjs";

async function refused(args, options) {
  const dev = runDev(args, options);
  const { code } = await dev.ended;
  return { code, out: dev.out, err: dev.err };
}

// A subscription that is valid in form: the point is the example of RFC 8291, 5.
const subscription = {
  endpoint: "https://fcm.googleapis.com/fcm/send/dev-up-test",
  keys: { p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", auth: "BTBZMqHH6r4Tts7J_aSIgg" },
};

test("up reaches ready: pages, public API, and the admin API behind the password of the file", async (t) => {
  const lamppost = await startLamppost({ t });
  assert.equal((await lamppost.public("/")).status, 200);
  assert.equal((await lamppost.public("/api/health")).status, 200);
  assert.equal((await lamppost.public("/api/config")).status, 200);
  assert.equal((await lamppost.public("/api/admin/me")).status, 401);
  assert.equal((await lamppost.admin("/admin/")).status, 200);
  assert.equal((await lamppost.admin("/api/admin/me")).status, 200);
  assert.equal(statSync(join(lamppost.state, "admin-password")).mode & 0o777, 0o600);
  assert.equal(statSync(join(lamppost.state, "public-db-password")).mode & 0o777, 0o600);
  assert.equal(statSync(join(lamppost.state, "keys/vapid.pem")).mode & 0o777, 0o600);
  assert.equal(statSync(lamppost.sockets).mode & 0o777, 0o700);
  for (const pool of ["public", "admin"]) assert.equal(statSync(join(lamppost.sockets, `${pool}.sock`)).mode & 0o777, 0o660);
});

test("it listens on loopback only", async (t) => {
  const lamppost = await startLamppost({ t });
  const hex = lamppost.port.toString(16).toUpperCase().padStart(4, "0");
  const listening = ["tcp", "tcp6"].flatMap((file) => readFileSync(`/proc/net/${file}`, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/)).filter((fields) => fields[3] === "0A" && fields[1].endsWith(`:${hex}`)).map((fields) => fields[1].split(":")[0]);
  assert.ok(listening.length > 0);
  for (const address of listening) assert.ok(["0100007F", "00000000000000000000000001000000"].includes(address), address);
});

test("a second start keeps subscriptions, key and password", async (t) => {
  const folder = temporaryFolder(), state = join(folder, "state");
  try {
    const first = await startLamppost({ state, t });
    const created = await first.public("/api/push-subscriptions", { json: subscription });
    const { result } = await created.json(), config = await (await first.public("/api/config")).json();
    assert.equal(created.status, 201);
    await first.stop();

    const began = Date.now(), second = await startLamppost({ state, t }), took = Date.now() - began;
    const again = await second.public("/api/push-subscriptions", { json: subscription });
    const { result: known } = await again.json(), configAgain = await (await second.public("/api/config")).json();
    await second.stop();

    assert.equal(again.status, 200);
    assert.equal(known.id, result.id);
    assert.equal(configAgain.vapid_public_key, config.vapid_public_key);
    assert.equal(second.password, first.password);
    assert.ok(took < 15_000, `the second start took ${took} ms`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("two run side by side, and neither minds the other's end", async (t) => {
  const one = await startLamppost({ t }), two = await startLamppost({ t });
  try {
    assert.notEqual(one.sockets, two.sockets);
    await one.stop();
    assert.equal((await two.public("/api/health")).status, 200);
  } finally {
    await two.stop();
  }
});

test("a second up on the same state fails at once and names the first", async (t) => {
  const lamppost = await startLamppost({ t });
  const began = Date.now();
  const { code, out, err } = await refused(["up", "--state", lamppost.state, "--port", String(await freePort())]);

  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, new RegExp(`^dev: the state ${lamppost.state} is in use by another ./dev up \\(pid ${lamppost.pids.dev}\\): .*\n$`));
  assert.ok(Date.now() - began < 3000);
  assert.equal((await lamppost.public("/api/health")).status, 200);
});

test("a port in use is said in one line before anything is started", async (t) => {
  const lamppost = await startLamppost({ t }), folder = temporaryFolder();
  try {
    const { code, out, err } = await refused(["up", "--port", String(lamppost.port), "--state", join(folder, "state")]);

    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, new RegExp(`^dev: port ${lamppost.port} is in use: .*--port\n$`));
    assert.throws(() => statSync(join(folder, "state/database")), { code: "ENOENT" });
    assert.throws(() => statSync(join(folder, "state/run")), { code: "ENOENT" });
  } finally {
    await lamppost.stop();
    rmSync(folder, { recursive: true });
  }
});

test("a state path of 200 characters, with blanks and umlauts, works", async (t) => {
  const folder = temporaryFolder();
  const state = join(folder, "ein Ordner mit Lücken", "x".repeat(100), "y".repeat(200 - 100 - folder.length - 24));
  assert.ok(state.length >= 198);
  try {
    const lamppost = await startLamppost({ state, t });
    assert.equal((await lamppost.public("/api/health")).status, 200);
    await lamppost.stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("--config is read last", async (t) => {
  const lamppost = await startLamppost({ t, config: "site_name = A name of my own" });
  assert.equal((await (await lamppost.public("/api/config")).json()).site, "A name of my own");
});

test("--rate holds for public posts", async (t) => {
  const lamppost = await startLamppost({ t, rate: 1 });
  const statuses = [];
  for (let i = 0; i < 22; i += 1) statuses.push((await request(lamppost.port, "/api/push-subscriptions", { method: "POST", body: "x" })).status);

  assert.equal(statuses[20], 415);
  assert.equal(statuses[21], 429);
});

test("a bad setting is said, with its file and line, before anything is started", async () => {
  const folder = temporaryFolder(), file = join(folder, "mine.conf"), state = join(folder, "state");
  writeFileSync(file, "site_name = x\nsite_nmae = y\n");
  try {
    const { code, err } = await refused(["up", "--config", file, "--state", state, "--port", String(await freePort())]);

    assert.equal(code, 1);
    assert.match(err, /mine\.conf:2.*site_nmae/);
    assert.throws(() => statSync(join(state, "database")), { code: "ENOENT" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const mistakes = {
  "an unknown sub-command": [["fly"], 2, /there is no '\.\/dev fly'/],
  "no sub-command": [[], 2, /\.\/dev up/],
  "an unknown option": [["up", "--fast"], 2, /^dev: up does not know '--fast'.*\n$/],
  "an option without its value": [["up", "--port"], 2, /^dev: --port needs a value\n$/],
  "a port that is a word": [["up", "--port", "http"], 2, /^dev: --port takes a whole number from 1 to 65535, not 'http'\n$/],
  "a port too high": [["up", "--port", "65536"], 2, /^dev: --port takes a whole number/],
  "no workers": [["up", "--workers", "0"], 2, /^dev: --workers takes a whole number from 1/],
  "a negative rate": [["up", "--rate", "-1"], 2, /^dev: --rate takes a whole number from 0/],
  "an unknown build type": [["up", "--build", "Fast"], 2, /^dev: --build takes RelWithDebInfo.*not 'Fast'\n$/],
  "a state path that nginx.conf cannot hold": [["up", "--state", "/tmp/lamppost-test-$x"], 2, /^dev: --state .*may not hold.*\n$/],
  "a config file that is not there": [["up", "--config", "/tmp/lamppost-test-none.conf"], 1, /^dev: --config \/tmp\/lamppost-test-none\.conf: .*\n$/],
};
for (const [what, [args, wanted, reason]] of Object.entries(mistakes)) {
  test(`${what} ends it with ${wanted} and the reason`, async () => {
    const { code, out, err } = await refused(args);

    assert.equal(code, wanted);
    assert.equal(out, "");
    assert.match(err, reason);
  });
}
