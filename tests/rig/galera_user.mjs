// Servers never run as root: whoever runs the tests as root gives them to nobody, otherwise they are ours.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { userInfo } from "node:os";

const iAmRoot = process.getuid() === 0;
export const serviceUser = iAmRoot ? "nobody" : userInfo().username;

/** What to put ahead of a command that the servers' user shall run, with options of setpriv. */
export const asService = (...options) => ["setpriv", ...options, ...(iAmRoot ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] : []), "--"];

/** Makes a file, or a folder with all that is in it, the servers' user's own. */
export function ownByService(path) {
  if (iAmRoot) execFileSync("chown", ["-R", "nobody:nogroup", path]);
}

/** Starts a program as the servers' user; it does not outlive us. {child, pid, out, err, ended: a promise of {code, signal}}. */
export async function startAsService(words, { input = "", output = "pipe" } = {}) {
  const [program, ...args] = [...asService("--pdeathsig", "KILL"), ...words];
  const child = spawn(program, args, { stdio: ["pipe", output, output], env: { ...process.env, TERM: "dumb" } });
  const started = { child, pid: child.pid, out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text) => { started.out += text; });
  child.stderr?.setEncoding("utf8").on("data", (text) => { started.err += text; });
  child.stdin.on("error", (error) => { if (error.code !== "EPIPE") throw error; }); // it ended before it had read all: its code tells
  started.ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  await once(child, "spawn");
  child.stdin.end(input);
  return started;
}

/** Runs it to its end: {code, signal, out, err}. */
export async function runAsService(words, options) {
  const started = await startAsService(words, options);
  const end = await started.ended;
  return { ...end, out: started.out, err: started.err };
}
