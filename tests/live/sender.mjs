// What the tests of sending ask of a site: campaigns, sent in one answer or as lines, and what others do with the rest.

import assert from "node:assert/strict";

const CAMPAIGNS = "/api/admin/campaigns";

/** A campaign's counts with these, and 0 for the rest. */
export const counts = (of) => ({ audience: 0, waiting: 0, accepted: 0, gone: 0, failed: 0, expired: 0, unsure: 0, skipped: 0, ...of });

/** With a ttl of 0 everybody is tried once, so that nothing is left to be tried again. */
export const ONCE = { title: "Now or never", ttl: 0 };

export class Sender {
  #site;

  constructor(site) { this.#site = site; }

  /** Sends in one request, whether or not the same went out a moment ago: the answer. */
  ask(message = { title: "Hello" }) {
    return this.#site.admin(CAMPAIGNS, { json: { ...message, send: true, force: true } });
  }

  /** The same: the campaign. */
  async send(message) { return (await this.ask(message)).json(); }

  async draft(message = { title: "Later" }) { return (await this.#site.admin(CAMPAIGNS, { json: message })).json(); }
  async show(id) { return (await this.#site.admin(`${CAMPAIGNS}/${id}`)).json(); }

  /** POST .../send, pause, resume, cancel, retry: the campaign. */
  async say(id, word, json = {}) { return (await this.#site.admin(`${CAMPAIGNS}/${id}/${word}`, { json })).json(); }

  /** A campaign that nobody has begun to send: its id, for goOn(). */
  async order(message) {
    const { id } = await this.draft(message);
    await this.#site.sql(`UPDATE campaign SET state = 'preparing', started_at = UNIX_TIMESTAMP() WHERE id = ${id}`);
    return id;
  }

  /** What others do when the request is over: `lamppost resume`, which leaves what has to rest for long. The campaign then. */
  async goOn(id) {
    const { code, err } = await this.#site.lamppostCommand(["resume"]);
    assert.equal(code, 0, err);
    return this.show(id);
  }

  /** Lets all that rests have rested. */
  endRests() { return this.#site.sql("UPDATE push_service SET rest_until = 0; UPDATE shard SET next_at = 0"); }

  /** A campaign as lines: each is {line, at}, `at` when it came, in ms after the request. */
  async *stream(message, options = {}) {
    const asked = performance.now();
    const answer = await this.#site.admin(CAMPAIGNS, { json: { ...message, send: true, force: true }, ...options, headers: { Accept: "application/x-ndjson" } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type"), /^application\/x-ndjson/);
    let text = "";
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        yield { line: JSON.parse(text.slice(0, end)), at: performance.now() - asked };
        text = text.slice(end + 1);
      }
    }
    assert.equal(text, "", "the last line has no end");
  }
}
