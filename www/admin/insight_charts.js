// The charts of the insights page, each from the part of the statistics that it is about.
import { bars, chartCard, weekGrid } from "./chart_card.js";
import { WEEKDAYS, ageName, attention, bestHour, byAge, byLanguage, byService, growth, outcomes, reach, share, sum } from "./findings.js";
import { make } from "./make.js";
import { plot } from "./plot.js";
import { languageName, serviceName } from "./services.js";
import { dayName, isoDay } from "./times.js";

const SHOWN = 10; // languages; the table holds them all

const canvas = (label) => make("div", { class: "chart", role: "img", "aria-label": `${label}. The table below has the figures.` });
const column = (days, name) => days.map((one) => Number(one[name] ?? 0));
const figures = (...labels) => labels.map((label) => ({ label, number: true }));

/** A card over days: [name in the API, label, colour, what else plot() takes]. Lines are drawn once the card is on the page. */
function overDays(days, { lines, title, ...more }) {
  const drawing = canvas(title);
  const card = chartCard({
    ...more, title, drawing,
    columns: [{ label: "Day" }, ...figures(...lines.map(([, label]) => label))],
    rows: days.map((one) => [isoDay(one.day), ...lines.map(([name]) => Number(one[name] ?? 0))]),
  });
  const draw = () => plot(drawing, column(days, "day"), lines.map(([name, label, colour, look]) => ({
    label, colour, ...look, values: column(days, name).map((value) => (look?.turned ? -value : value)),
  })));
  return { card, draw };
}

const subscribers = ({ days }) => overDays(days, {
  id: "subscribers-title", wide: true, title: growth(days), file: "subscribers.csv",
  about: "Active subscribers as a line; who joined and who left each day as bars, on the right-hand scale.",
  lines: [["joined", "Joined", "--chart-good", { bars: true, scale: "right", low: true }], ["left", "Left", "--chart-bad", { bars: true, scale: "right", low: true, turned: true }], ["active", "Active", "--chart-main"]],
});

const clicks = ({ days }) => overDays(days, {
  id: "clicks-title", title: reach(days), file: "clicks.csv",
  about: "Messages that push services accepted, and clicks on the right-hand scale. Accepted is what a push service says; whether a screen lit up nobody can know.",
  lines: [["accepted", "Accepted", "--chart-main", { bars: true }], ["clicks", "Clicks", "--chart-second", { scale: "right" }]],
});

const fates = ({ days }) => overDays(days, {
  id: "fates-title", title: outcomes(days), file: "outcomes.csv",
  about: "Failed: the push service refused. Gone: the subscription had ended and was removed.",
  lines: [["failed", "Failed", "--chart-bad"], ["gone", "Gone", "--chart-second"]],
});

function services({ services: list }) {
  const total = sum(list, "active");
  const rows = list.map((one) => [serviceName(one.service), one.active]);
  return { card: chartCard({
    id: "services-title", title: byService(list), file: "services.csv", about: "Active subscribers by the push service of their browser.",
    drawing: bars("By push service", rows.map(([name, count]) => ({ name, count })), total), columns: [{ label: "Push service" }, ...figures("Active")], rows,
  }) };
}

function languages({ languages: list }) {
  const total = sum(list, "active");
  const rows = [...list].sort((a, b) => b.active - a.active).map((one) => [languageName(one.language), one.active]);
  return { card: chartCard({
    id: "languages-title", title: byLanguage(list), file: "languages.csv", about: `Active subscribers by language${rows.length > SHOWN ? `; the first ${SHOWN} of ${rows.length}` : ""}.`,
    drawing: bars("By language", rows.slice(0, SHOWN).map(([name, count]) => ({ name, count })), total), columns: [{ label: "Language" }, ...figures("Active")], rows,
  }) };
}

function ages({ ages: list }) {
  const rows = list.map((one) => [ageName(one), one.active, one.gone, share(one.gone, one.active + one.gone)]);
  return { card: chartCard({
    id: "ages-title", title: byAge(list), file: "ages.csv", about: "Of those who joined so many days ago: how many have left.",
    drawing: bars("Left, by age", list.map((one) => ({ name: ageName(one), count: one.active + one.gone ? one.gone / (one.active + one.gone) : 0, words: share(one.gone, one.active + one.gone) }))),
    columns: [{ label: "Joined this long ago" }, ...figures("Active", "Gone", "Gone, share")], rows,
  }) };
}

function hours({ hours: week }) {
  return { card: chartCard({
    id: "hours-title", wide: true, title: bestHour(week), file: "hours.csv", about: "Clicks by weekday and hour, UTC. Darker is more.",
    drawing: weekGrid(week, WEEKDAYS),
    columns: [{ label: "Weekday" }, ...figures(...[...Array(24).keys()].map((hour) => `${String(hour).padStart(2, "0")}:00`))],
    rows: week.map((row, weekday) => [WEEKDAYS[weekday], ...row]),
  }) };
}

function weekly({ weekly_pushes: amount }) {
  const { level, words } = attention(amount);
  const meter = make("meter", { min: 0, max: 14, low: 3, high: 7, optimum: 0, value: Math.min(amount, 14), "aria-labelledby": "weekly-title" });
  return { card: make("section", { class: "card", "aria-labelledby": "weekly-title", "data-level": level },
    make("h2", { id: "weekly-title" }, words), make("p", { class: "note" }, "Accepted messages a week to each subscriber. Up to 3 is well taken; at 7 and more people turn notifications off."), meter) };
}

/** [{card, draw?}] for these statistics. */
export const insightCards = (stats) => [subscribers, clicks, fates, services, languages, ages, weekly, hours].map((one) => one(stats));

/** When the figures of finished days were last counted, in words. */
export const freshness = ({ updated_at: at, now }) => (at ? `Finished days as counted ${dayName(at)}; today as of now.` : "Today as of now; days are counted up by the nightly lamppost tidy.");
