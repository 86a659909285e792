// Runs COMMAND with a throw-away push service beside it, and ends with COMMAND's exit code.
//
//   node tests/rig/with_push_service.mjs [--keep everything|counts|requests] [--streams N] COMMAND [ARGUMENT...]
//
// COMMAND sees LAMPPOST_TEST_PUSH_ORIGIN, LAMPPOST_TEST_PUSH_CA (file) and LAMPPOST_TEST_PUSH_CONTROL
// (url, see push/control.mjs). The service is a process of its own: after all that COMMAND does to its
// connections, Debian 12's Node 18 may crash while it takes them down, and that says nothing of COMMAND.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];
const SERVICE = join(dirname(fileURLToPath(import.meta.url)), "push_service.mjs");

function readArguments() {
  const args = process.argv.slice(2);
  let first = 0;
  while (args[first]?.startsWith("--")) first += 2;
  if (first >= args.length) throw new Error("COMMAND is missing");
  return { options: args.slice(0, first), command: args.slice(first) };
}

/** Starts the service and resolves with {child, environment} once it listens. */
async function startService(options, dir) {
  const child = spawn(process.execPath, [SERVICE, "--dir", dir, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close").then(([code, signal]) => {
    throw new Error(`the push service ended with ${signal ?? code} before it was ready`);
  });
  const line = async () => {
    let text = "";
    for await (const chunk of child.stdout) {
      text += chunk;
      if (text.includes("\n")) break;
    }
    return text;
  };
  const said = await Promise.race([line(), ended]);
  const ready = /^ready (\S+) \S+ ca (\S+) control (\S+)/.exec(said);
  if (!ready) throw new Error(`the push service said ${JSON.stringify(said)} and not that it is ready`);
  ended.catch(() => {}); // from here on COMMAND notices by itself
  const [, origin, ca, control] = ready;
  return { child, environment: { LAMPPOST_TEST_PUSH_ORIGIN: origin, LAMPPOST_TEST_PUSH_CA: ca, LAMPPOST_TEST_PUSH_CONTROL: control } };
}

async function stopService(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "exit");
  child.kill("SIGKILL"); // nothing of it is kept
  await closed;
}

/** Resolves with the exit code; that of a shell if a signal ended it. */
function run([program, ...args], environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    const passOn = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, passOn);
    child.once("error", (error) => reject(new Error(`${program}: ${error.message}`)));
    child.once("close", (code, signal) => {
      for (const each of SIGNALS) process.off(each, passOn);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

async function main() {
  const { options, command } = readArguments();
  const dir = await mkdtemp(join(tmpdir(), "lamppost-push-"));
  let service;
  try {
    service = await startService(options, dir);
    process.exitCode = await run(command, service.environment);
  } finally {
    if (service) await stopService(service.child);
    await rm(dir, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(`with_push_service: ${error.message}`);
  process.exitCode = 1;
});
