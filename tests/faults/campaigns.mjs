// The campaigns of one running site, as the tests of faults want them: begun, watched, and hurried where a test
// cannot wait for a minute to pass.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { until } from "../rig/lamppost.mjs";
import { startCommand } from "./command.mjs";

/** A campaign's counts with these, and 0 for the rest. */
export const counts = (of) => ({ audience: 0, waiting: 0, accepted: 0, gone: 0, failed: 0, expired: 0, unsure: 0, skipped: 0, ...of });

const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const ROWS_A_STATEMENT = 250; // an argument of a program is at most 128 KiB

export class Campaigns {
  #site;

  constructor(site) { this.#site = site; }

  /** Subscriptions as site.subscribe() makes them, straight into the table: for thousands. */
  async plant(count, options = {}) {
    const vapidKey = await this.#site.vapidKey();
    const made = this.#site.service.createSubscriptions(count, { vapidKey, keyPairs: 200, ...options });
    const keyId = sha256(Buffer.from(vapidKey, "base64url")).readUInt32BE(0);
    const rows = made.map(({ endpoint, keys }) => {
      const [p256dh, auth] = [keys.p256dh, keys.auth].map((key) => hex(Buffer.from(key, "base64url")));
      return `('${endpoint}', ${hex(sha256(endpoint))}, ${p256dh}, ${auth}, ${keyId}, '', '', 0, 0)`;
    });
    for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
      await this.#site.sql(`INSERT INTO subscription (endpoint, endpoint_sha, p256dh, auth, key_id, language, timezone, created_at, seen_at)
        VALUES ${rows.slice(at, at + ROWS_A_STATEMENT).join(",")}`);
    }
    return made;
  }

  /** POST to the admin API: {status, body}. */
  async post(path, json = {}, headers = {}) {
    const answer = await this.#site.admin(path, { json, headers });
    const text = await answer.text();
    try {
      return { status: answer.status, body: JSON.parse(text) };
    } catch (error) {
      throw new Error(`POST ${path}: ${answer.status} with ${text.slice(0, 200)}`, { cause: error });
    }
  }

  /** Makes one without sending it: its id. */
  async draft(message = { title: "Hello" }) {
    const { status, body } = await this.post("/api/admin/campaigns", message);
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  }

  /** POST /send, /pause, /resume, /cancel or /retry of one: {status, body}, once the request is over. */
  ask(id, what, json) { return this.post(`/api/admin/campaigns/${id}/${what}`, json); }

  /** Makes one and sends it as far as one request goes: the campaign. */
  async send(message) {
    const { status, body } = await this.ask(await this.draft(message), "send");
    assert.ok(status === 200 || status === 202, `${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Sends by `lamppost resume` until all that is left has to wait for its time: the campaign. */
  async sendByResume(id) {
    await this.#site.sql(`UPDATE campaign SET state = 'preparing' WHERE id = ${id} AND state = 'draft'`);
    const command = await startCommand(this.#site, ["resume"]);
    // It would stay for half a minute more, in case that the time comes.
    await until("it sends no more", 120, async () => command.child.exitCode !== null || this.#isAtRest(id));
    command.child.kill("SIGTERM");
    const { code, signal } = await command.ended;
    assert.deepEqual([code, signal], [0, null], command.err);
    return this.show(id);
  }

  /** It is being sent, shards are left, nobody holds one, and none is due. */
  async #isAtRest(id) {
    await new Promise((go) => setTimeout(go, 150)); // a look costs a process
    const [[open, resting]] = await this.#site.sql(`SELECT COUNT(*), COALESCE(SUM(lease_until = 0 AND next_at > UNIX_TIMESTAMP() + 1), 0)
      FROM shard JOIN campaign ON campaign.id = campaign_id WHERE campaign_id = ${id} AND done = 0 AND state = 'sending'`);
    return Number(open) > 0 && open === resting;
  }

  /** Sends, and hurries what has to wait, until it is finished, in at most so many turns: the campaign. */
  async sendToTheEnd(id, turns) {
    let campaign = await this.sendByResume(id);
    for (let turn = 1; campaign.state !== "finished"; turn += 1) {
      assert.ok(turn < turns, `campaign ${id} is not finished after ${turns} turns: ${JSON.stringify(campaign)}`);
      await this.letPass(3600);
      campaign = await this.sendByResume(id);
    }
    return campaign;
  }

  async show(id) { return (await this.#site.admin(`/api/admin/campaigns/${id}`)).json(); }

  /** Past the API, which counts how often it is asked. */
  async state(id) { return (await this.#site.sql(`SELECT state FROM campaign WHERE id = ${id}`))[0]?.[0]; }

  /** Waits until it is finished: the campaign. */
  async finished(id, seconds) {
    await until(`campaign ${id} is finished`, seconds, async () => (await this.state(id)) === "finished");
    return this.show(id);
  }

  /** Moves all times for which somebody waits, leases and rests, into the past by so many seconds. */
  async letPass(seconds) {
    await this.#site.sql(`UPDATE push_service SET rest_until = GREATEST(rest_until - ${seconds}, 0);
      UPDATE shard SET next_at = GREATEST(next_at - ${seconds}, 0), lease_until = GREATEST(lease_until - ${seconds}, 1) WHERE lease_until > 0;
      UPDATE shard SET next_at = GREATEST(next_at - ${seconds}, 0) WHERE lease_until = 0`);
  }

  /** Forgets everything that earlier tests have left, also in the push service. */
  async clear() {
    await this.#site.sql("DELETE FROM shard; DELETE FROM shard_audience; DELETE FROM campaign; DELETE FROM push_service");
    await this.#site.clear();
  }

  /** What the push service accepted of one message for these subscriptions: {lost, twice}, endpoints. */
  received(made) {
    const accepted = new Map(made.map(({ endpoint }) => [endpoint, 0]));
    for (const row of this.#site.service.counts()) {
      if (accepted.has(row.endpoint)) accepted.set(row.endpoint, accepted.get(row.endpoint) + row.accepted);
    }
    const those = (holds) => [...accepted].filter(([, times]) => holds(times)).map(([endpoint]) => endpoint);
    return { lost: those((times) => times === 0), twice: those((times) => times > 1) };
  }
}
