// What ./dev demo runs: all of Lamppost on a spare port, a push service of this machine beside it, and one
// notification on its whole way from a subscription to its decryption. Nothing leaves the machine, nothing is left.

import { readFileSync, rmSync } from "node:fs";
import { familyOf, startLamppost, temporaryFolder } from "./lamppost.mjs";
import { startPushService } from "./push_service.mjs";

const NOTIFICATION = { title: "Lamppost is on", body: "This went the whole way: admin API, encryption, push service, browser.", url: "/" };

// Ctrl-C or SIGTERM: whatever was started is told to end, and the step that waits for it fails.
let interrupted = null;
function interrupt(signal) {
  interrupted = signal;
  for (const pid of familyOf(process.pid).slice(1)) {
    if (readParent(pid) === process.pid) process.kill(pid, "SIGTERM");
  }
}

function readParent(pid) {
  return Number(readFileSync(`/proc/${pid}/stat`, "latin1").replace(/.*\) /s, "").split(" ")[1]);
}

let number = 0;
async function step(what, work) {
  if (interrupted) throw new Error(`ended by ${interrupted}`);
  number += 1;
  const { detail, ...result } = await work().catch((error) => {
    throw new Error(interrupted ? `ended by ${interrupted}` : `${what}: ${inOneLine(error)}`);
  });
  console.log(`${number}  ${what}: ${detail}`);
  return result;
}

// What ./dev up said last is the reason; before it may stand a whole build.
function inOneLine(error) {
  const lines = error.message.trim().split("\n");
  const said = lines.filter((line) => /^dev: \S/.test(line));
  return said.at(-1) ?? lines[0];
}

async function json(answer, wanted) {
  const text = await answer.text();
  if (answer.status !== wanted) throw new Error(`the answer is ${answer.status} ${text}; it should be ${wanted}`);
  return JSON.parse(text);
}

async function demo(undo) {
  const folder = temporaryFolder();
  undo.push(() => rmSync(folder, { recursive: true }));

  const { service } = await step("start a push service", async () => {
    const started = await startPushService({ dir: folder });
    undo.push(() => started.stop());
    return { service: started, detail: started.origin };
  });

  const { lamppost } = await step("start nginx, both pools and MariaDB", async () => {
    const started = await startLamppost({ config: service.config() });
    undo.push(() => started.stop());
    return { lamppost: started, detail: started.origin };
  });

  const { key } = await step("ask for the site's key (GET /api/config)", async () => {
    const config = await json(await lamppost.public("/api/config"), 200);
    return { key: config.vapid_public_key, detail: `${config.vapid_public_key.slice(0, 16)}...` };
  });

  const { subscription } = await step("subscribe a browser (POST /api/push-subscriptions)", async () => {
    const [made] = service.createSubscriptions(1, { vapidKey: key });
    const { result } = await json(await lamppost.public("/api/push-subscriptions", { json: made }), 201);
    return { subscription: made, detail: `stored with id ${result.id}` };
  });

  await step("send a notification (POST /api/admin/campaigns)", async () => {
    const { counts, services } = await json(await lamppost.admin("/api/admin/campaigns", { json: { ...NOTIFICATION, send: true } }), 200);
    if (counts.accepted !== 1) throw new Error(`nothing was accepted: ${JSON.stringify(services)}`);
    return { detail: "accepted by the push service" };
  });

  const { payload } = await step("decrypt it with the browser's keys", async () => {
    const [message] = service.received(subscription);
    if (!message) throw new Error("the push service has no message for this browser");
    if (message.error) throw new Error(message.error);
    const read = JSON.parse(message.payload);
    if (read.notification.title !== NOTIFICATION.title) throw new Error(`the title is "${read.notification.title}"`);
    return { payload: read, detail: `${message.size} bytes over ${message.protocol}, TTL ${message.headers.ttl} s` };
  });

  console.log(`\n${JSON.stringify(payload, null, 2)}\n`);
}

const undo = [];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupt(signal));
try {
  await demo(undo);
} catch (error) {
  process.exitCode = 1;
  console.error(`demo: ${error.message}`);
}
for (const end of undo.reverse()) {
  try {
    await end();
  } catch (error) {
    process.exitCode = 1;
    console.error(`demo: at the end: ${error.message}`);
  }
}
if (process.exitCode === undefined) console.log(`${number + 1}  stop everything: done`);
