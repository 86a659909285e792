// Subscribers: who they are, one by one, without a whole endpoint or key ever being shown.
import { call } from "./api.js";
import { button, make, place } from "./make.js";
import { paged } from "./paged.js";
import { serviceName } from "./services.js";
import { openDetail } from "./subscriber_detail.js";
import { where, stateWords } from "./subscriber_words.js";
import { timeElement } from "./times.js";
import { troubleNote } from "./showing.js";
import { figure } from "./words.js";

const filters = place("filters");
const notice = place("notice");

function query(after) {
  const given = { after, limit: 50, ...Object.fromEntries(new FormData(filters)) };
  return new URLSearchParams(Object.entries(given).map(([key, value]) => [key, String(value ?? "").trim()]).filter(([, value]) => value !== ""));
}

function row(one) {
  const { words, mood } = stateWords(one);
  const open = button(`#${one.id}`, () => openDetail(one.id, { remove, restore }), { class: "plain-button", "aria-label": `Details of subscriber ${one.id}`, "aria-haspopup": "dialog" });
  const text = (label, value) => make("td", { role: "cell", "data-label": label, dir: "auto" }, value);
  return make("tr", { role: "row" },
    make("th", { scope: "row", role: "rowheader" }, open),
    make("td", { role: "cell" }, make("span", { class: "chip", "data-mood": mood }, words)),
    text("Browser", serviceName(one.service)),
    text("Address", where(one)),
    text("Language", one.language || "–"),
    text("Topics", (one.topics ?? []).join(", ") || "–"),
    text("User", one.user || "–"),
    make("td", { role: "cell", "data-label": "Joined" }, timeElement(one.created_at)),
    make("td", { role: "cell", "data-label": "Last seen" }, timeElement(one.seen_at)));
}

const HEADINGS = ["Id", "State", "Browser", "Address", "Language", "Topics", "User", "Joined", "Last seen"];

function show({ items, next }) {
  if (!items.length) {
    const filtered = [...new FormData(filters)].some(([name, value]) => value.trim() && !(name === "state" && value === "active"));
    return make("div", { class: "card empty" },
      make("h2", {}, filtered ? "Nobody matches" : "Nobody has subscribed yet"),
      make("p", {}, filtered ? "Change the filters, or reset them." : make("a", { href: "/" }, "Open the site and be the first")));
  }
  return [
    make("p", { class: "note", role: "status" }, `${figure(items.length)} shown${next === null ? "" : ", there are more"}.`),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Subscribers" },
      make("table", { role: "table", class: "cards-on-phones" },
        make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, HEADINGS.map((label) => make("th", { scope: "col", role: "columnheader" }, label)))),
        make("tbody", { role: "rowgroup" }, items.map(row)))),
  ];
}

const subscribers = paged({ holder: place("subscribers"), name: "subscriptions", read: (after) => call("GET", `/api/admin/subscriptions?${query(after)}`), show });

async function attempt(work) {
  try {
    notice.replaceChildren(...(await work()));
  } catch (error) {
    notice.replaceChildren(troubleNote(error, () => attempt(work)));
  }
  notice.querySelector("button, a")?.focus();
}

const shown = (id) => subscribers.items().find((one) => one.id === id);
const now = () => Math.floor(Date.now() / 1000);

function remove(id) {
  return attempt(async () => {
    await call("DELETE", `/api/admin/subscriptions/${id}`);
    if (shown(id)) subscribers.replace({ ...shown(id), gone_at: now() });
    return [make("p", { role: "status" }, `Subscriber ${id} gets nothing any more. It is erased in 14 days. `, button("Undo", () => restore(id), { class: "outline small" }))];
  });
}

function restore(id) {
  return attempt(async () => {
    await call("POST", `/api/admin/subscriptions/${id}/restore`, {});
    if (shown(id)) subscribers.replace({ ...shown(id), gone_at: null });
    return [make("p", { role: "status" }, `Subscriber ${id} is back.`)];
  });
}

filters.addEventListener("submit", (event) => {
  event.preventDefault();
  subscribers.load();
});
filters.addEventListener("change", (event) => {
  if (event.target.matches("select")) subscribers.load();
});
filters.addEventListener("reset", () => setTimeout(subscribers.load)); // once the fields are empty

subscribers.load();
