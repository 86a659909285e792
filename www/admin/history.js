// History: the campaigns, newest first, a page at a time.
import { call } from "./api.js";
import { COLUMNS, audienceOf, clickRate, sorted, stateOf, timeOf, titleOf } from "./campaign_words.js";
import { saveCsv } from "./csv.js";
import { button, make, place } from "./make.js";
import { paged } from "./paged.js";
import { showing } from "./showing.js";
import { relativeTime, timeElement } from "./times.js";
import { figure } from "./words.js";

const filters = place("filters");
const list = place("campaigns");
const drafts = place("drafts");

let order = { name: "time", descending: true };

const seconds = (day, later = 0) => (day ? Math.floor(new Date(`${day}T00:00:00`).getTime() / 1000) + later : "");

function query(before) {
  const { q, from, to } = Object.fromEntries(new FormData(filters));
  const given = { before, limit: 50, q: q.trim(), from: seconds(from), to: seconds(to, 86_399) };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value !== "" && value !== null));
}

const campaigns = paged({ holder: list, name: "campaigns", read: (before) => call("GET", `/api/admin/campaigns?${query(before)}`), show });

function heading({ name, label, number }) {
  const current = order.name === name;
  const turn = button(label, () => {
    order = { name, descending: current ? !order.descending : Boolean(number) || name === "time" };
    campaigns.redraw();
    list.querySelector(`[data-column=${name}]`).focus();
  }, { class: "plain-button", "data-column": name });
  return make("th", { scope: "col", role: "columnheader", class: number && "number", "aria-sort": current && (order.descending ? "descending" : "ascending") },
    turn, name === "rate" && make("span", { class: "sr" }, " clicks of accepted"));
}

function row(one) {
  const { words, mood } = stateOf(one);
  const counts = one.counts ?? {};
  const number = (label, value) => make("td", { role: "cell", class: "number", "data-label": label }, figure(value));
  return make("tr", { role: "row" },
    make("th", { scope: "row", role: "rowheader" }, timeElement(timeOf(one))),
    make("td", { role: "cell", class: "title" }, make("a", { href: `/admin/campaign.html?id=${one.id}`, dir: "auto" }, titleOf(one))),
    make("td", { role: "cell", class: "title", "data-label": "Audience", dir: "auto" }, audienceOf(one)),
    number("Accepted", counts.accepted), number("Gone", counts.gone), number("Failed", counts.failed), number("Clicks", one.clicks),
    make("td", { role: "cell", class: "number", "data-label": "CTR" }, clickRate(one)),
    make("td", { role: "cell" }, make("span", { class: "chip", "data-mood": mood }, words)),
    make("td", { role: "cell" }, make("a", { href: `/admin/compose.html?copy=${one.id}`, "aria-label": `Duplicate ${titleOf(one)}` }, "Duplicate")));
}

function show({ items, next }) {
  if (!items.length) {
    const searched = [...query(null).keys()].length > 1;
    return make("div", { class: "card empty" },
      make("h2", {}, searched ? "Nothing matches" : "No message yet"),
      make("p", {}, searched ? "No campaign has these words or lies in these days." : make("a", { href: "/admin/compose.html" }, "Write the first one")));
  }
  return [
    make("p", { class: "note", role: "status" }, `${figure(items.length)} shown${next === null ? "" : ", there are more"}. CTR is clicks divided by accepted.`),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Campaigns" },
      make("table", { role: "table", class: "cards-on-phones" },
        make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, COLUMNS.map(heading), make("th", { scope: "col", role: "columnheader" }, make("span", { class: "sr" }, "Actions")))),
        make("tbody", { role: "rowgroup" }, sorted(items, order.name, order.descending).map(row)))),
  ];
}

place("csv").addEventListener("click", () =>
  saveCsv("campaigns.csv", [COLUMNS.map(({ label }) => label), ...sorted(campaigns.items(), order.name, order.descending).map((one) => COLUMNS.map(({ csv }) => csv(one)))]));

filters.addEventListener("submit", (event) => {
  event.preventDefault();
  campaigns.load();
});
filters.addEventListener("reset", () => setTimeout(campaigns.load)); // once the fields are empty

function draft({ id, owner, updated_at: at, title }) {
  return make("li", {}, make("a", { href: `/admin/compose.html?draft=${id}`, dir: "auto" }, title || "(no title)"), ` by ${owner}, changed ${relativeTime(at)}`);
}

campaigns.load();
showing(drafts, () => call("GET", "/api/admin/drafts"), ({ drafts: list }) => list.length > 0 && [make("h2", {}, "Drafts"), make("ul", {}, list.map(draft))]);
