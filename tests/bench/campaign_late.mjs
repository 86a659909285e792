// Whether one worker stays fast when the push service takes its time to answer: its speed against one that takes 50 ms,
// as a share of its speed against one that answers at once. On the wall, so by turns in the same run.
//
//   LAMPPOST_BINARY=... tests/rig/with_mariadb.sh node tests/bench/campaign_late.mjs [RECIPIENTS [ROUNDS]]

import { argument, withBench } from "./rig/bench.mjs";
import { Figures, median } from "./rig/figures.mjs";

const LATE_MS = 50;
const LEAST_SHARE = 0.8;
const recipients = argument(1, 20_000);
const rounds = argument(2, 3);

await withBench(async (bench) => {
  const figures = new Figures("late");
  bench.seed(recipients);
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    await bench.sink.delay(0);
    const atOnce = (await bench.campaign(recipients)).rate;
    await bench.sink.delay(LATE_MS);
    const late = (await bench.campaign(recipients)).rate;
    measured.push({ atOnce, late, share: late / atOnce });
  }
  const of = (name) => median(measured.map((each) => each[name]));
  figures.tell(of("atOnce"), "recipients a second, answered at once");
  figures.tell(of("late"), `recipients a second, answered after ${LATE_MS} ms`);
  figures.atLeast(of("share"), LEAST_SHARE, "of the speed");
});
