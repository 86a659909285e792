// One subscriber in words. Pure.
import { exactTime } from "./times.js";

/** The push service's host and the end of the endpoint: enough to tell two apart, too little to send to. */
export const where = ({ host, endpoint_tail: tail }) => `${host} …${tail}`;

/** {words, mood} of a subscription; `now` in seconds. */
export function stateWords({ gone_at: gone, paused_until: paused }, now = Date.now() / 1000) {
  if (gone) return { words: "Gone", mood: "plain" };
  if (paused > now) return { words: "Paused", mood: "warning" };
  return { words: "Active", mood: "good" };
}

/** [[label, words]] of everything that is known of one. */
export function facts(one) {
  const { words } = stateWords(one);
  const { quiet_hours: quiet } = one;
  return [
    ["State", one.gone_at ? `Gone since ${exactTime(one.gone_at)}; erased after 14 days` : one.paused_until > Date.now() / 1000 ? `Paused until ${exactTime(one.paused_until)}` : words],
    ["Address", where(one)],
    ["Joined", exactTime(one.created_at)],
    ["Last seen", one.seen_at ? exactTime(one.seen_at) : "–"],
    ["Language", one.language || "Not known"],
    ["Time zone", one.timezone || "Not known"],
    ["Quiet hours", quiet ? `${quiet.from} to ${quiet.to}` : "None"],
    ["Topics", (one.topics ?? []).join(", ") || "None chosen"],
    ["User", one.user || "Not identified"],
  ];
}

const OUTCOMES = {
  accepted: "Accepted by the push service.",
  gone: "Gone: this subscription has ended. It was removed.",
  later: "The push service asks to try again later.",
  refused: "The push service refused the message.",
  denied: "The push service refuses this site’s key.",
  unsure: "No answer came; it may have arrived.",
};

/** What a test came to. */
export const testWords = ({ outcome, reason, service }) => `${OUTCOMES[outcome] ?? outcome} ${service} said: ${reason}`;
