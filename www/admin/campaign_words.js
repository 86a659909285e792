// One campaign of the history in words and figures. Pure.
import { share } from "./findings.js";

const STATES = {
  draft: ["Draft", "plain"],
  scheduled: ["Scheduled", "plain"],
  preparing: ["Preparing", "busy"],
  sending: ["Sending", "busy"],
  interrupted: ["Sending", "busy"],
  paused: ["Paused", "warning"],
  finished: ["Sent", "good"],
  cancelled: ["Cancelled", "plain"],
  expired: ["Out of time", "warning"],
};

/** {words, mood} of a campaign's state, for its chip. */
export function stateOf({ state }) {
  const [words, mood] = STATES[state] ?? [String(state), "plain"];
  return { words, mood };
}

export const titleOf = ({ message }) => message?.title || "(no title)";

/** Who it was for, as it was written. */
export const audienceOf = (campaign) => campaign.audience || campaign.message?.audience || "Everybody";

/** When it went or will go. */
export const timeOf = (campaign) => campaign.started_at ?? campaign.send_at ?? campaign.created_at;

/** Clicks of what the push services accepted: nobody knows how many screens lit up. */
export const clickRate = ({ clicks, counts }) => share(Number(clicks ?? 0), Number(counts?.accepted ?? 0));

const count = (name) => (one) => Number(one.counts?.[name] ?? 0);
const rate = (one) => (count("accepted")(one) > 0 ? Number(one.clicks ?? 0) / count("accepted")(one) : -1);

/** The table's columns: what is sorted by, and how it stands in CSV. */
export const COLUMNS = [
  { name: "time", label: "Sent", sortBy: timeOf, csv: (one) => (one.started_at ? new Date(one.started_at * 1000).toISOString() : "") },
  { name: "title", label: "Title", sortBy: (one) => titleOf(one).toLowerCase(), csv: titleOf },
  { name: "audience", label: "Audience", sortBy: (one) => audienceOf(one).toLowerCase(), csv: audienceOf },
  { name: "accepted", label: "Accepted", sortBy: count("accepted"), csv: count("accepted"), number: true },
  { name: "gone", label: "Gone", sortBy: count("gone"), csv: count("gone"), number: true },
  { name: "failed", label: "Failed", sortBy: count("failed"), csv: count("failed"), number: true },
  { name: "clicks", label: "Clicks", sortBy: (one) => Number(one.clicks ?? 0), csv: (one) => Number(one.clicks ?? 0), number: true },
  { name: "rate", label: "CTR", sortBy: rate, csv: clickRate, number: true },
  { name: "state", label: "State", sortBy: (one) => stateOf(one).words, csv: (one) => stateOf(one).words },
];

/** A sorted copy; `descending` turns it round. Equals stay as they came. */
export function sorted(campaigns, name, descending) {
  const { sortBy } = COLUMNS.find((one) => one.name === name);
  const turn = descending ? -1 : 1;
  return [...campaigns].sort((a, b) => {
    const [x, y] = [sortBy(a), sortBy(b)];
    return x < y ? -turn : x > y ? turn : 0;
  });
}
