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
const GOES_ON = "It goes on by itself, also when this page is closed.";

/** Whether somebody works on it still, or will. */
export const isUnderWay = ({ state }) => ["preparing", "sending", "interrupted"].includes(state);

/** How far a campaign is while it is sent. `counts` may be missing at the very beginning. */
export function progress({ counts = {}, rate = 0 }) {
  const audience = Number(counts.audience ?? 0);
  const waiting = Number(counts.waiting ?? 0);
  if (!audience) return "Sending …";
  const words = `Sending: ${figure(audience - waiting)} of ${figure(audience)}`;
  if (rate > 0) return `${words}, ${figure(rate)} a second`;
  return waiting > 0 && waiting < audience ? `${words}. ${tryAgain(waiting)} ${GOES_ON}` : words;
}

/** Why a push service gets nothing just now, or null if it does. `now` in seconds. */
export function rest({ service, resting_until: until, resting_because: because }, now = Date.now() / 1000) {
  if (!(until > now)) return null;
  return `${service}: asked again at ${clock.format(until * 1000)}, since it said: ${because}`;
}

const tryAgain = (waiting) => `${figure(waiting)} will be tried again.`;

/** {heading, summary} of a campaign. */
export function story({ state, reason, counts = {} }) {
  const audience = Number(counts.audience ?? 0);
  const accepted = `${figure(counts.accepted)} of ${figure(audience)} accepted by the push services.`;
  const because = reason ? ` Reason: ${reason}.` : "";
  switch (state) {
    case "finished":
      if (audience === 0) return { heading: "Nobody to send to", summary: "Nobody has subscribed yet, so nothing went out." };
      return { heading: "Sent", summary: accepted };
    case "paused":
      return { heading: "Paused", summary: `${accepted}${because}` };
    case "cancelled":
      return { heading: "Cancelled", summary: `${accepted}${because}` };
    case "expired":
      return { heading: "Out of time", summary: `${accepted}${because}` };
    case "scheduled":
      return { heading: "Scheduled", summary: "It will be sent at its time." };
    default:
      return { heading: "Being sent", summary: `${accepted}${counts.waiting > 0 ? ` ${tryAgain(counts.waiting)}` : ""} ${GOES_ON}${because}` };
  }
}
