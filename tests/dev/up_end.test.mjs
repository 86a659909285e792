// How ./dev up ends: by every signal, at every time, and when one of its servers dies. Nothing is left.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { checkout, familyOf, freePort, isAlive, runDev, startLamppost, temporaryFolder, until } from "../rig/lamppost.mjs";

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  test(`${signal} ends it well and leaves nothing`, async (t) => {
    const lamppost = await startLamppost({ t });

    const { code } = await lamppost.stop({ signal });

    assert.equal(code, 0);
    assert.equal(existsSync(join(lamppost.state, "run")), false);
  });
}

test("Ctrl-C pressed three times ends it as well as once", async (t) => {
  const lamppost = await startLamppost({ t });
  const again = setInterval(() => lamppost.dev.child.kill("SIGINT"), 150);

  const { code } = await lamppost.stop({ signal: "SIGINT" }).finally(() => clearInterval(again));

  assert.equal(code, 0);
});

test("started in the background with nohup, SIGTERM ends it", async () => {
  const folder = temporaryFolder(), state = join(folder, "state"), port = await freePort();
  const { stdout } = await promisify(execFile)("bash", ["-c",
    `nohup "$0" up --port ${port} --state "${state}" >"${folder}/out" 2>"${folder}/err" & echo $!`, join(checkout, "dev")]);
  const pid = Number(stdout);
  await until("ready", process.env.LAMPPOST_BINARY ? 30 : 900, () => readFileSync(join(folder, "out"), "utf8").startsWith("ready "));
  const family = familyOf(pid);

  process.kill(pid, "SIGTERM");

  await until("all have gone", 30, () => !family.some(isAlive));
  assert.ok(family.length >= 5);
  rmSync(folder, { recursive: true });
});

for (const delay of [100, 400, 800, 1200, 1600]) {
  test(`SIGTERM ${delay} ms after the start leaves nothing, and the next start works`, async (t) => {
    const folder = temporaryFolder(), state = join(folder, "state");
    try {
      const dev = runDev(["up", "--port", String(await freePort()), "--state", state]);
      await new Promise((done) => setTimeout(done, delay));
      const family = familyOf(dev.pid);
      dev.child.kill("SIGTERM");
      const { code } = await dev.ended;

      assert.ok([0, 143].includes(code), `exit code ${code}: ${dev.err}`);
      // A short command that was under way may end a moment after its shell.
      await until("all have gone", 2, () => !family.some(isAlive));
      await (await startLamppost({ state, t })).stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("kill -9 of ./dev ends its servers too, and the next start sweeps up", async (t) => {
  const folder = temporaryFolder(), state = join(folder, "state");
  try {
    const lamppost = await startLamppost({ state, t });
    const family = familyOf(lamppost.pids.dev);
    lamppost.dev.child.kill("SIGKILL");
    await lamppost.dev.ended;
    await until("all have gone", 20, () => !family.some(isAlive));

    const next = await startLamppost({ state, t });
    assert.equal(existsSync(lamppost.sockets), false);
    await next.stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const name of ["mariadb", "nginx", "public", "admin"]) {
  test(`when ${name} is killed, all end with that as the reason`, async (t) => {
    const lamppost = await startLamppost({ t });
    const family = familyOf(lamppost.pids.dev);

    process.kill(lamppost.pids[name], "SIGKILL");
    const { code } = await lamppost.dev.ended;

    assert.equal(code, 1);
    assert.match(lamppost.dev.err, new RegExp(`^dev: ${name} ended by itself; its log: .*${name}.*\\.log$`, "m"));
    assert.deepEqual(family.filter(isAlive), []);
    await lamppost.stop();
  });
}

test("a killed worker is replaced, and the site goes on", async (t) => {
  const lamppost = await startLamppost({ t });
  for (const pool of ["public", "admin"]) {
    const parent = lamppost.pids[pool];
    const [, worker, ...others] = familyOf(parent);
    assert.equal(others.length, 1);

    process.kill(worker, "SIGKILL");

    await until(`another ${pool} worker`, 10, () => !isAlive(worker) && familyOf(parent).length === 3);
    assert.equal((await lamppost.public("/api/health")).status, 200);
    assert.equal((await lamppost.admin("/api/admin/me")).status, 200);
  }
});
