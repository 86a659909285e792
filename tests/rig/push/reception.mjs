// The way of one request through a host: script before the body, checks, body, checks, script after it, acceptance.

import { misbehave } from "./misbehave.mjs";
import {
  BODY_LIMIT, bodyFault, fieldsFault, grantedTtl, readFields, refusal, refusalBody, subscriptionFault, tooLong,
} from "./rfc8030.mjs";
import { endpointOf } from "./simulated_browser.mjs";

const REFUSALS_KEPT = 1000; // the first ones tell what is wrong

export class Reception {
  #host;
  #service;
  #nextMessage = 1;

  constructor(host, service) {
    this.#host = host;
    this.#service = service;
    this.forget();
  }

  /** Starts counting anew. */
  forget() {
    this.tally = { requests: 0, accepted: 0, refused: 0, scripted: 0, byStatus: {} };
    this.refusals = [];
  }

  take(exchange) {
    const subscription = this.#service.book.find(this.#host, exchange.path);
    const rule = this.#host.rules.take(subscription, true);
    if (rule !== null) {
      this.#carryOut(exchange, rule, null);
      return;
    }
    const fields = readFields(exchange.rawHeaders);
    const fault = this.#faultBeforeBody(exchange, subscription, fields);
    if (fault?.status === 413) {
      this.#refuse(exchange, fault, subscription); // nobody waits for a body that is too long by its own word
      return;
    }
    exchange.readBody(BODY_LIMIT, (body) => {
      const reason = fault ?? (body === null ? tooLong() : bodyFault(body));
      if (reason !== null) this.#refuse(exchange, reason, subscription);
      else this.#receive(exchange, subscription, fields, body);
    });
  }

  #faultBeforeBody(exchange, subscription, fields) {
    const fault = subscriptionFault(subscription);
    if (fault !== null) return fault;
    if (exchange.method !== "POST") return refusal(405, null, "Only POST is possible here");
    return fieldsFault(fields, this.#host.origin, subscription.vapidKey, this.#service.verifier);
  }

  #refuse(exchange, reason, subscription) {
    const { tally, refusals } = this;
    tally.requests += 1;
    tally.refused += 1;
    this.#tallyStatus(reason.status);
    if (refusals.length < REFUSALS_KEPT) {
      refusals.push({ ...reason, endpoint: subscription ? endpointOf(subscription) : exchange.path, headers: { ...exchange.headers } });
    }
    exchange.answer(reason.status, { "content-type": "application/json" }, refusalBody(reason));
  }

  #receive(exchange, subscription, fields, body) {
    this.tally.requests += 1;
    const rule = this.#host.rules.take(subscription, false);
    const accepted = rule === null || rule.accept;
    const ttl = grantedTtl(fields.ttl);
    const id = this.#nextMessage;
    this.#nextMessage += 1;
    this.#service.ledger.record({
      subscription, body, accepted, headers: exchange.headers, protocol: exchange.protocol,
      host: this.#host.origin, connection: exchange.connection.id, at: this.#service.clock(),
      outcome: rule === null ? "201" : String(rule.status ?? rule.action),
    });
    if (accepted) {
      this.tally.accepted += 1;
      if (subscription.agent !== null) this.#service.deliver(subscription, { body, ttl, topic: fields.topic });
    }
    const answer = { location: `${this.#host.origin}/m/${id}`, ttl: String(ttl) };
    if (rule !== null) {
      this.#carryOut(exchange, rule, answer);
      return;
    }
    this.#tallyStatus(201);
    exchange.answer(201, answer);
  }

  #carryOut(exchange, rule, answer) {
    this.tally.scripted += 1;
    const go = () => {
      if (rule.status !== undefined) this.#tallyStatus(rule.status);
      else if (rule.action === "accept") this.#tallyStatus(201);
      misbehave(exchange, rule, answer);
    };
    if (rule.delay > 0) setTimeout(go, rule.delay);
    else go();
  }

  #tallyStatus(status) {
    this.tally.byStatus[status] = (this.tally.byStatus[status] ?? 0) + 1;
  }
}
