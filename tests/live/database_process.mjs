// The database of a running site, paused, killed and started again. ./dev up ends when one of its servers does, so it
// is held while the database is away, and until the end.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { isAlive, until } from "../rig/lamppost.mjs";

export class DatabaseProcess {
  #site;
  #command;
  #pid;
  #own = null; // a server that we have started

  constructor(site) {
    this.#site = site;
    this.#pid = site.lamppost.pids.mariadb;
    this.#command = readFileSync(`/proc/${this.#pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  }

  /** Returns when each of its threads stands still: until then one may still answer. */
  async pause() {
    process.kill(this.#pid, "SIGSTOP");
    await until("the database stands still", 5, () => readdirSync(`/proc/${this.#pid}/task`).every((task) => (
      readFileSync(`/proc/${this.#pid}/task/${task}/stat`, "latin1").replace(/.*\) /s, "").startsWith("T"))));
  }

  goOn() { process.kill(this.#pid, "SIGCONT"); }

  async kill() {
    process.kill(this.#site.lamppost.pids.dev, "SIGSTOP");
    process.kill(this.#pid, "SIGKILL");
    await until("the database is gone", 10, () => !isAlive(this.#pid));
  }

  /** Starts it on the same data and the same socket; answers once it does. */
  async start() {
    const [program, ...rest] = [...this.#site.asService("--pdeathsig", "TERM"), ...this.#command];
    this.#own = spawn(program, rest, { stdio: "ignore" });
    await once(this.#own, "spawn");
    this.#pid = this.#own.pid;
    await until("the database answers again", 30, async () => {
      if (this.#own.exitCode !== null) throw new Error(`the database ended with ${this.#own.exitCode} when started again`);
      return (await this.#site.trySql("SELECT 1")).code === 0;
    });
  }

  /** Lets ./dev up hear again; it is asked to end before it can notice what has happened. */
  async release() {
    if (isAlive(this.#pid)) this.goOn();
    if (this.#own && this.#own.exitCode === null && this.#own.signalCode === null) {
      this.#own.kill("SIGTERM");
      await once(this.#own, "exit");
    }
    process.kill(this.#site.lamppost.pids.dev, "SIGTERM");
    process.kill(this.#site.lamppost.pids.dev, "SIGCONT");
  }
}
