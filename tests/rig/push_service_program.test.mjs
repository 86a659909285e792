// The push service as a program of its own, steered over its control address.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeVapid, Sender } from "./push/independent_sender.mjs";

const PROGRAM = fileURLToPath(new URL("push_service.mjs", import.meta.url));
let dir, child, line, control, vapid, sender;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "push-program-"));
  child = spawn(process.execPath, [PROGRAM, "--dir", dir, "--hosts", "2"], { stdio: ["ignore", "pipe", "inherit"] });
  [line] = await once(createInterface({ input: child.stdout }), "line");
  control = line.split(" ").at(-1);
  vapid = await makeVapid();
  sender = new Sender(readFileSync(join(dir, "ca.pem")), vapid);
});

after(async () => {
  sender.close();
  if (child.exitCode === null) child.kill("SIGKILL");
  await rm(dir, { recursive: true });
});

async function call(method, path, body) {
  const response = await fetch(control + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  return { status: response.status, value: await response.json() };
}

async function endOf(args) {
  const program = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  program.stderr.on("data", (chunk) => { text += chunk; });
  const [code] = await once(program, "close");
  return { code, text };
}

test("one line says where everything is", () => {
  assert.match(line, /^ready https:\/\/localhost:\d+ ws:\/\/127\.0\.0\.1:\d+\/ ca \/\S+\/ca\.pem control http:\/\/127\.0\.0\.1:\d+$/);
});

test("subscriptions, scripts and counts are to be had over the control address", async () => {
  const { value: [one, two] } = await call("POST", "/subscriptions", { count: 2, vapidKey: vapid.publicKey });
  await call("POST", "/script", { rules: [{ status: 503, times: 1 }], endpoints: [one.endpoint] });
  await call("DELETE", "/subscriptions", { endpoints: [two.endpoint] });

  const statuses = [(await sender.send(one, "x")).status, (await sender.send(one, "x")).status, (await sender.send(two, "x")).status];

  assert.deepEqual(statuses, [503, 201, 410]);
  assert.deepEqual((await call("GET", "/tally")).value, { requests: 3, accepted: 1, refused: 1, scripted: 1 });
  const { value: messages } = await call("GET", `/received?endpoint=${encodeURIComponent(one.endpoint)}`);
  assert.deepEqual(messages.map(({ payload, accepted }) => [payload, accepted]), [["x", false], ["x", true]]);
  assert.equal((await call("GET", "/counts")).value[0].seen, 2);
  assert.deepEqual((await call("GET", "/twice")).value, []);
  assert.equal((await call("GET", "/refusals")).value[0].errno, 106);
  assert.equal((await call("GET", "/statistics")).value.accepted, 1);
  assert.deepEqual((await call("GET", "/agents")).value, []);
  await call("POST", "/forget");
  assert.equal((await call("GET", "/statistics")).value.accepted, 0);
});

test("hosts are added, stopped, started and broken; the configuration names them all", async () => {
  const { value: { origin } } = await call("POST", "/hosts", { streams: 5 });
  const { value: [there] } = await call("POST", "/subscriptions", { count: 1, host: origin, vapidKey: vapid.publicKey });
  assert.equal((await sender.send(there, "x")).status, 201);

  await call("POST", "/hosts/stop", { host: origin });
  sender.close();
  await assert.rejects(sender.send(there, "x"), /ECONNREFUSED/);
  await call("POST", "/hosts/start", { host: origin });
  await call("POST", "/hosts/break", { host: origin, fault: "reset" });
  sender.close();
  await assert.rejects(sender.send(there, "x"));
  await call("POST", "/hosts/break", { host: origin, fault: null });
  sender.close();
  assert.equal((await sender.send(there, "x")).status, 201);

  const { value: { config } } = await call("GET", "/config");
  const port = new URL(origin).port;
  assert.match(config, new RegExp(`^push_hosts = localhost:\\d+, localhost:\\d+, localhost:${port}$`, "m"));
  assert.match(config, new RegExp(`^push_addresses = .*127\\.0\\.0\\.1:${port}$`, "m"));
  assert.match(config, /^push_ca_file = \/\S+\/ca\.pem$/m);
});

test("a wrong call is answered with the reason", async () => {
  assert.deepEqual(await call("GET", "/nothing"), { status: 404, value: { error: "GET /nothing: no such call" } });
  const { status, value } = await call("POST", "/script", { rules: [{ action: "explode" }] });
  assert.equal(status, 400);
  assert.match(value.error, /"explode": must be one of/);
});

test("wrong options end the program with one line", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const cases = [
    [[], /^push_service: .*dir is missing.*\n$/], [["--dir", dir, "--port", "abc"], /^push_service: --port abc: .*\n$/],
    [["--dir", dir, "--keep", "nothing"], /^push_service: keep "nothing".*\n$/],
    [["--dir", dir, "--hosts", "0"], /^push_service: .*0 hosts.*\n$/],
    [["--dir", dir, "--port", String(taken.address().port)], /^push_service: .*EADDRINUSE.*\n$/],
  ];
  for (const [args, reason] of cases) {
    const { code, text } = await endOf(args);
    assert.equal(code, 1);
    assert.match(text, reason);
  }
  taken.close();
});

test("SIGTERM ends it at once, also while a request hangs", async () => {
  const { value: [one] } = await call("POST", "/subscriptions", { count: 1, vapidKey: vapid.publicKey });
  await call("POST", "/script", { rules: { action: "hang" } });
  const hung = sender.send(one, "x").then(() => "answered", () => "cut");
  const exit = once(child, "exit");

  child.kill("SIGTERM");

  assert.deepEqual(await exit, [0, null]);
  assert.equal(await hung, "cut");
});
