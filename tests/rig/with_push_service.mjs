// Runs COMMAND with a throw-away push service beside it, and ends with COMMAND's exit code.
//
//   node tests/rig/with_push_service.mjs [--keep everything|counts|requests] [--streams N] COMMAND [ARGUMENT...]
//
// COMMAND sees LAMPPOST_TEST_PUSH_ORIGIN, LAMPPOST_TEST_PUSH_CA (file) and LAMPPOST_TEST_PUSH_CONTROL
// (url, see push/control.mjs).

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startControl } from "./push/control.mjs";
import { startPushService } from "./push_service.mjs";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];

function readArguments() {
  const args = process.argv.slice(2);
  let first = 0;
  while (args[first]?.startsWith("--")) first += 2;
  if (first >= args.length) throw new Error("COMMAND is missing");
  const options = { keep: { type: "string", default: "everything" }, streams: { type: "string", default: "100" } };
  const { values } = parseArgs({ args: args.slice(0, first), options });
  const streams = Number(values.streams);
  if (!Number.isInteger(streams) || streams < 1) throw new Error(`--streams ${values.streams}: must be a whole number`);
  return { command: args.slice(first), keep: values.keep, streams };
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
  const { command, keep, streams } = readArguments();
  const dir = await mkdtemp(join(tmpdir(), "lamppost-push-"));
  try {
    const service = await startPushService({ dir, keep, streams });
    const control = await startControl(service, 0);
    try {
      process.exitCode = await run(command, {
        LAMPPOST_TEST_PUSH_ORIGIN: service.origin,
        LAMPPOST_TEST_PUSH_CA: service.caFile,
        LAMPPOST_TEST_PUSH_CONTROL: control.url,
      });
    } finally {
      await Promise.all([service.stop(), control.stop()]);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(`with_push_service: ${error.message}`);
  process.exitCode = 1;
});
