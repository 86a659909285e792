// That a campaign costs the same however large its audience is: memory, CPU a recipient, bytes written, and the time
// until the audience is fixed.
//
//   LAMPPOST_BINARY=... tests/rig/with_mariadb.sh node tests/bench/campaign_million.mjs [LARGE [SMALL]]

import { setTimeout as sleep } from "node:timers/promises";
import { argument, withBench } from "./rig/bench.mjs";
import { sql } from "./rig/database.mjs";
import { Figures, median } from "./rig/figures.mjs";

const MOST_GROWTH = 2048; // KiB
const MOST_OF_SMALL = 1.1;
const MOST_CUTTING = 3; // seconds for a million
const MOST_WRITTEN = 120; // bytes a recipient
const SMALL_ROUNDS = 5;
const ANSWER_MS = 150;
const large = argument(1, 1_000_000);
const small = argument(2, 10_000);

// Sends, and watches when the audience is fixed.
async function watched(bench) {
  const begun = performance.now();
  const run = bench.start();
  const isCut = () => sql("SELECT COUNT(*) FROM campaign WHERE state IN ('draft', 'preparing')").trim() === "0" &&
    sql("SELECT COUNT(*) FROM campaign WHERE state = 'sending'").trim() === "1";
  while (!isCut()) await sleep(50);
  return { cutting: (performance.now() - begun) / 1000, runs: [await run] };
}

await withBench(async (bench) => {
  const figures = new Figures("million");
  // Answers that take their time, so that in the small campaign too there are as many requests on their way as may be.
  await bench.sink.delay(ANSWER_MS);
  bench.seed(small);
  const before = [];
  for (let round = 0; round < SMALL_ROUNDS; round += 1) before.push(await bench.campaign(small));
  const of = (name) => median(before.map((each) => each[name]));

  bench.seed(large);
  let cutting = NaN;
  const after = await bench.campaign(large, async () => {
    const seen = await watched(bench);
    cutting = seen.cutting;
    return seen.runs;
  });
  figures.tell(of("sender") + of("database"), `us of CPU a recipient, sender and MariaDB, of ${small}`);
  figures.tell(after.sender + after.database, `us of CPU a recipient, sender and MariaDB, of ${large}`);
  figures.atMost((after.sender + after.database) / (of("sender") + of("database")), MOST_OF_SMALL, "times the CPU a recipient");
  figures.atMost(after.memory - of("memory"), MOST_GROWTH, `KiB that the sender grows from ${small} to ${large}`);
  figures.atMost((cutting / large) * 1e6, MOST_CUTTING, "seconds until an audience of a million is fixed");
  figures.tell(after.database, "us of CPU a recipient, MariaDB");
  figures.atMost(after.written, MOST_WRITTEN, "bytes written a recipient, MariaDB");
  figures.tell(after.rate, "recipients a second, on the wall");
});
