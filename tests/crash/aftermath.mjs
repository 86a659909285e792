// One small campaign whose senders crash at chosen instants, and what became of it.

import assert from "node:assert/strict";
import { Campaigns, counts } from "../faults/campaigns.mjs";

const TURNS = 5; // of `lamppost resume`, in which it has to be finished
const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export class Aftermath {
  #site;
  #campaigns;
  #made;
  #failing;
  #unrecorded = 0;

  /** made: the people, who stay the same */
  constructor(site, failing, made) {
    this.#site = site;
    this.#failing = failing;
    this.#made = made;
    this.#campaigns = new Campaigns(site);
  }

  /** Forgets the campaigns before. */
  async clear() {
    await this.#site.sql("DELETE FROM shard; DELETE FROM shard_audience; DELETE FROM campaign");
    this.#site.service.forget();
    this.#unrecorded = 0;
    this.id = undefined;
  }

  /** A campaign that is ordered and not begun. */
  async order() {
    await this.clear();
    this.id = await this.#campaigns.draft();
    await this.#site.sql(`UPDATE campaign SET state = 'preparing', started_at = UNIX_TIMESTAMP() WHERE id = ${this.id}`);
  }

  /** A sender dies at this instant. What it had sent and not recorded is what comes again, no more. */
  async crash(instant, how) {
    await this.#failing.crash("resume", instant, how);
    await this.look();
  }

  /** Takes note of what was sent and is not recorded: how many. */
  async look() {
    await pause(30); // what a dead one has left in the socket is read
    const { requests } = this.#site.service.tally();
    return this.#unrecorded = requests - (await this.show()).counts.accepted;
  }

  show() { return this.#campaigns.show(this.id); }

  /** A minute goes by, in which the leases of the dead end. */
  async letPass() {
    await this.#campaigns.letPass(3600);
    await this.#site.sql("UPDATE campaign SET cut_until = 0");
  }

  /** `lamppost resume` goes on by itself; then nobody is lost, and only those came again that had to: how many. */
  async finish() {
    for (let turn = 1; ; turn += 1) {
      await this.letPass();
      const { code, err } = await this.#site.lamppostCommand(["resume"]);
      assert.equal(code, 0, err);
      if (await this.#campaigns.state(this.id) === "finished") break;
      assert.ok(turn < TURNS, `not finished after ${turn} turns: ${JSON.stringify(await this.show())}`);
    }
    const n = this.#made.length;
    assert.deepEqual((await this.show()).counts, counts({ audience: n, accepted: n }));
    assert.deepEqual(this.#campaigns.received(this.#made).lost, []);
    const again = this.#site.service.tally().requests - n;
    assert.equal(again, this.#unrecorded, "others came again than those that were sent without a record");
    return again;
  }
}
