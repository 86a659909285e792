// failing_lamppost beside a running site: `lamppost send` and `resume` that end at a chosen instant.

import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { temporaryFolder } from "../rig/lamppost.mjs";

const EXIT_CODE = 99; // of a process that has ended where it was told to

export class FailingLamppost {
  #site;
  #folder = temporaryFolder();
  #binary = join(this.#folder, "failing_lamppost");

  /** shardSize: how many people make a shard */
  constructor(site, { shardSize }) {
    const built = process.env.LAMPPOST_FAILING;
    if (!built) throw new Error("LAMPPOST_FAILING is not set: it names the built failing_lamppost, as ctest does");
    this.#site = site;
    this.shardSize = shardSize;
    // The servers' user may not be able to go where it was built.
    copyFileSync(built, this.#binary);
    chmodSync(this.#binary, 0o755);
  }

  remove() { rmSync(this.#folder, { recursive: true }); }

  /** Starts `failing_lamppost WORD` with the site's settings: {child, pid, err, ended: a promise of {code, signal}}. */
  async start(word, failpoint) {
    const words = readFileSync(`/proc/${this.#site.lamppost.pids.admin}/cmdline`, "utf8").split("\0").slice(0, -1);
    const [program, ...args] = [...this.#site.asService("--pdeathsig", "KILL"), this.#binary, word, ...words.slice(words.indexOf("--config"))];
    const env = { ...process.env, LAMPPOST_SHARD_SIZE: String(this.shardSize), ...(failpoint && { LAMPPOST_FAILPOINT: failpoint }) };
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env });
    const command = { child, pid: child.pid, err: "" };
    child.stderr.setEncoding("utf8").on("data", (text) => { command.err += text; });
    command.ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
    await once(child, "spawn");
    return command;
  }

  /** Runs it until it ends at NAME:NTH, by itself or, where `how` is "abort", by that. */
  async crash(word, instant, how = "exit") {
    const command = await this.start(word, `${instant}:${how}`);
    const { code, signal } = await command.ended;
    if (how === "exit" ? code !== EXIT_CODE : signal !== "SIGABRT") {
      throw new Error(`${word} did not end at ${instant} but with ${signal ?? code}: ${command.err}`);
    }
  }
}
