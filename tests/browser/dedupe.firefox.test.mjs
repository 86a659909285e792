// REL-09 in a real Firefox, through a real subscription at the local push service: the same message twice is one
// notification, and the second time makes no sound. Both pushes must be acknowledged as delivered.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "./browser_process.mjs";
import { startSubscribedFirefox } from "./subscribed_firefox.mjs";

const kDelivered = 100;  // autopush: the worker got it and did not throw
const kQuiet = 700;  // a notification that is still to come does so within this time after the acknowledgement, ms

const kKnown = `
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  return (await registration.getNotifications()).filter((one) => one.title === args[0])
    .map(({ tag, silent, data: { id } }) => ({ tag, silent, id }));`;

const message = (title, id, more = {}) => JSON.stringify({ web_push: 8030, notification: { title, navigate: "/", ...more, data: { id } } });

describe("the same message twice in Firefox", () => {
  let it;
  let service;
  let firefox;
  let sender;
  let subscription;

  before(async () => {
    it = await startSubscribedFirefox();
    ({ service, firefox, sender, subscription } = it);
  });

  after(async () => { await it?.stop(); });

  const acks = () => service.agents().flatMap((agent) => agent.acks);

  /** Pushes these, all at once, and waits until the worker is done with each. */
  async function push(...messages) {
    const before = acks().length;
    for (const { status } of await Promise.all(messages.map((one) => sender.send(subscription, one)))) assert.equal(status, 201);
    await until("the acknowledgements", () => acks().length >= before + messages.length);
    assert.deepEqual(acks().slice(before).map(({ code }) => code), messages.map(() => kDelivered));
    assert.deepEqual([service.agents().flatMap((agent) => agent.nacks), service.browserFaults()], [[], []]);
  }

  /** How many stand on the screen under that title, once it is quiet. */
  async function standing(title) {
    await firefox.waitForNotification(title);
    await delay(kQuiet);
    return (await firefox.notifications()).filter((one) => one.title === title).length;
  }

  const known = (title) => firefox.evaluate(kKnown, title);

  test("one notification stands; the second took the first one's place without a sound", async () => {
    await push(message("Twin", "twin-0000000000000001"));
    assert.equal(await standing("Twin"), 1);
    assert.deepEqual(await known("Twin"), [{ tag: "twin-0000000000000001", silent: false, id: "twin-0000000000000001" }]);

    await push(message("Twin", "twin-0000000000000001"));

    assert.equal(await standing("Twin"), 1);
    assert.deepEqual(await known("Twin"), [{ tag: "twin-0000000000000001", silent: true, id: "twin-0000000000000001" }]);
  });

  test("nor does it call for attention when the message itself wants that of a newer one", async () => {
    const loud = message("Loud", "loud-0000000000000001", { tag: "alarm", renotify: true });
    await push(loud);
    assert.equal(await standing("Loud"), 1);

    await push(loud);

    assert.equal(await standing("Loud"), 1);
    assert.deepEqual(await known("Loud"), [{ tag: "alarm", silent: true, id: "loud-0000000000000001" }]);
  });

  test("both at the same moment are one notification, and the last of them is silent", async () => {
    await push(message("Race", "race-0000000000000001"), message("Race", "race-0000000000000001"));

    assert.equal(await standing("Race"), 1);
    assert.deepEqual((await known("Race")).map(({ silent }) => silent), [true]);
  });

  test("two different messages with the same words are two notifications, both with their sound", async () => {
    await push(message("Pair", "pair-0000000000000001"));
    await push(message("Pair", "pair-0000000000000002"));

    await until("both on the screen", async () => (await standing("Pair")) === 2);
    assert.deepEqual((await known("Pair")).map(({ tag, silent }) => ({ tag, silent })).sort((a, b) => a.tag.localeCompare(b.tag)),
      [{ tag: "pair-0000000000000001", silent: false }, { tag: "pair-0000000000000002", silent: false }]);
  });
});
