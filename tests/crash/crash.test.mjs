// The short form of ./dev crash (F01 and F03 of the failure matrix).

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { CrashCampaign } from "./crash_campaign.mjs";
import { judge } from "./verdict.mjs";

const campaign = new CrashCampaign({ recipients: 12_000, kills: 20, databaseKills: 1, workers: 4, seed: Date.now() % 1_000_000 });
after(async () => { await campaign.stop(); });

test("20 workers and the database are killed in mid-campaign: nobody lost, nothing shown twice, the report is true", async (t) => {
  await campaign.run();

  const { figures, faults } = await judge(campaign);

  t.diagnostic(JSON.stringify({ seed: campaign.seed, ...figures }));
  assert.deepEqual(faults, []);
});
