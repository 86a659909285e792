// One campaign through which workers and the database are killed by chance; what has to be true in the end stands in
// verdict.mjs.

import { Campaigns } from "../faults/campaigns.mjs";
import { DatabaseProcess } from "../live/database_process.mjs";
import { startSite } from "../live/site.mjs";
import { Crew } from "./crew.mjs";
import { Holders } from "./holders.mjs";
import { Newcomers } from "./newcomers.mjs";
import { Random } from "./random.mjs";

const [SOONEST, LATEST] = [120, 400]; // ms between two kills
const DOWN = [200, 1500]; // ms between the database's death and its next start
const HOSTS = 2;
const STREAMS = 5; // at once to each host, so that there are few between "sent" and "recorded"
const FILLED = 0.8; // the share of the kills' time that an undisturbed campaign would take
const DATABASE_TURN = 2500; // ms that a death of the database and its return take about
const EVERY = 250; // ms between two looks for the dead
const PATIENCE = 60; // s after the last kill
const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export class CrashCampaign {
  #random;
  #over = false;
  #stopped;

  /** {recipients, kills, databaseKills, workers, seed, tell}; tell(text) hears how it goes. */
  constructor({ tell = () => {}, ...plan }) {
    Object.assign(this, plan, { tell });
    this.#random = new Random(plan.seed);
  }

  /** Brings everything up and goes through it, until the campaign is finished or does not finish. */
  async run() {
    const requests = Math.max(1, Math.floor(this.workers / 2));
    this.site = await startSite({
      hosts: HOSTS, workers: requests, tick: 1, config: `push_connections = 1\npush_streams = ${STREAMS}\n`,
    });
    const campaigns = new Campaigns(this.site);
    this.database = new DatabaseProcess(this.site);
    await this.#invite(campaigns);
    this.id = await campaigns.draft({ title: "Crash", body: "However often it is sent", replace: "crash" });
    this.holders = new Holders(this.site, this.id);
    await this.holders.watch();
    this.began = performance.now();
    this.crew = new Crew(this.site, this.id, { wanted: this.workers, requests });

    const looking = this.#lookForTheDead();
    await Promise.race([looking, Promise.all([this.#killWorkers(), this.#killDatabase()])]); // looking ends first by an error only
    this.lastKill = performance.now();
    await this.newcomers?.stop();
    this.crew.dismiss();
    this.#answerBy(0);
    this.tell(`the last kill was after ${this.#since(this.began)} s, ${this.site.service.tally().requests} requests had come`);

    this.finished = await this.#waitForTheEnd(campaigns);
    this.seconds = this.#since(this.began);
    this.secondsAlone = this.#since(this.lastKill);
    this.#over = true;
    await looking;
    if (this.finished) await this.crew.over();
    this.report = await campaigns.show(this.id);
  }

  /** Takes all down; a second call waits for the first. */
  stop() { return this.#stopped ??= this.#stop(); }

  async #stop() {
    this.#over = true;
    this.crew?.dismiss();
    await this.database?.release();
    await this.site?.stop();
  }

  // Nearly all accept; one in a hundred has gone, one in a hundred is refused, so that there is something to be mixed up.
  async #invite(campaigns) {
    this.vapidKey = await this.site.vapidKey();
    this.made = [];
    for (const [i, { origin }] of this.site.service.hosts.entries()) {
      const count = Math.floor((this.recipients + i) / HOSTS);
      this.made.push(...await campaigns.plant(count, { host: origin }));
    }
    this.fateOf = new Map(this.made.map(({ endpoint }, i) => [endpoint, i % 100 === 7 ? "gone" : i % 100 === 57 ? "failed" : "accepted"]));
    const inFlight = HOSTS * STREAMS * this.workers;
    this.#answerBy(Math.max(10, inFlight * this.#time() * FILLED / this.recipients));
  }

  // How long there will be kills, in ms.
  #time() { return Math.max(this.kills * (SOONEST + LATEST) / 2, this.databaseKills * DATABASE_TURN, 5000); }

  // So slowly that kills find something in flight.
  #answerBy(delay) {
    const { service } = this.site;
    const those = (fate) => [...this.fateOf].filter((entry) => entry[1] === fate).map(([endpoint]) => endpoint);
    service.clearScript();
    if (delay > 0) service.script({ action: "accept", delay });
    service.script({ status: 410, delay }, { endpoints: those("gone") });
    service.script({ status: 400, delay }, { endpoints: those("failed") });
  }

  async #killWorkers() {
    this.killsTooLate = 0;
    for (let n = 1; n <= this.kills; n += 1) {
      await pause(this.#random.between(SOONEST, LATEST));
      if (this.isFinished) this.killsTooLate += 1;
      await this.crew.killOne(this.#random);
      if (n % 50 === 0) this.tell(`${n} workers killed, ${this.site.service.tally().requests} requests have come`);
    }
  }

  async #killDatabase() {
    const random = new Random(this.seed + 1);
    for (let n = 0; n < this.databaseKills; n += 1) {
      const at = this.began + (n + random.between(0.1, 0.6)) * this.#time() / this.databaseKills;
      await pause(Math.max(0, at - performance.now()));
      await this.database.kill();
      await pause(random.between(...DOWN));
      await this.database.start();
      this.tell(`database killed and back, ${this.#since(this.began)} s`);
    }
  }

  // As long as somebody may be dead. Newcomers are let in when the audience is fixed, since they are none of it.
  async #lookForTheDead() {
    while (!this.#over) {
      await this.holders.free();
      const state = await this.#state();
      this.isFinished = state === "finished";
      if (state === "sending") this.newcomers ??= new Newcomers(this.site, this.vapidKey);
      await pause(EVERY);
    }
  }

  // None: the database is away just now.
  async #state() {
    const { code, out } = await this.site.trySql(`SELECT state FROM campaign WHERE id = ${this.id}`);
    return code === 0 ? out.trim() : undefined;
  }

  async #waitForTheEnd() {
    while (performance.now() < this.lastKill + PATIENCE * 1000) {
      if (await this.#state() === "finished") return true;
      await pause(100);
    }
    return false;
  }

  #since(then) { return Math.round((performance.now() - then) / 100) / 10; }
}
