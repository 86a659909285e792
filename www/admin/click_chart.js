// The clicks of one campaign: by hour, and by where they led. For the page of the campaign.
//
//   import { clickCards } from "./click_chart.js";
//   const { cards, draw } = clickCards(campaign);   // as GET /api/admin/campaigns/{id} gives it
//   holder.replaceChildren(...cards);
//   await draw();                                   // once they are on the page; loads uPlot then
//
// The page needs pages.css.
import { ApiError } from "./api.js";
import { bars, chartCard } from "./chart_card.js";
import { share } from "./findings.js";
import { make } from "./make.js";
import { plot } from "./plot.js";
import { minuteTime } from "./times.js";
import { figure } from "./words.js";

const LIBRARY = "/admin/vendor/uplot-1.6.32/uPlot";
const HOUR = 3600; // s

let loading = null; // once for the page

function library() {
  loading ??= globalThis.uPlot ? Promise.resolve() : new Promise((resolve, reject) => {
    const script = make("script", { src: `${LIBRARY}.iife.min.js` });
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => {
      loading = null;
      reject(new ApiError(0));
    });
    document.head.append(make("link", { rel: "stylesheet", href: `${LIBRARY}.min.css` }), script);
  });
  return loading;
}

/** Each hour from the first click to the last, also those without one: the API leaves them out. */
export function everyHour(hours) {
  if (!hours.length) return [];
  const clicks = new Map(hours.map(({ at, clicks: count }) => [Math.floor(at / HOUR), count]));
  const first = Math.min(...clicks.keys());
  const last = Math.max(...clicks.keys());
  return Array.from({ length: last - first + 1 }, (_, index) => ({ at: (first + index) * HOUR, clicks: clicks.get(first + index) ?? 0 }));
}

/** What was clicked: the message itself, or one of its buttons. */
export const actionName = ({ action, label }) => (action === "" ? "The message" : `Button “${label || Number(action) + 1}”`);

function byHour(campaign) {
  const hours = everyHour(campaign.click_hours);
  const best = hours.reduce((most, one) => (one.clicks > most.clicks ? one : most));
  const title = `Most clicks at ${minuteTime(best.at)}: ${figure(best.clicks)}`;
  const drawing = make("div", { class: "chart", role: "img", "aria-label": `${title}. The table below has the figures.` });
  const card = chartCard({
    id: "click-hours-title", title, drawing, file: `clicks-${campaign.id}-hours.csv`, about: "Clicks in each hour.",
    columns: [{ label: "Hour" }, { label: "Clicks", number: true }], rows: hours.map(({ at, clicks }) => [new Date(at * 1000).toISOString(), clicks]),
  });
  const draw = () => plot(drawing, hours.map(({ at }) => at), [{ label: "Clicks", values: hours.map(({ clicks }) => clicks), colour: "--chart-main", bars: true }], { step: HOUR });
  return { card, draw };
}

function byAction(campaign) {
  const list = campaign.click_actions ?? [];
  const accepted = campaign.counts?.accepted ?? 0;
  return chartCard({
    id: "click-actions-title", title: `${figure(campaign.clicks)} clicks, ${share(campaign.clicks, accepted)} of ${figure(accepted)} accepted`,
    about: "Where the clicks went. Bots and previews that say what they are aren’t counted.", file: `clicks-${campaign.id}-buttons.csv`,
    drawing: bars("Clicks by button", list.map((one) => ({ name: actionName(one), count: one.clicks })), campaign.clicks),
    columns: [{ label: "Clicked" }, { label: "Leads to" }, { label: "Clicks", number: true }], rows: list.map((one) => [actionName(one), one.target ?? "", one.clicks]),
  });
}

/** {cards, draw} of this campaign; a sentence instead of cards where nobody has clicked yet. */
export function clickCards(campaign) {
  if (!campaign.clicks) return { cards: [make("p", { class: "note" }, "No clicks yet.")], draw: async () => {} };
  const hours = campaign.click_hours?.length ? byHour(campaign) : null;
  return {
    cards: [byAction(campaign), hours?.card].filter(Boolean),
    draw: async () => {
      if (!hours) return;
      await library();
      hours.draw();
    },
  };
}
