// Insights: growth, outcomes, clicks, and who the subscribers are.
import { call } from "./api.js";
import { freshness, insightCards } from "./insight_charts.js";
import { make, place } from "./make.js";
import { showing } from "./showing.js";

const charts = place("charts");
const days = place("days");

function nothingYet() {
  return make("section", { class: "card empty" },
    make("h2", {}, "Nobody has subscribed yet"),
    make("p", {}, "Charts begin with the first subscriber."),
    make("p", {}, make("a", { href: "/admin/" }, "Follow the steps on the home page"), " or ", make("a", { href: "/" }, "subscribe yourself on the site"), "."));
}

function show(stats) {
  const nothing = !stats.active && !stats.days.some((one) => one.joined || one.left || one.accepted);
  if (nothing) return [nothingYet()];
  const made = insightCards(stats);
  // uPlot needs to know how wide it may be: the cards must be on the page first.
  requestAnimationFrame(() => made.forEach(({ draw }) => draw?.()));
  return [make("p", { class: "note" }, freshness(stats)), make("div", { class: "cards" }, made.map(({ card }) => card))];
}

const load = () => showing(charts, () => call("GET", `/api/admin/stats?days=${days.value}`), show);

days.addEventListener("change", load);
load();
