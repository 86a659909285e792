// A moment to come, in this browser's time zone, by name, and in UTC.
import { moment } from "./message.js";
import { exactTime } from "./times.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const inUtc = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC", hourCycle: "h23" });

/** "Nov 25, 2026, 8:00:00 AM GMT+1 (Europe/Vienna), which is Nov 25, 2026, 07:00 UTC" */
export const timeWords = (at) => `${exactTime(at)} (${zone}), which is ${inUtc.format(at * 1000)} UTC`;

/** Below the field for a moment, as <input type="datetime-local"> holds it. */
export function scheduleWords(text) {
  const at = moment(text);
  return Number.isNaN(at) ? `By the clock of this browser, in ${zone}.` : `${timeWords(at)}.`;
}
