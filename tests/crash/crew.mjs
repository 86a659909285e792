// The workers of one campaign, all of which may be killed at any time: requests to the admin pool, the tick of ./dev up
// (`lamppost resume`), and as many `lamppost send --campaign` beside them as make up the number.

import { readFileSync } from "node:fs";
import { familyOf, isAlive } from "../rig/lamppost.mjs";
import { startCommand } from "../faults/command.mjs";

const LOOK = 50; // ms between two looks at who is there
const AFTER_A_FAILURE = 500; // ms before the next command, when one could not work
const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export class Crew {
  #site;
  #campaign;
  #wanted;
  #commands = new Set();
  #startAt = 0;
  #dismissed = false;
  #tasks;
  #binary;
  killed = 0;
  failed = 0; // commands that ended with 1: the database was away
  faults = []; // ends that nobody has asked for
  answers = {}; // of requests, by status

  /**
   * wanted    how many processes there shall be
   * requests  how many of these are workers of the admin pool
   */
  constructor(site, campaign, { wanted, requests }) {
    this.#site = site;
    this.#campaign = campaign;
    this.#wanted = wanted;
    [this.#binary] = readFileSync(`/proc/${site.lamppost.pids.admin}/cmdline`, "utf8").split("\0");
    const work = [...Array(requests).fill(() => this.#ask()), () => this.#fillUp()];
    this.#tasks = work.map((task) => task().catch((error) => { this.faults.push(`${error.message}: ${error.cause?.message}`); }));
  }

  /** From now on nobody who ends or is killed is replaced by us. */
  dismiss() { this.#dismissed = true; }

  /** Waits until those that we have started are done. */
  async over() { await Promise.all([...this.#tasks, ...[...this.#commands].map(({ ended }) => ended)]); }

  /** The pids of those at work now. */
  members() {
    const { admin, resume } = this.#site.lamppost.pids;
    const tick = familyOf(resume).slice(1).filter((pid) => this.#runs(pid, "resume"));
    const sending = [...this.#commands].map(({ pid }) => pid).filter((pid) => this.#runs(pid, "send"));
    return [...familyOf(admin).slice(1).filter(isAlive), ...tick, ...sending];
  }

  /** kill -9 of one of them by chance; waits for one that can be killed. */
  async killOne(random) {
    for (;;) {
      const members = this.members();
      if (members.length > 0 && kill(random.one(members))) break;
      await pause(5);
    }
    this.killed += 1;
  }

  // That process is `lamppost COMMAND` by now, and not what becomes it or is left of it.
  #runs(pid, command) {
    try {
      const [binary, word] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return binary === this.#binary && word === command;
    } catch (error) {
      if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
      return false;
    }
  }

  // An owner who presses "send" again whenever the answer says that it is not over.
  async #ask() {
    while (!this.#dismissed) {
      const answer = await this.#site.admin(`/api/admin/campaigns/${this.#campaign}/send`, { json: {} });
      const text = await answer.text();
      this.answers[answer.status] = (this.answers[answer.status] ?? 0) + 1;
      if (![200, 202, 502, 503].includes(answer.status)) this.faults.push(`a request was answered ${answer.status} ${text.slice(0, 200)}`);
      await pause(100);
    }
  }

  async #fillUp() {
    while (!this.#dismissed) {
      if (Date.now() >= this.#startAt) {
        const starting = [...this.#commands].filter(({ pid }) => !this.#runs(pid, "send")).length;
        for (let missing = this.#wanted - this.members().length - starting; missing > 0; missing -= 1) await this.#startOne();
      }
      await pause(LOOK);
    }
  }

  async #startOne() {
    const command = await startCommand(this.#site, ["send", "--campaign", String(this.#campaign)]);
    this.#commands.add(command);
    command.ended.then(({ code, signal }) => {
      this.#commands.delete(command);
      if (code === 1) {
        this.failed += 1;
        this.#startAt = Date.now() + AFTER_A_FAILURE;
      }
      if (signal !== "SIGKILL" && code !== 0 && code !== 1) this.faults.push(`send ended with ${signal ?? code}: ${command.err.slice(-300)}`);
    });
  }
}

// False: it has ended just now.
function kill(pid) {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
    return false;
  }
}
