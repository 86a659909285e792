// No log may hold what opens a door: whole endpoints, keys, tokens, passwords, what was sent. All kinds of traffic, then a look.

import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { login, request } from "../dev/raw_http.mjs";
import { DatabaseProcess } from "./database_process.mjs";
import { startSite } from "./site.mjs";

let site, database;
const secrets = {}; // what it is -> how it may be written
before(async () => {
  site = await startSite();
  database = new DatabaseProcess(site);
  await makeTraffic();
});
after(async () => {
  await database?.release();
  await site?.stop();
});

// The same bytes as somebody might print them.
const spellings = (base64url) => {
  const bytes = Buffer.from(base64url, "base64url");
  return [base64url, bytes.toString("base64").replace(/=+$/, ""), bytes.toString("hex"), bytes.toString("hex").toUpperCase()];
};

function keep(subscription, whose) {
  secrets[`the endpoint of ${whose}`] = [subscription.endpoint.split("/").at(-1)];
  secrets[`p256dh of ${whose}`] = spellings(subscription.keys.p256dh);
  secrets[`auth of ${whose}`] = spellings(subscription.keys.auth);
}

const text = (name) => {
  const marked = `Geheim-${name}-${"x".repeat(20)}`;
  secrets[`the text ${name}`] = [marked];
  return marked;
};

const subscribe = (json) => site.public("/api/push-subscriptions", { json });
const campaign = (json) => site.admin("/api/admin/campaigns", { json: { ...json, send: true } });

async function makeTraffic() {
  const vapidKey = await site.vapidKey();
  const made = site.service.createSubscriptions(8, { vapidKey });
  made.forEach((each, at) => keep(each, `browser ${at}`));
  const statuses = [];
  const note = async (answer) => statuses.push((await answer).status);

  // Good ones, in all shapes; and back out again.
  for (const each of made.slice(0, 6)) await note(subscribe(each));
  await note(subscribe({ subscription_json: JSON.stringify(made[0]) }));
  await note(subscribe({ subscription: made[1], replaces: made[5].endpoint }));
  await note(site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: made[4].endpoint } }));
  // Bad ones that carry the real thing.
  await note(subscribe({ ...made[6], endpoint: made[6].endpoint.replace("https", "http") }));
  await note(subscribe({ ...made[6], keys: { ...made[6].keys, p256dh: `${made[6].keys.p256dh}A` } }));
  await note(subscribe({ ...made[6], keys: { ...made[6].keys, auth: `${made[6].keys.auth}A` } }));
  await note(site.public("/api/push-subscriptions", { method: "POST", headers: { "Content-Type": "text/plain" }, body: JSON.stringify(made[6]) }));
  await note(subscribe({ ...made[6], x: "x".repeat(20_000) }));
  await note(site.public("/api/push-subscriptions", { method: "POST", headers: { "Content-Type": "application/json" }, body: `${JSON.stringify(made[6])}}` }));
  await note(campaign({ title: text("of a refused campaign"), ttl: -1 }));

  // Sent, refused, hung up on, gone.
  const pushed = { title: text("title"), body: text("body"), url: `/${text("url")}` };
  site.service.script({ status: 400, body: JSON.stringify({ reason: `no ${made[1].endpoint}` }) }, { endpoints: [made[1]] });
  site.service.script({ status: 410 }, { endpoints: [made[2]] });
  site.service.script({ action: "reset", times: 1 }, { endpoints: [made[3]] });
  await note(campaign(pushed));
  await note(site.admin("/admin-api/trigger-push-notifications", { json: { title: text("triggered"), body: text("triggered body") } }));
  const command = await site.lamppostCommand(["send", "--title", text("command line")]);
  assert.equal(command.code, 0, command.err);

  // Logins.
  const { password, port } = site.lamppost;
  for (const wrong of [`${password}x`, password.slice(1)]) await note(request(port, "/api/admin/me", { headers: [login("admin", wrong)] }));
  await note(request(port, "/api/config", { headers: [login("admin", password)] }));

  // The database quotes the row's own values, as it does with 1366, and goes away with a statement under way.
  await site.sql(`DELIMITER //
    CREATE TRIGGER talkative BEFORE INSERT ON subscription FOR EACH ROW BEGIN
      DECLARE told TEXT DEFAULT CONCAT("Incorrect string value: '", NEW.endpoint, "'");
      SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1366, MESSAGE_TEXT = told;
    END //`);
  await note(subscribe(made[7]));
  await site.sql("DROP TRIGGER talkative");
  await database.kill();
  await note(subscribe(made[7]));
  await note(campaign({ title: text("while the database is away") }));
  await database.start();
  process.kill(site.workers("public")[0], "SIGKILL");
  await note(subscribe(made[7]));

  for (const status of [200, 201, 400, 401, 413, 415, 503]) assert.ok(statuses.includes(status), `${status} did not come: ${statuses}`);
  keepTheRest();
}

function keepTheRest() {
  const { state, password } = site.lamppost;
  secrets["the admin password"] = [password, Buffer.from(`admin:${password}`).toString("base64")];
  secrets["the public pool's password"] = [readFileSync(join(state, "public-db-password"), "utf8").trim()];
  const pem = readFileSync(join(state, "keys/vapid.pem"), "utf8");
  secrets["the VAPID key"] = [...spellings(createPrivateKey(pem).export({ format: "jwk" }).d), ...pem.split("\n").filter((line) => line.length > 20 && !line.startsWith("-"))];
  const authorizations = new Set(site.service.received().map(({ headers }) => headers.authorization));
  secrets["a VAPID token"] = [...authorizations].flatMap((header) => /t=([^,]+)/.exec(header)[1].split(".").slice(1));
  assert.ok(authorizations.size > 0);
}

function logs() {
  const folder = join(site.lamppost.state, "logs");
  return { "./dev up": site.lamppost.dev.err, ...Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")])) };
}

test("the logs were written, and tell of the faults", () => {
  const all = logs();

  for (const name of ["public.log", "admin.log", "mariadb.log", "nginx-access.log", "nginx-error.log"]) assert.ok(all[name]?.length > 0, `${name} is empty or not there`);
  assert.match(all["public.log"], /"event":"store_failure".*Incorrect string value/);
  assert.match(all["public.log"], /"event":"worker_ended"/);
  assert.match(all["nginx-access.log"], /"status":413/);
});

test("no log holds an endpoint, a key, a token, a password or a text", () => {
  const found = [];
  for (const [name, log] of Object.entries(logs())) {
    for (const [what, written] of Object.entries(secrets)) {
      if (written.some((each) => log.includes(each))) found.push(`${what} is in ${name}`);
    }
  }

  assert.ok(Object.keys(secrets).length > 30);
  assert.deepEqual(found, []);
});

test("the workers log one JSON object a line", () => {
  const all = logs();
  for (const name of ["public.log", "admin.log"]) {
    for (const line of all[name].trimEnd().split("\n")) assert.doesNotThrow(() => JSON.parse(line), `${name}: ${line}`);
  }
});

test("no visitor's address is in the access log, and no whole query", async () => {
  await site.public("/api/config?token=Geheim-query");

  const log = logs()["nginx-access.log"];
  assert.doesNotMatch(log, /127\.0\.0\.1/);
  assert.doesNotMatch(log, /Geheim-query/);
});

test("the command line of no process tells a secret", () => {
  for (const [name, pid] of Object.entries(site.lamppost.pids).filter(([each]) => each !== "mariadb")) { // which was killed
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    assert.ok(words.length > 0);
    for (const [what, written] of Object.entries(secrets)) assert.ok(!written.some((each) => words.includes(each)), `${what} is in the arguments of ${name}`);
  }
});
