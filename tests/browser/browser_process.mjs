// A browser as a process: started in a folder of its own, ended with all its children.
// Knows nothing of what the browser does; for that see firefox.mjs and chromium.mjs.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Makes a fresh folder for one browser's profile. */
export function freshFolder(name) {
  return mkdtemp(join(tmpdir(), `lamppost-${name}-`));
}

/** Waits until `probe` answers something true and gives that; an error that names `what` after `timeout` ms. */
export async function until(what, probe, timeout = 20000) {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not seen within ${timeout} ms`);
    await delay(50);
  }
}

/** Every process now running: pid, parent and command line. */
async function processes() {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => {
    try {
      const [stat, command] = await Promise.all([
        readFile(`/proc/${pid}/stat`, "utf8"), readFile(`/proc/${pid}/cmdline`, "utf8")]);
      // The name in parentheses may hold spaces; the state and the parent come after the last one.
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return { pid: Number(pid), parent: Number(parent), state, command };
    } catch (error) {
      if (error.code === "ENOENT" || error.code === "ESRCH") return null;  // it ended while we looked
      throw error;
    }
  }));
  return found.filter((one) => one && one.state !== "Z");
}

/** The browser's own processes: its descendants, and what left the family but works in its folder. */
async function family(root, folder) {
  const all = await processes();
  const members = new Set([root]);
  for (let size = 0; size !== members.size;) {
    size = members.size;
    for (const one of all) {
      if (members.has(one.parent) || one.command.includes(folder)) members.add(one.pid);
    }
  }
  return all.filter((one) => members.has(one.pid) && one.pid !== process.pid).map((one) => one.pid);
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/**
 * Ends a browser, its children and its folder, by pid: asked first, made to after `patience` ms.
 * An error if anything is still there at the end.
 */
export async function endBrowser(root, folder, patience = 5000) {
  const members = new Set(await family(root, folder));
  signal(root, "SIGTERM");
  const end = Date.now() + patience;
  for (;;) {
    for (const pid of await family(root, folder)) members.add(pid);
    const living = new Set((await processes()).map((one) => one.pid));
    const left = [...members].filter((pid) => living.has(pid));
    if (left.length === 0) break;
    if (Date.now() > end + patience) throw new Error(`browser in ${folder}: processes ${left} do not end`);
    if (Date.now() > end) left.forEach((pid) => signal(pid, "SIGKILL"));
    await delay(100);
  }
  await rm(folder, { recursive: true, force: true });
}

/** Starts a browser; `said()` is what it wrote so far, `failed()` why it is gone, if it is. */
export function startBrowser(program, args, env) {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let failure = "";
  const keep = (chunk) => { text = (text + chunk).slice(-20000); };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => { failure = `${program}: ${error.message}; apt-get install it`; });
  child.on("exit", (code, name) => { failure ||= `${program} ended with ${name ?? code}: ${text.slice(-1000)}`; });
  return { pid: child.pid, said: () => text, failed: () => failure };
}
