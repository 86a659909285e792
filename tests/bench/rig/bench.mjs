// What every measurement of whole campaigns needs: a database, a push service, a key, and `lamppost send`.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { database, seed, settle } from "./database.mjs";
import { residentMost, spent } from "./figures.mjs";
import { startPushSink } from "./push_sink.mjs";

export const binary = process.env.LAMPPOST_BINARY;
const BODY = "x".repeat(3000); // a message near the largest

/** A whole number that was given on the command line. */
export function argument(at, otherwise) {
  const number = Number(process.argv[1 + at] ?? otherwise);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${process.argv[1 + at]} must be a whole number above 0`);
  return number;
}

/** Gives `measure` a bench, and takes all down again. Settings are lines of the configuration. */
export async function withBench(measure, settings = []) {
  if (!binary || !database.url) throw new Error("run it by tests/rig/with_mariadb.sh, with LAMPPOST_BINARY set");
  const folder = mkdtempSync(join(tmpdir(), "lamppost-bench-"));
  try {
    const sink = await startPushSink(folder);
    try {
      await measure(new Bench(folder, sink, settings));
    } finally {
      await sink.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class Bench {
  #keyId;

  constructor(folder, sink, settings) {
    this.folder = folder;
    this.sink = sink;
    this.config = join(folder, "lamppost.conf");
    writeFileSync(
      this.config,
      [
        "site_origin = http://localhost:8080",
        "vapid_subject = mailto:bench@example.com",
        `vapid_key_file = ${join(folder, "vapid.pem")}`,
        `database = ${database.url}`,
        `database_name = ${database.name}`,
        `push_hosts = localhost:${sink.port}`,
        `push_addresses = 127.0.0.1:${sink.port}`,
        `push_ca_file = ${sink.caFile}`,
        ...settings,
        "",
      ].join("\n"),
    );
    this.#run("migrate");
    const key = Buffer.from(this.#run("keys", "new").trim(), "base64url");
    this.#keyId = createHash("sha256").update(key).digest().readUInt32BE(0);
  }

  #run(...words) {
    return execFileSync(binary, [...words, "--config", this.config], { stdio: ["ignore", "pipe", "inherit"] }).toString();
  }

  seed(count, more = {}) {
    seed(count, { origin: this.sink.origin, keyId: this.#keyId, ...more });
  }

  /** One process that sends: a new campaign, or with an id one that is there. Resolves when it ends. */
  start(campaign) {
    const words = campaign ? ["--campaign", campaign] : ["--title", "Measured", "--body", BODY];
    // The shell's `time` tells the CPU of the whole process.
    const script = 'TIMEFORMAT="%U %S %R"; time "$@"';
    const child = spawn("bash", ["-c", script, "bash", binary, "send", ...words, "--config", this.config]);
    return new Promise((resolve, reject) => {
      let out = "";
      let err = "";
      let memory = 0;
      const watch = setInterval(() => {
        try {
          const pid = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
          if (pid) memory = Math.max(memory, residentMost(pid));
        } catch (error) {
          if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
        }
      }, 20);
      child.stdout.on("data", (text) => (out += text));
      child.stderr.on("data", (text) => (err += text));
      child.on("error", reject);
      child.on("close", (code) => {
        clearInterval(watch);
        if (code !== 0) return reject(new Error(`lamppost send ended with ${code}: ${out} ${err}`));
        const [user, system, wall] = err.trim().split("\n").at(-1).split(" ").map(Number);
        return resolve({ cpu: (user + system) * 1e6, wall, memory, out });
      });
    });
  }

  /**
   * A campaign to `count`, from its making to the last recorded fate.
   * senders  () => a promise of what start() gives, of each process that sends
   * Returns  CPU in microseconds and bytes, each for a recipient; recipients a second; KiB resident at most
   */
  async campaign(count, senders = async () => [await this.start()]) {
    await settle();
    await this.sink.count();
    const before = spent(database.pid);
    const runs = await senders();
    const { cpu } = spent(database.pid);
    await settle(); // what is still to be written belongs to it
    const { written } = spent(database.pid);
    const arrived = await this.sink.count();
    const isWhole = runs.some((run) => run.out.includes(` ${count} accepted`)) && arrived === count;
    if (!isWhole) throw new Error(`${arrived} of ${count} arrived: ${runs.map((run) => run.out).join("; ")}`);
    return {
      sender: runs.reduce((sum, run) => sum + run.cpu, 0) / count,
      database: (cpu - before.cpu) / count,
      written: (written - before.written) / count,
      rate: count / Math.max(...runs.map((run) => run.wall)),
      memory: Math.max(...runs.map((run) => run.memory)),
    };
  }
}
