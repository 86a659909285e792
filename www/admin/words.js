// The product's words for what becomes of a message, the same as in the API and on the command line.
// "Accepted" is what a push service tells us; whether a screen lit up nobody can know.

export const COUNTS = [
  ["accepted", "Accepted", "taken by the push service"],
  ["gone", "Gone", "subscription ended, removed"],
  ["failed", "Failed", "refused"],
  ["expired", "Expired", "out of time before it left"],
  ["unsure", "Unsure", "left, no answer came"],
  ["skipped", "Skipped", "can’t be sent to"],
  ["waiting", "Waiting", "to be sent or tried again"],
];

const number = new Intl.NumberFormat("en");
export const figure = (count) => number.format(Number(count ?? 0));
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** Why a push service gets nothing just now, or null if it does. `now` in seconds. */
export function rest({ service, resting_until: until, resting_because: because }, now = Date.now() / 1000) {
  if (!(until > now)) return null;
  return `${service}: asked again at ${clock.format(until * 1000)}, since it said: ${because}`;
}
