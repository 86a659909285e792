// The VAPID key from the command line: made once, never overwritten, and nothing is sent without the right one.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { temporaryFolder } from "../rig/lamppost.mjs";
import { startSite } from "./site.mjs";

let site, folder;
before(async () => {
  site = await startSite();
  folder = temporaryFolder();
  mkdirSync(join(folder, "keys"));
  chmodSync(join(folder, "keys"), 0o777); // the servers' user writes here
});
after(async () => {
  if (folder) rmSync(folder, { recursive: true });
  await site?.stop();
});
beforeEach(async () => { await site.clear(); });

let number = 0;
/** Settings that name another key file; in the site's own words otherwise. */
function settings(lines) {
  number += 1;
  const file = join(folder, `${number}.conf`);
  writeFileSync(file, `${lines}\n`);
  return [file];
}
const withKeyFile = (file) => settings(`vapid_key_file = ${file}`);

function keyFile(name, pem, mode = 0o644) {
  const file = join(folder, name);
  writeFileSync(file, pem);
  chmodSync(file, mode);
  return file;
}
const newPem = (namedCurve = "P-256") => generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "pkcs8", format: "pem" });

const oneLine = /^lamppost: [^\n]+\n$/;
const badKeys = () => [
  ["missing", join(folder, "nothing.pem"), /No such file/],
  ["unreadable", keyFile("unreadable.pem", newPem(), 0), /Permission denied/],
  ["no key at all", keyFile("junk.pem", "hello\n"), /junk\.pem /],
  ["empty", keyFile("empty.pem", ""), /empty\.pem /],
  ["a key of another curve", keyFile("p384.pem", newPem("P-384")), /P-256/],
  ["a public key", keyFile("public.pem", generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" })), /public\.pem /],
];

test("nothing is sent with a key file that is missing, unreadable or wrong, and one line says why", async () => {
  await site.subscribe(2);
  for (const [what, file, reason] of badKeys()) {
    for (const command of [["send", "--title", "Never"], ["keys", "check"], ["keys", "show"], ["serve", "--pool", "admin", "--listen", join(folder, "keys/x.sock")]]) {
      const { code, out, err } = await site.lamppostCommand(command, withKeyFile(file));

      assert.equal(code, 1, `${command[0]} with a key file that is ${what}: ${err}`);
      assert.match(err.split("\n").filter((line) => !line.startsWith("{")).join("\n"), oneLine);
      assert.match(err, /vapid_key_file/, what);
      assert.match(err, reason, what);
      assert.equal(out, "");
    }
  }
  assert.equal(site.service.tally().requests, 0);
});

test("nothing is sent with another key than browsers are given, and one line says so", async () => {
  await site.subscribe(2);
  const other = withKeyFile(keyFile("other.pem", newPem()));

  for (const command of [["send", "--title", "Never"], ["keys", "check"]]) {
    const { code, err } = await site.lamppostCommand(command, other);

    assert.equal(code, 1, command[0]);
    assert.match(err, oneLine);
    assert.match(err, /other\.pem holds B[\w-]{86} but browsers are given B[\w-]{86}/);
  }
  assert.equal(site.service.tally().requests, 0);
});

test("a site without a key answers 503 to those who would subscribe", async () => {
  const [subscription] = site.service.createSubscriptions(1);
  const rows = await site.sql("SELECT id, HEX(point), created_at FROM vapid_key");
  await site.sql("DELETE FROM vapid_key");
  try {
    for (const answer of [await site.public("/api/config"), await site.public("/api/health"), await site.public("/api/push-subscriptions", { json: subscription })]) {
      assert.equal(answer.status, 503);
      assert.equal((await answer.json()).error.code, "unavailable");
      assert.ok(answer.headers.get("retry-after"));
    }
    const { code, err } = await site.lamppostCommand(["send", "--title", "Never"]);
    assert.equal(code, 1);
    assert.match(err, /lamppost keys new/);
  } finally {
    for (const [id, point, at] of rows) await site.sql(`INSERT INTO vapid_key VALUES (${id}, UNHEX('${point}'), ${at})`);
  }
  assert.equal((await site.public("/api/config")).status, 200);
});

test("the key that ./dev up has made is good, private, and the one that browsers are given", async () => {
  const shown = await site.lamppostCommand(["keys", "show"]);
  const checked = await site.lamppostCommand(["keys", "check"]);

  assert.equal(shown.out, `${await site.vapidKey()}\n`);
  assert.deepEqual([checked.code, checked.err], [0, ""]);
  assert.equal(statSync(join(site.lamppost.state, "keys/vapid.pem")).mode & 0o777, 0o600);
});

test("keys new refuses to overwrite a file, whatever is in it", async () => {
  for (const [name, content] of [["vapid", newPem()], ["text", "hello\n"], ["nothing", ""]]) {
    const file = keyFile(`keys/${name}.pem`, content, 0o666);

    const { code, out, err } = await site.lamppostCommand(["keys", "new"], withKeyFile(file));

    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, oneLine);
    assert.match(err, /exists already/);
    assert.equal(readFileSync(file, "utf8"), content);
  }
  assert.equal((await site.rows()).vapid_key, 1);
});

test("keys new without a database leaves no file behind", async () => {
  const file = join(folder, "keys/lonely.pem");

  const { code, err } = await site.lamppostCommand(["keys", "new"], settings(`vapid_key_file = ${file}\ndatabase = unix://${folder}/nothing.sock`));

  assert.equal(code, 1);
  assert.match(err, oneLine);
  assert.throws(() => statSync(file), { code: "ENOENT" });
});

test("keys new in a folder that cannot be written says so and registers nothing", async () => {
  const { code, err } = await site.lamppostCommand(["keys", "new"], withKeyFile(join(folder, "nowhere/vapid.pem")));

  assert.equal(code, 1);
  assert.match(err, oneLine);
  assert.equal((await site.rows()).vapid_key, 1);
});

test("keys takes one of its words and nothing else", async () => {
  for (const words of [[], ["steal"], ["new", "show"], ["show", "--force"]]) {
    const { code, err } = await site.lamppostCommand(["keys", ...words]);

    assert.equal(code, 2, words.join(" "));
    assert.match(err, oneLine);
  }
});

// Last: from here on browsers are given another key.
test("keys new makes a file of mode 0600, prints the public half, and browsers are given it", async () => {
  const file = join(folder, "keys/new.pem");

  const { code, out, err } = await site.lamppostCommand(["keys", "new"], withKeyFile(file));

  assert.equal(code, 0, err);
  assert.match(out, /^B[\w-]{86}\n$/);
  assert.match(err, /back up/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, "utf8"), /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/);
  assert.equal(`${await site.vapidKey()}\n`, out);
  assert.equal((await site.lamppostCommand(["keys", "check"], withKeyFile(file))).code, 0);
  assert.equal((await site.lamppostCommand(["keys", "check"])).code, 1);
});
