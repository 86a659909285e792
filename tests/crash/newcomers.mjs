// Visitors who subscribe while all goes wrong. Whoever was told that he is subscribed has to be in the table.

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export class Newcomers {
  #site;
  #acknowledged = [];
  #refused = 0;
  #leaving = false;
  #tasks;
  faults = [];

  constructor(site, vapidKey, atOnce = 2) {
    this.#site = site;
    this.#tasks = Array.from({ length: atOnce }, () => this.#subscribe(vapidKey)
      .catch((error) => { this.faults.push(`${error.message}: ${error.cause?.message}`); }));
  }

  get refused() { return this.#refused; }

  /** Lets no more in. */
  async stop() {
    this.#leaving = true;
    await Promise.all(this.#tasks);
  }

  /** {acknowledged, missing}, numbers. */
  async count() {
    const rows = new Set((await this.#site.sql("SELECT endpoint FROM subscription")).map(([endpoint]) => endpoint));
    return { acknowledged: this.#acknowledged.length, missing: this.#acknowledged.filter((endpoint) => !rows.has(endpoint)).length };
  }

  async #subscribe(vapidKey) {
    while (!this.#leaving) {
      const [json] = this.#site.service.createSubscriptions(1, { vapidKey });
      const answer = await this.#site.public("/api/push-subscriptions", { json });
      const text = await answer.text();
      if (answer.status === 201) this.#acknowledged.push(json.endpoint);
      else if (answer.status === 503) this.#refused += 1;
      else this.faults.push(`a subscription was answered ${answer.status} ${text.slice(0, 200)}`);
      await pause(answer.status === 201 ? 20 : 200);
    }
  }
}
