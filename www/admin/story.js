// A campaign on its page: its heading, one sentence, and what can be done with it. Pure.
import { spanWords } from "./pace.js";
import { exactTime } from "./times.js";
import { figure } from "./words.js";

const GOES_ON = "It goes on by itself, also when this page is closed.";
const count = (campaign, name) => Number(campaign.counts?.[name] ?? 0);

/** {heading, lead}; `moving`: whether it was seen to go on in the last seconds. */
export function storyOf(campaign, moving = true) {
  const { state, reason } = campaign;
  const [audience, accepted, waiting] = ["audience", "accepted", "waiting"].map((name) => count(campaign, name));
  const because = reason ? ` Reason: ${reason}.` : "";
  const of = `${figure(accepted)} of ${figure(audience)} accepted by the push services.`;
  switch (state) {
    case "draft":
      return { heading: "Not sent", lead: "It was written and not sent." };
    case "scheduled":
      return { heading: "Scheduled", lead: `It goes out ${exactTime(campaign.send_at)}, also when this page is closed.` };
    case "preparing":
      return { heading: "About to go", lead: "The list of devices is being made." };
    case "paused":
      return { heading: "Paused", lead: `${of} ${figure(waiting)} wait until you go on.${because}` };
    case "finished":
      return audience === 0 ? { heading: "Nobody to send to", lead: "Nobody fitted when it was sent, so nothing went out." } : { heading: "Sent", lead: of };
    case "cancelled":
      return audience === 0 || accepted + count(campaign, "unsure") + count(campaign, "failed") === 0
        ? { heading: "Taken back", lead: "Nothing went out. The text is kept." }
        : { heading: "Stopped", lead: `${of} The rest was not sent.${because}` };
    case "expired":
      return { heading: "Out of time", lead: `${of} For ${figure(count(campaign, "expired"))} its time was over before it could leave.` };
    default:
      return { heading: "Being sent", lead: !moving && waiting > 0 && waiting < audience ? `${of} ${figure(waiting)} will be tried again. ${GOES_ON}` : of };
  }
}

/** "1,920 of 3,788 · 182 a second · about 10 s left" */
export function figuresOf(campaign, rate, left) {
  const [audience, waiting] = [count(campaign, "audience"), count(campaign, "waiting")];
  if (!audience) return "Making the list of devices …";
  const parts = [`${figure(audience - waiting)} of ${figure(audience)}`];
  if (rate >= 0.5) parts.push(`${figure(Math.round(rate))} a second`);
  if (left !== null && waiting > 0) parts.push(`${spanWords(left)} left`);
  return parts.join(" · ");
}

/** What can be done: [{action, words, body, ask: {title, text, yes}}]; `ask` where it can't be undone. */
export function actionsOf(campaign) {
  const [waiting, failed, unsure] = ["waiting", "failed", "unsure"].map((name) => count(campaign, name));
  const stop = { action: "cancel", words: "Stop", quiet: true, ask: { title: "Stop it for good?", text: `${figure(waiting)} devices will not get it. This can’t be undone.`, yes: "Stop it" } };
  switch (campaign.state) {
    case "draft":
      return [{ action: "send", words: "Send it now", ask: { title: "Send it now?", text: "It goes out at once.", yes: "Send it" } }];
    case "scheduled":
      return [{ action: "cancel", words: "Don’t send it", quiet: true, ask: { title: "Don’t send it?", text: "It will not go out. Its text is kept.", yes: "Don’t send it" } }];
    case "preparing":
      return [stop];
    case "sending":
    case "interrupted":
      return [{ action: "pause", words: "Pause", quiet: true }, stop];
    case "paused":
      return [{ action: "resume", words: "Go on" }, stop];
    case "finished":
      return [
        ...(failed ? [{ action: "retry", body: {}, words: `Try the ${figure(failed)} failed again` }] : []),
        ...(unsure ? [{ action: "retry", body: { unsure: true }, words: `Send the ${figure(unsure)} unsure ones again`, quiet: true,
          ask: { title: "Send the unsure ones again?", text: `${figure(unsure)} left without an answer. Some of these devices have it already and may show it twice.`, yes: "Send them again" } }] : []),
      ];
    default:
      return [];
  }
}
