// What people see of messages that came more than once: each copy goes through the real www/push/sw.js.
//
//   chromium  the copies one after the other, the worker started anew for each; a tag replaces its notification
//   firefox   the same
//   safari    a tag has no effect, so that only the worker can drop a twin. Its push service is Apple's, to which nothing
//             unsure goes again but by the owner's word: one twin, however often a worker was killed
//   offline   the first copy while it is online, the others while it is not; its push service keeps what waits, the newer
//             one of a topic in place of the older one, and hands it over all at once
//   away      offline from the beginning

import { SimulatedBrowser } from "../www/shims/service_worker.mjs";

const COPIES_AT_APPLE = 2;

async function oneByOne(kind, copies) {
  const browser = await new SimulatedBrowser({ kind, config: {} }).start();
  for (const { payload } of copies) {
    browser.restart();
    await browser.push(payload);
  }
  return browser;
}

/** What a push service that keeps messages for an offline browser still has: of each topic the newest (RFC 8030, 5.4). */
export function kept(copies) {
  const waiting = new Map();
  for (const [at, copy] of copies.entries()) {
    const key = copy.headers.topic ?? at;
    waiting.delete(key);
    waiting.set(key, copy);
  }
  return [...waiting.values()];
}

async function comesOnline(seenBefore, missed) {
  const browser = await oneByOne("chromium", seenBefore);
  browser.restart();
  await Promise.all(kept(missed).map(({ payload }) => browser.push(payload)));
  return browser;
}

const WAYS = {
  chromium: (copies) => oneByOne("chromium", copies),
  firefox: (copies) => oneByOne("firefox", copies),
  safari: (copies) => oneByOne("safari", copies.slice(0, COPIES_AT_APPLE)),
  offline: (copies) => comesOnline(copies.slice(0, 1), copies.slice(1)),
  away: (copies) => comesOnline([], copies),
};
export const ways = Object.keys(WAYS);

// Whoever got the same, in the same order, sees the same: so many of these are looked at, since a worker of its own for
// each of thousands would need gigabytes.
const OF_THE_SAME = 20;

function someOfEach(people) {
  const groups = new Map();
  for (const copies of people) {
    const key = JSON.stringify(copies.map(({ payload, headers }) => [payload, headers.topic]));
    const group = groups.get(key);
    if (!group) groups.set(key, [copies]);
    else if (group.length < OF_THE_SAME) group.push(copies);
  }
  return [...groups.values()].flat();
}

/**
 * Shows people what they got: {browsers, wrong}, where `wrong` says how often each way of being a browser showed something
 * else than one notification, once: {chromium: 0, ...}.
 * people  a list of lists, of the copies of one message that each got: {payload, headers}
 */
export async function show(people) {
  const wrong = Object.fromEntries(ways.map((way) => [way, 0]));
  const some = someOfEach(people);
  for (const copies of some) {
    for (const way of ways) {
      const { screen, failures } = await WAYS[way](copies);
      const alerts = screen.history.filter((one) => one.alerts).length;
      if (screen.visible.length !== 1 || alerts !== 1 || failures.length > 0) wrong[way] += 1;
    }
    await new Promise((go) => setImmediate(go)); // a worker's timers keep it in memory until they have run
  }
  return { browsers: some.length * ways.length, wrong };
}
