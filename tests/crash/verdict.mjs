// What has to be true when a campaign has been through all that: nobody left out, nothing shown twice, and a report that
// says what the push service saw.

import { isDeepStrictEqual } from "node:util";
import { counts } from "../faults/campaigns.mjs";
import { show } from "./browsers.mjs";
import { fatesOf } from "./fates.mjs";

const WINDOW = 500; // what a dead worker may have had sent without a record (ARCHITECTURE.md, 1)

const say = (value) => JSON.stringify(value);

/** Judges a CrashCampaign: {figures, faults}; faults are sentences, and none is what is wanted. */
export async function judge(campaign) {
  const { site, made, fateOf, report, crew, holders, newcomers } = campaign;
  const faults = [...crew.faults, ...newcomers.faults];
  const demand = (holds, fault) => { if (!holds) faults.push(fault); };
  const those = (fate, origin = "") => [...fateOf].filter(([endpoint, its]) => its === fate && endpoint.startsWith(origin)).length;
  const copies = copiesOf(site.service.received(), made);

  demand(campaign.finished, `it is not finished ${campaign.secondsAlone} s after the last kill: ${say(report)}`);
  demand(campaign.killsTooLate === 0, `${campaign.killsTooLate} kills fell after its end`);
  demand(holders.freed >= crew.killed / 10, `only ${holders.freed} of ${crew.killed} kills met a worker with a shard`);

  // Nobody lost: each was really asked for, and each has the fate that its own push service gave it.
  const lost = [...copies.values()].filter((list) => list.length === 0).length;
  demand(lost === 0, `${lost} are lost`);
  const fates = await fatesOf(site, campaign.id);
  const wrong = fates.filter(([endpoint, fate]) => fateOf.get(endpoint) !== fate);
  demand(wrong.length === 0, `${wrong.length} have the wrong fate, the first ${say(wrong[0])}`);
  demand(new Set(fates.map(([endpoint]) => endpoint)).size === made.length && fates.length === made.length, `the audience has ${fates.length}`);

  // The report is the push service's truth.
  const expected = counts({ audience: made.length, accepted: those("accepted"), gone: those("gone"), failed: those("failed") });
  demand(isDeepStrictEqual(report.counts, expected), `the report says ${say(report.counts)}, not ${say(expected)}`);
  for (const { origin } of site.service.hosts) {
    const of = (fate) => those(fate, `${origin}/`);
    const its = { accepted: of("accepted"), gone: of("gone"), failed: of("failed") };
    const service = report.services.find(({ service: name }) => `https://${name}` === origin);
    demand(isDeepStrictEqual(service?.counts, counts({ ...its, audience: its.accepted + its.gone + its.failed })), `the report says ${say(service)} of ${origin}`);
    demand(service?.reasons["410"] === its.gone && service?.reasons["400"] === its.failed, `the reasons for ${origin} are ${say(service?.reasons)}`);
  }

  // One message, whole, to nobody else; and not often more than once.
  const { requests, refused } = site.service.tally();
  demand(refused === 0, `${refused} requests were not in order, the first ${say(site.service.refusals()[0])}`);
  const ids = new Set([...copies.values()].flat().map(({ id }) => id));
  demand(ids.size === 1 && !ids.has("undecryptable"), `the messages are ${say([...ids])}`);
  const duplicates = requests - made.length;
  demand(duplicates <= crew.killed * WINDOW, `${duplicates} requests too many for ${crew.killed} kills`);

  // Only who is gone is taken for gone.
  const marked = (await site.sql("SELECT endpoint FROM subscription WHERE gone_at IS NOT NULL")).map(([endpoint]) => endpoint);
  demand(marked.every((endpoint) => fateOf.get(endpoint) === "gone"), "somebody is marked as gone who is not");
  const { acknowledged, missing } = await newcomers.count();
  demand(missing === 0, `${missing} acknowledged subscriptions are missing`);
  for (const end of endsByThemselves(site.lamppost.logs().admin)) faults.push(`a worker ended by itself: ${end}`);

  const again = [...copies.values()].filter((list) => list.length > 1);
  const { browsers, wrong: shown } = await show([...copies.values()].filter((list) => list.length > 0));
  for (const way in shown) demand(shown[way] === 0, `${shown[way]} ${way} browsers did not show it once`);

  return {
    faults,
    figures: {
      "seconds in all": campaign.seconds, "seconds after the last kill": campaign.secondsAlone,
      "workers killed": crew.killed, "... that held a shard": holders.freed, "database killed": campaign.databaseKills,
      "commands that gave up": crew.failed, recipients: made.length, lost, requests, "requests too many": duplicates,
      "... per kill": Math.round(10 * duplicates / Math.max(1, crew.killed)) / 10, "... allowed": crew.killed * WINDOW,
      "recipients with copies": again.length, "most copies of one": Math.max(...again.map((list) => list.length), 1),
      "browsers looked at": browsers, "shown not once": Object.values(shown).reduce((sum, n) => sum + n, 0),
      "gone ones marked": `${marked.length} of ${those("gone")}`,
      "subscribed meanwhile": acknowledged, "... of which missing": missing, "... told to come back": newcomers.refused,
      "answers to the owner": say(crew.answers),
    },
  };
}

// Each recipient's messages in the order of their coming.
function copiesOf(received, made) {
  const copies = new Map(made.map(({ endpoint }) => [endpoint, []]));
  for (const message of received) copies.get(message.endpoint).push(message);
  return copies;
}

// Ends of pool workers other than by our SIGKILL.
function endsByThemselves(log) {
  return log.split("\n").filter((line) => line.includes("\"event\":\"worker_ended\"") && !/"signal":9\b/.test(line));
}
