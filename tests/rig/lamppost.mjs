// A whole Lamppost for one test: `./dev up` on a free port with a state of its own, and its end.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const checkout = join(dirname(fileURLToPath(import.meta.url)), "../..");

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A new folder that the unprivileged servers can enter; whoever makes it removes it. */
export function temporaryFolder() {
  const folder = mkdtempSync("/tmp/lamppost-test-");
  chmodSync(folder, 0o755);
  return folder;
}

/** A process that has not ended (a zombie has). */
export function isAlive(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1").replace(/.*\) /s, "")[0] !== "Z";
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return false;
    throw error;
  }
}

/** The pids of a process and all below it; one that ends while we look has none. */
export function familyOf(pid) {
  let children = "";
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
  }
  return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => familyOf(Number(child))))];
}

/** Asks until `condition` gives something true; fails with `what` after `seconds`. */
export async function until(what, seconds, condition) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    assert.ok(Date.now() < end, `${what}: not within ${seconds} s`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Runs ./dev with these arguments; `ended` is a promise of {code, signal}. */
export function runDev(args, { env = {} } = {}) {
  // Should the test be killed, ./dev is told to end.
  const child = spawn("setpriv", ["--pdeathsig", "TERM", join(checkout, "dev"), ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const dev = { child, pid: child.pid, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => { dev.out += text; });
  child.stderr.setEncoding("utf8").on("data", (text) => { dev.err += text; });
  dev.ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  return dev;
}

/**
 * Starts `./dev up` and waits for its line `ready`.
 *
 * config   extra lines of lamppost.conf; without "welcome = on" nobody is welcomed, so that each message is a test's own,
 *          and without "click_counting = on" so are its links
 * workers  processes a pool (default 2)
 * rate     public posts a minute and address (default 0: no limit)
 * tick     seconds between two runs of `lamppost resume` (default: that of ./dev up)
 * state    a folder to use and keep; without it, one of its own that goes at the end
 * port     default: a free one
 * t        the context of node:test: it is stopped when that test ends, however it ends
 * LAMPPOST_BINARY (a binary that is built) or LAMPPOST_BUILD (a build type) in the environment say what runs.
 */
export async function startLamppost({ config = "", workers = 2, rate = 0, tick, state, port, t } = {}) {
  const own = temporaryFolder();
  const folder = state ?? join(own, "state");
  const at = port ?? await freePort();
  const args = ["up", "--port", String(at), "--state", folder, "--workers", String(workers), "--rate", String(rate)];
  if (tick !== undefined) args.push("--tick", String(tick));
  const extra = join(own, "extra.conf");
  writeFileSync(extra, `welcome = off\nclick_counting = off\n${config}\n`);
  args.push("--config", extra);
  const dev = runDev(args);
  const removeOwn = () => rmSync(own, { recursive: true, force: true });

  let ended;
  dev.ended.then((result) => { ended = result; });
  try {
    // What a build before takes is not counted: ctest builds first, and says so by LAMPPOST_BINARY.
    await until("./dev up says ready", process.env.LAMPPOST_BINARY ? 30 : 900, () => {
      assert.equal(ended, undefined, `./dev up ended with ${JSON.stringify(ended)}`);
      return dev.out.includes("\n");
    });
    assert.match(dev.out, /^ready http:\/\/localhost:\d+ {3}admin http:\/\/localhost:\d+\/admin\/ {3}user admin {3}password-file \/.*\/admin-password\n$/);
  } catch (error) {
    dev.child.kill("SIGTERM");
    await dev.ended;
    removeOwn();
    throw new Error(`${error.message}\n${dev.err}`, { cause: error });
  }

  const run = Object.fromEntries(readFileSync(join(folder, "run"), "utf8").trim().split("\n").map((line) => line.split("=")));
  const pids = Object.fromEntries(["dev", "mariadb", "public", "admin", "resume", "nginx"].map((name) => [name, Number(run[name])]));
  const password = readFileSync(join(folder, "admin-password"), "utf8").trim();
  // By address: a bare system has no /etc/hosts, and Node then knows no localhost.
  // A connection each: nginx closes one after a body that it did not read, and Node 18 may just then reuse it.
  const ask = (path, { headers = {}, ...rest } = {}) =>
    fetch(`http://127.0.0.1:${at}${path}`, { headers: { connection: "close", ...headers }, redirect: "manual", ...rest });
  const basic = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;

  let stopping;
  const lamppost = {
    port: at, origin: `http://localhost:${at}`, state: folder, sockets: run.sockets, password, pids, dev,
    /** fetch() of a path; a `json` in the options becomes the body. */
    public: (path, options = {}) => ask(path, withJson(options)),
    admin: (path, options = {}) => ask(path, withJson({ ...options, headers: { Authorization: basic, ...options.headers } })),
    /** Everything that was logged, by the name of its file, and what ./dev itself said. */
    logs: () => ({ dev: dev.err, ...Object.fromEntries(["mariadb", "public", "admin", "resume", "nginx-error", "nginx-access"].map((name) => {
      const log = join(folder, "logs", `${name}.log`);
      return [name, existsSync(log) ? readFileSync(log, "utf8") : ""];
    })) }),
    /** Asks it to end, waits, and sees that nothing is left; a second call does nothing. */
    stop: (options) => stopping ??= stop(options),
  };
  async function stop({ signal = "SIGTERM" } = {}) {
    const family = ended ? [] : familyOf(dev.pid);
    if (!ended) dev.child.kill(signal);
    const result = await dev.ended;
    const left = [...family, ...Object.values(pids)].filter(isAlive);
    const socketsLeft = existsSync(run.sockets);
    removeOwn();
    assert.deepEqual(left, [], "processes are left");
    assert.equal(socketsLeft, false, `${run.sockets} is left`);
    return result;
  }
  if (t) t.after(() => lamppost.stop());
  return lamppost;
}

function withJson({ json, headers = {}, ...rest }) {
  if (json === undefined) return { headers, ...rest };
  return { method: "POST", ...rest, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(json) };
}
