// What a chart has to say, as the sentence above it. Pure: figures in, words out.
import { figure } from "./words.js";
import { languageName, serviceName } from "./services.js";

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export const sum = (list, name) => list.reduce((total, one) => total + Number(one[name] ?? 0), 0);

/** "+214", "−3", "±0". */
export const signed = (count) => (count > 0 ? `+${figure(count)}` : count < 0 ? `−${figure(-count)}` : "±0");

/** "2.4 %"; "–" of nothing. Small shares keep a digit, so that they are not shown as none. */
export function share(part, whole) {
  if (!(whole > 0)) return "–";
  const percent = (100 * part) / whole;
  return `${percent.toLocaleString("en", { maximumFractionDigits: percent < 10 ? 1 : 0 })}\u00a0%`;
}

/** The greatest by `value`, or null when all are nothing. */
function greatest(list, value) {
  const found = list.reduce((best, one) => (best === null || value(one) > value(best) ? one : best), null);
  return found !== null && value(found) > 0 ? found : null;
}

export function growth(days) {
  const net = sum(days, "joined") - sum(days, "left");
  const span = `in ${days.length} day${days.length === 1 ? "" : "s"}`;
  if (net === 0) return `As many subscribers as before ${span}`;
  return `${signed(net)} subscriber${Math.abs(net) === 1 ? "" : "s"} net ${span}`;
}

export function reach(days) {
  const accepted = sum(days, "accepted");
  if (!accepted) return "Nothing was sent in this time";
  return `${share(sum(days, "clicks"), accepted)} of ${figure(accepted)} accepted messages were clicked`;
}

export function outcomes(days) {
  const [accepted, failed, gone] = ["accepted", "failed", "gone"].map((name) => sum(days, name));
  const tried = accepted + failed + gone;
  if (!tried) return "Nothing was sent in this time";
  return failed ? `${figure(failed)} of ${figure(tried)} sends failed` : `No send failed; ${figure(gone)} of ${figure(tried)} met an ended subscription`;
}

export function byService(services) {
  const first = greatest(services, (one) => one.active);
  if (!first) return "No subscribers yet";
  const name = first.service === "other" ? "browsers of other push services" : serviceName(first.service);
  return `${share(first.active, sum(services, "active"))} subscribe with ${name}`;
}

export function byLanguage(languages) {
  const first = greatest(languages, (one) => one.active);
  if (!first) return "No subscribers yet";
  const part = share(first.active, sum(languages, "active"));
  if (!first.language) return `Of ${part} the language isn’t known`;
  return `${part} read ${languageName(first.language)}`;
}

export const ageName = ({ from_days: from, to_days: to }) => (to === null || to === undefined ? `${figure(from)} days and more` : `${figure(from)} to ${figure(to)} days`);

const goneShare = ({ active, gone }) => (active + gone > 0 ? gone / (active + gone) : 0);

export function byAge(ages) {
  const worst = greatest(ages, goneShare);
  if (!worst) return "Nobody has left yet";
  return `Most leave at ${ageName(worst)}: ${share(worst.gone, worst.active + worst.gone)} of them`;
}

export function bestHour(hours) {
  const cells = hours.flatMap((row, weekday) => row.map((clicks, hour) => ({ clicks, weekday, hour })));
  const best = greatest(cells, (one) => one.clicks);
  if (!best) return "No clicks yet";
  return `Most clicks on ${WEEKDAYS[best.weekday]}s at ${String(best.hour).padStart(2, "0")}:00 UTC`;
}

/** {level, words} of how much the subscribers are asked for: "fine", "much" or "too-much". */
export function attention(weekly) {
  const amount = Number(weekly ?? 0).toLocaleString("en", { maximumFractionDigits: 1 });
  const words = `${amount} message${amount === "1" ? "" : "s"} a week to each subscriber`;
  if (weekly > 7) return { level: "too-much", words: `${words}: more than one a day, people leave` };
  if (weekly > 3) return { level: "much", words: `${words}: on the high side` };
  return { level: "fine", words };
}
