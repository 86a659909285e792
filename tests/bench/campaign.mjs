// What a whole campaign costs, from the database to the recorded fates: the sender's CPU against its two unavoidable
// parts, encryption and a minimal libcurl loop, measured in the same rounds; and the database's CPU. (What it
// writes is told by campaign_million.mjs: it has some 5 MB of pages to write after any campaign, however small.)
//
//   LAMPPOST_BINARY=... tests/rig/with_mariadb.sh node tests/bench/campaign.mjs [RECIPIENTS [ROUNDS]]

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { argument, binary, withBench } from "./rig/bench.mjs";
import { sql } from "./rig/database.mjs";
import { Figures, median } from "./rig/figures.mjs";

const MOST_OVER_PARTS = 1.25;
const MOST_DATABASE = 5; // us of CPU a recipient, of the server
const MOST_STORED = 3;
const recipients = argument(1, 40_000);
const rounds = argument(2, 3);

const withPushService = fileURLToPath(new URL("../rig/with_push_service.mjs", import.meta.url));
const part = (name) => join(dirname(binary), "tests", `bench_${name}`);

// A part's own verdict is for itself: its exit code is not looked at, only its figure.
function figure(pattern, program, ...words) {
  let out;
  try {
    out = execFileSync(program, words, { encoding: "utf8" });
  } catch (error) {
    out = error.stdout ?? "";
  }
  const found = pattern.exec(out);
  if (!found) throw new Error(`${words.at(0) ?? program} tells no ${pattern}: ${out}`);
  return Number(found[1]);
}

await withBench(
  async (bench) => {
    const figures = new Figures("campaign");
    bench.seed(recipients);
    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      const encrypt = figure(/^encrypt .*median +([\d.]+)$/m, part("encrypt"));
      const loop = figure(/minimal loop ([\d.]+) us a request, ratio [\d.]+ \(at most/, process.execPath, withPushService,
        "--keep", "requests", part("send"), "5000", "4");
      const whole = await bench.campaign(recipients);
      measured.push({ ...whole, encrypt, loop, ratio: whole.sender / (encrypt + loop) });
    }
    const of = (name) => median(measured.map((each) => each[name]));
    figures.tell(of("encrypt"), "us of CPU an encryption");
    figures.tell(of("loop"), "us of CPU a request of a minimal libcurl loop");
    figures.tell(of("sender"), "us of CPU a recipient, sender with its database client");
    figures.atMost(of("ratio"), MOST_OVER_PARTS, "times the two parts");
    figures.atMost(of("database"), MOST_DATABASE, "us of CPU a recipient, MariaDB");
    const stored = Number(sql(`SELECT SUM(LENGTH(ids) + LENGTH(fates) + LENGTH(sums))
      FROM shard JOIN shard_audience USING (campaign_id, number) WHERE campaign_id = 1`));
    figures.atMost(stored / recipients, MOST_STORED, "bytes stored a recipient");
    figures.tell(of("rate"), "recipients a second, on the wall");
    figures.tell(of("memory"), "KiB resident at most, sender");
  },
  ["push_connections = 1"], // as the minimal loop
);
