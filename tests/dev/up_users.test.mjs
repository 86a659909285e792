// Who ./dev up runs as: root steps down, an ordinary user needs no root, and a 0700 home is no obstacle.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkout, familyOf, freePort, isAlive, startLamppost, temporaryFolder, until } from "../rig/lamppost.mjs";

const root = process.getuid() === 0;
const uidOf = (pid) => Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

/** Runs a command until it has said `ready`, then ends it; gives what `look` saw in between. */
async function runUntilReady(command, args, look, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let out = "", err = "", ended = false;
  child.stdout.on("data", (text) => { out += text; });
  child.stderr.on("data", (text) => { err += text; });
  const end = once(child, "close").then((result) => { ended = true; return result; });
  try {
    await until(`ready of ${command}`, 900, () => {
      assert.ok(!ended, `it ended: ${err}`);
      return out.startsWith("ready ");
    });
    const family = familyOf(child.pid);
    await look(family, out);
    child.kill("SIGTERM");
    assert.deepEqual(await end, [0, null]);
    assert.deepEqual(family.filter(isAlive), []);
  } finally {
    if (!ended) child.kill("SIGTERM");
    await end;
  }
}

test("no server runs as root", async (t) => {
  const lamppost = await startLamppost({ t });
  const servers = ["mariadb", "nginx", "public", "admin"].flatMap((name) => familyOf(lamppost.pids[name]));
  assert.ok(servers.length >= 9);
  for (const pid of servers) assert.notEqual(uidOf(pid), 0);
});

test("an ordinary user runs it all as themselves", async () => {
  const folder = temporaryFolder(), daemon = 1;
  if (root) chownSync(folder, daemon, daemon);
  const step = root ? ["setpriv", "--reuid=daemon", "--regid=daemon", "--clear-groups"] : ["env"];
  const args = [...step.slice(1), join(checkout, "dev"), "up", "--port", String(await freePort()), "--state", join(folder, "state")];
  try {
    await runUntilReady(step[0], args, (family) => {
      assert.ok(family.length >= 9);
      for (const pid of family) assert.equal(uidOf(pid), root ? daemon : process.getuid());
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a checkout below a 0700 home works, with its state where the servers can go", async () => {
  const folder = temporaryFolder(), home = join(folder, "home"), copy = join(home, "lamppost");
  mkdirSync(copy, { recursive: true });
  for (const name of ["dev", "tests/rig", "nginx", "sql", "www"]) cpSync(join(checkout, name), join(copy, name), { recursive: true });
  const binary = join(copy, "lamppost");
  cpSync(process.env.LAMPPOST_BINARY ?? join(checkout, "build", process.env.LAMPPOST_BUILD ?? "RelWithDebInfo", "lamppost"), binary);
  chmodSync(home, 0o700);
  const link = join(copy, ".state");
  try {
    const port = await freePort();
    await runUntilReady(join(copy, "dev"), ["up", "--port", String(port)], async (family, out) => {
      assert.match(out, new RegExp(`password-file ${link}/admin-password\n$`));
      if (root) {
        assert.ok(lstatSync(link).isSymbolicLink());
        assert.match(realpathSync(link), /^\/var\/lib\/lamppost-dev\/[0-9a-f]{16}$/);
      }
      assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
      assert.equal((await fetch(`http://127.0.0.1:${port}/api/health`)).status, 200);
    }, { env: { ...process.env, LAMPPOST_BINARY: binary } });
  } finally {
    if (root && existsSync(link)) rmSync(realpathSync(link), { recursive: true });
    rmSync(folder, { recursive: true });
  }
});
