// Moments in words: how long ago or ahead, and exactly. All of the API's times are Unix seconds.

const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity]];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exactly = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "long" });
const toTheMinute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", hour12: false });
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** "3 minutes ago", "in 2 days". `now` in seconds. */
export function relativeTime(at, now = Date.now() / 1000) {
  let amount = at - now;
  for (const [unit, size] of STEPS) {
    if (Math.abs(Math.round(amount)) < size) return unit === "second" && Math.abs(amount) < 45 ? "just now" : relative.format(Math.round(amount), unit);
    amount /= size;
  }
  return "";
}

/** Date, time and time zone of this browser. */
export const exactTime = (at) => exactly.format(at * 1000);

/** Date and time to the minute, in this browser's time zone. */
export const minuteTime = (at) => toTheMinute.format(at * 1000);

/** The day of a midnight UTC, as the daily figures are kept. */
export const dayName = (at) => day.format(at * 1000);

/** The day as a machine reads it: 2026-11-24. */
export const isoDay = (at) => new Date(at * 1000).toISOString().slice(0, 10);

/** A <time> with the distance as text and the moment as its title; "–" for no time. */
export function timeElement(at, now) {
  if (at === null || at === undefined) return document.createTextNode("–");
  const made = document.createElement("time");
  made.dateTime = new Date(at * 1000).toISOString();
  made.title = exactTime(at);
  made.textContent = relativeTime(at, now);
  return made;
}
