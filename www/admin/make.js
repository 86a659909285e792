// Elements made by script. Texts are set as text, never as markup.

export const place = (id) => document.getElementById(id);

/** An element with these attributes (false, null and undefined are left out) and children (texts or nodes). */
export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A button with what a press does. */
export function button(words, press, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", press);
  return made;
}

/** A table: `columns` [{label, number}], `rows` arrays of cells (texts, numbers or nodes). The first cell is the row's heading. */
export function table(columns, rows, attributes = {}) {
  const cell = (value, index) => {
    const { label, number } = columns[index];
    const shown = typeof value === "number" ? value.toLocaleString("en") : value;
    if (index === 0) return make("th", { scope: "row", role: "rowheader" }, shown);
    return make("td", { role: "cell", "data-label": label, class: number && "number" }, shown);
  };
  const head = columns.map(({ label, number }) => make("th", { scope: "col", role: "columnheader", class: number && "number" }, label));
  return make("table", { role: "table", ...attributes },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, head)),
    make("tbody", { role: "rowgroup" }, rows.map((row) => make("tr", { role: "row" }, row.map(cell)))));
}
