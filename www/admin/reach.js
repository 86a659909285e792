// What the server says of a message before it is sent: who would get it and how large it is. Texts only.
import { serviceName } from "./services.js";
import { figure } from "./words.js";

const devices = (count) => `${figure(count)} device${Number(count) === 1 ? "" : "s"}`;

/** "3,788 devices: Chrome and Android (Google) 2,901 · …" */
export function reachWords({ count, services = [], paused = 0 }) {
  if (Number(count) === 0) return paused ? `Nobody now: ${devices(paused)} fit but rest by their owner’s wish.` : "Nobody fits this.";
  const by = services.filter((one) => one.count > 0).map((one) => `${serviceName(one.service)} ${figure(one.count)}`).join(" · ");
  return `${devices(count)}${by ? `: ${by}` : ""}.${paused ? ` ${figure(paused)} more rest by their owner’s wish.` : ""}`;
}

const FIREFOX_ANDROID = 2800;

/** {words, fit}: `fit` "all", "most" or "none". */
export function sizeWords({ bytes, limit }) {
  const said = `${figure(bytes)} of ${figure(limit)} bytes`;
  if (bytes > limit) return { words: `${said}: ${figure(bytes - limit)} too many. Shorten the texts or links.`, fit: "none" };
  if (bytes > FIREFOX_ANDROID) return { words: `${said}. Firefox on Android may refuse more than ${figure(FIREFOX_ANDROID)}.`, fit: "most" };
  return { words: `${said}: every push service takes it.`, fit: "all" };
}

/** What the confirmation asks: {title, text, yes, number}: `number` to be typed, or "" */
export function confirmWords({ count, title, at }) {
  const number = count > 10_000 ? String(count) : "";
  if (at) return { title: `Schedule for ${devices(count)}?`, text: `“${title}” goes out ${at}, to whoever fits by then.`, yes: "Schedule", number };
  return { title: `Send to ${devices(count)} now?`, text: `“${title}” leaves 10 seconds after this, and can be taken back until then.`, yes: `Send to ${devices(count)}`, number };
}

/** Whether what was typed is this number, however it is grouped. */
export const isNumber = (typed, number) => typed.replace(/[\s.,’'_]/g, "") === number;
