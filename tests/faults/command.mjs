// `lamppost` as a process of its own beside a running site, so that a test can send it signals.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/**
 * Starts it as the servers' user with the site's settings: {child, pid, out, err, ended: a promise of {code, signal}}.
 * ahead  what the command is put behind, such as ClosedWorld.inside()
 */
export async function startCommand(site, words, { ahead = [] } = {}) {
  const [binary, ...rest] = readFileSync(`/proc/${site.lamppost.pids.admin}/cmdline`, "utf8").split("\0").slice(0, -1);
  const settings = rest.slice(rest.indexOf("--config"));
  const [program, ...args] = [...ahead, ...site.asService("--pdeathsig", "TERM"), binary, ...words, ...settings];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TERM: "dumb" } });
  const command = { child, pid: child.pid, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => { command.out += text; });
  child.stderr.setEncoding("utf8").on("data", (text) => { command.err += text; });
  command.ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  await once(child, "spawn");
  return command;
}
