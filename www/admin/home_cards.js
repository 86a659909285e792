// The parts of the home page, from what the API answered.
import { audienceOf, clickRate, stateOf, timeOf, titleOf } from "./campaign_words.js";
import { attention, signed } from "./findings.js";
import { make } from "./make.js";
import { MARKS, STATES, worstFirst } from "./report.js";
import { timeElement } from "./times.js";
import { figure, rest } from "./words.js";

const card = (id, title, ...children) => make("section", { class: "card", "aria-labelledby": id }, make("h2", { id }, title), children);
const link = (href, words) => make("p", { class: "way" }, make("a", { href }, words));

export function audience({ active, today }) {
  const net = today.joined - today.left;
  return card("audience-title", "Active subscribers",
    make("p", { class: "big" }, figure(active)),
    make("p", { "data-trend": net > 0 ? "up" : net < 0 ? "down" : "level" }, `${net > 0 ? "▲ " : net < 0 ? "▼ " : ""}${signed(net)} today: ${figure(today.joined)} joined, ${figure(today.left)} left`),
    link("/admin/insights.html", "Insights"));
}

const went = ({ state }) => !["draft", "scheduled"].includes(state);

export function lastMessage(campaigns) {
  const last = campaigns.find(went);
  if (!last) return card("last-title", "Last message", make("p", {}, "Nothing was sent yet."), link("/admin/compose.html", "Write a message"));
  const { words, mood } = stateOf(last);
  const fact = (label, value, more) => make("div", {}, make("dt", {}, label), make("dd", {}, value, more && make("small", {}, more)));
  return card("last-title", "Last message",
    make("p", { class: "title" }, make("a", { href: `/admin/campaign.html?id=${last.id}`, dir: "auto" }, titleOf(last)), " ", make("span", { class: "chip", "data-mood": mood }, words)),
    make("p", { class: "note", dir: "auto" }, timeElement(timeOf(last)), ` to ${audienceOf(last)}`),
    make("dl", {}, fact("Accepted", figure(last.counts?.accepted)), fact("Failed", figure(last.counts?.failed)), fact("Clicks", figure(last.clicks), `${clickRate(last)} of accepted`)),
    link("/admin/history.html", "All messages"));
}

const LITTLE = 0.01; // clicks of accepted
const DAY = 86_400; // s

/** `now` in seconds: a message of today has yet to find its readers. */
export function budget({ weekly_pushes: weekly }, campaigns, now = Date.now() / 1000) {
  const { level, words } = attention(weekly);
  const sent = campaigns.filter((one) => one.counts?.accepted > 0 && one.started_at < now - DAY).slice(0, 5);
  const few = sent.filter((one) => Number(one.clicks ?? 0) / one.counts.accepted < LITTLE).length;
  return card("budget-title", "Attention", make("p", { "data-level": level }, `${words}.`),
    sent.length > 0 && make("p", {}, `${few || "None"} of the last ${sent.length === 1 ? "message" : `${sent.length} messages`} under 1 % clicks.`));
}

/** A strip for each thing that is broken, with its remedy, the worst first; nothing if all is well. */
export function broken(checks, campaigns) {
  const found = worstFirst(checks).filter(({ state }) => state !== "ok");
  const resting = new Set(campaigns.flatMap(({ services }) => services ?? []).map((one) => rest(one)).filter(Boolean));
  const strips = [
    ...found.map(({ name, state, detail, remedy }) => ({ state, words: `${name}: ${detail}`, remedy })),
    ...[...resting].map((words) => ({ state: "warning", words, remedy: "" })),
  ];
  return strips.map(({ state, words, remedy }) => make("p", { class: "strip", "data-state": state, dir: "auto" },
    make("span", { class: "mark", "aria-hidden": "true" }, MARKS[state] ?? "?"), make("span", { class: "sr" }, `${STATES[state] ?? state}: `),
    make("span", {}, words), ". ", make("span", { class: "remedy" }, remedy && ["To do: ", make("code", {}, remedy), " "], make("a", { href: "/admin/doctor.html" }, "Doctor"))));
}
