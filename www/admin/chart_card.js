// A chart as the desk shows it: what it says as its title, the drawing, the figures as a table, and as CSV.
import { saveCsv } from "./csv.js";
import { button, make, table } from "./make.js";

/**
 * title    the finding, a sentence
 * about    what is drawn, for those who want to know it exactly
 * drawing  a node, or null where the table alone says it
 * columns  [{label, number}]; `rows` arrays of cells
 * file     the CSV's name
 * wide     across the whole page
 */
export function chartCard({ id, wide = false, title, about, drawing = null, columns, rows, file }) {
  const csv = button("Download CSV", () => saveCsv(file, [columns.map(({ label }) => label), ...rows]), { class: "outline secondary small", "aria-describedby": id });
  return make("section", { class: wide ? "card wide" : "card", "aria-labelledby": id },
    make("h2", { id }, title),
    make("p", { class: "note" }, about),
    drawing,
    make("details", {}, make("summary", {}, "Table"), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${title}` }, table(columns, rows, { class: "plain" }))),
    csv);
}

/** Bars of a share each, beside their names: [{name, count}], the greatest is as wide as it gets. */
export function bars(label, rows, total) {
  const most = Math.max(...rows.map(({ count }) => count), 1);
  return make("ul", { class: "bars", "aria-label": label }, rows.map(({ name, count, words }) => {
    const bar = make("span", { class: "bar-fill", "aria-hidden": "true" });
    bar.style.inlineSize = `${(100 * count) / most}%`;
    return make("li", {},
      make("span", { class: "bar-name", dir: "auto" }, name),
      make("span", { class: "bar-track" }, bar),
      make("span", { class: "bar-count" }, words ?? `${count.toLocaleString("en")}${total ? ` · ${Math.round((100 * count) / total)} %` : ""}`));
  }));
}

/** A week of hours, Monday first, as a table whose cells are the darker the more they hold. */
export function weekGrid(hours, weekdays) {
  const most = Math.max(...hours.flat(), 1);
  const shade = (clicks) => (clicks ? Math.max(1, Math.ceil((5 * clicks) / most)) : 0);
  const name = (hour) => String(hour).padStart(2, "0");
  const head = [...Array(24).keys()].map((hour) => make("th", { scope: "col" }, name(hour)));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Clicks by weekday and hour" },
    make("table", { class: "week" },
      make("thead", {}, make("tr", {}, make("td", {}), head)),
      make("tbody", {}, hours.map((row, weekday) => make("tr", {},
        make("th", { scope: "row" }, weekdays[weekday].slice(0, 3)),
        row.map((clicks, hour) => make("td", { "data-shade": shade(clicks), title: `${weekdays[weekday]} ${name(hour)}:00 UTC: ${clicks}` }, clicks ? clicks.toLocaleString("en", { notation: "compact" }) : "")))))));
}
