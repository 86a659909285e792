// The crash campaign, as a program: ./dev crash.
//
//   node tests/crash/campaign.mjs [--recipients N] [--kills N] [--database-kills N] [--workers N] [--seed S]
//
// Ends with 1, and says why, when somebody was lost, something was shown twice, or the report is not what happened.

import { parseArgs } from "node:util";
import { CrashCampaign } from "./crash_campaign.mjs";
import { judge } from "./verdict.mjs";

const DEFAULTS = { "recipients": 20_000, "kills": 200, "database-kills": 5, "workers": 4, "seed": Date.now() % 1_000_000 };
const LEAST = { "recipients": 100, "kills": 0, "database-kills": 0, "workers": 2, "seed": 0 };

function readPlan() {
  const { values } = parseArgs({ options: Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, { type: "string" }])) });
  const plan = {};
  for (const name in DEFAULTS) {
    const number = Number(values[name] ?? DEFAULTS[name]);
    if (!Number.isInteger(number) || number < LEAST[name] || number > 1_000_000) {
      throw new Error(`--${name} ${values[name]}: must be a whole number from ${LEAST[name]} to 1000000`);
    }
    plan[name.replace(/-./, (dash) => dash[1].toUpperCase())] = number;
  }
  return plan;
}

async function main() {
  const plan = readPlan();
  const campaign = new CrashCampaign({ ...plan, tell: (text) => console.log(`crash: ${text}`) });
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) {
    process.once(signal, () => campaign.stop().finally(() => process.exit(code)));
  }
  console.log(`crash: ${Object.entries(plan).map(([name, number]) => `${name} ${number}`).join(", ")}`);
  try {
    await campaign.run();
    const { figures, faults } = await judge(campaign);
    for (const [what, value] of Object.entries(figures)) console.log(`crash: ${String(value).padStart(10)}  ${what}`);
    for (const fault of faults) console.error(`crash: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
    else console.log("crash: nobody lost, nothing shown twice, the report is what the push service saw");
  } finally {
    await campaign.stop();
  }
}

main().catch((error) => {
  console.error(`crash: ${error.message}`);
  process.exitCode = 1;
});
