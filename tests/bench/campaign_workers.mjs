// Whether two workers on one campaign are worth two. Counted in CPU, since the push service of this measurement needs
// some of the machine as well: two that cost 1/0.9 of one a recipient are 1.8 times as fast where there is room.
//
//   LAMPPOST_BINARY=... tests/rig/with_mariadb.sh node tests/bench/campaign_workers.mjs [RECIPIENTS [ROUNDS]]

import { setTimeout as sleep } from "node:timers/promises";
import { argument, withBench } from "./rig/bench.mjs";
import { sql } from "./rig/database.mjs";
import { Figures, median } from "./rig/figures.mjs";

const MOST_OF_ONE = 2 / 1.8;
const recipients = argument(1, 40_000);
const rounds = argument(2, 3);

const newest = () => sql("SELECT COALESCE(MAX(id), 0) FROM campaign").trim();

// The second one joins as soon as there is something to join.
async function two(bench) {
  const last = newest();
  const first = bench.start();
  while (newest() === last) await sleep(10);
  return Promise.all([first, bench.start(newest())]);
}

await withBench(async (bench) => {
  const figures = new Figures("workers");
  bench.seed(recipients);
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const one = await bench.campaign(recipients);
    const both = await bench.campaign(recipients, () => two(bench));
    const [cost, costOfBoth] = [one.sender + one.database, both.sender + both.database];
    measured.push({ cost, costOfBoth, ratio: costOfBoth / cost, wall: both.rate / one.rate });
  }
  const of = (name) => median(measured.map((each) => each[name]));
  figures.tell(of("cost"), "us of CPU a recipient, one worker and its database");
  figures.tell(of("costOfBoth"), "us of CPU a recipient, two workers and their database");
  figures.atMost(of("ratio"), Number(MOST_OF_ONE.toFixed(2)), "times the CPU of one");
  figures.tell(of("wall"), "times as fast on the wall, beside the push service on this machine");
});
