// Side by side with npm's web-push, used as its documentation recommends for many messages: the same subscriptions, the
// same push service, by turns. Each tells its own CPU; the database's is on our side.
//
//   LAMPPOST_BINARY=... tests/rig/with_mariadb.sh node tests/bench/campaign_web_push.mjs [RECIPIENTS [ROUNDS]]

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { argument, withBench } from "./rig/bench.mjs";
import { subscriptions } from "./rig/database.mjs";
import { Figures, median } from "./rig/figures.mjs";

const MOST_SHARE = 1 / 8;
const recipients = argument(1, 10_000);
const rounds = argument(2, 3);
const peer = fileURLToPath(new URL("rig/web_push_sender.mjs", import.meta.url));

await withBench(async (bench) => {
  const figures = new Figures("web_push");
  bench.seed(recipients);
  const list = join(bench.folder, "subscriptions.json");
  writeFileSync(list, JSON.stringify(subscriptions(recipients)));
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = await bench.campaign(recipients);
    const { cpu } = JSON.parse(execFileSync(process.execPath, [peer, list, bench.sink.caFile], { encoding: "utf8" }));
    const arrived = await bench.sink.count();
    if (arrived !== recipients) throw new Error(`web-push: ${arrived} of ${recipients} arrived`);
    const cost = ours.sender + ours.database;
    measured.push({ cost, peer: cpu / recipients, share: (cost * recipients) / cpu });
  }
  const of = (name) => median(measured.map((each) => each[name]));
  figures.tell(of("peer"), "us of CPU a message, npm web-push");
  figures.tell(of("cost"), "us of CPU a message, Lamppost and its database");
  figures.atMost(of("share"), MOST_SHARE, "of web-push's CPU");
});
