// The product's words for what becomes of a message, the same as in the API and on the command line.
// "Accepted" is what a push service tells us; whether a screen lit up nobody can know.

export const COUNTS = [
  ["accepted", "Accepted", "taken by the push service"],
  ["gone", "Gone", "subscription ended, removed"],
  ["failed", "Failed", "refused"],
  ["expired", "Expired", "out of time before it left"],
  ["unsure", "Unsure", "left, no answer came"],
  ["skipped", "Skipped", "can’t be sent to"],
  ["waiting", "Waiting", "still to be sent"],
];

const number = new Intl.NumberFormat("en");
export const figure = (count) => number.format(Number(count ?? 0));

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
      return { heading: "Being sent", summary: `${accepted} The rest waits its turn.${because}` };
  }
}
