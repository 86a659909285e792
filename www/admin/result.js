// What came of a message: progress while it runs, then totals and a table by push service.
import { COUNTS, figure, progress, rest, story } from "./words.js";

// Who waits belongs to no push service yet.
const OF_SERVICE = COUNTS.filter(([name]) => name !== "waiting");

const part = (id) => document.getElementById(id);

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The campaign so far; null: just begun; undefined: nothing is going on. */
export function showProgress(campaign) {
  part("result").hidden = true;
  part("progress").textContent = campaign === undefined ? "" : progress(campaign ?? {});
}

/** The campaign as it stands at the end of the request; the focus goes to its heading. */
export function showResult(campaign, title) {
  fillResult(campaign, title);
  part("result").hidden = false;
  part("result-title").focus();
}

/** The same later on, where it stands. */
export function fillResult(campaign, title) {
  const { heading, summary } = story(campaign);
  part("progress").textContent = "";
  part("result-title").textContent = `${heading}: ${title}`;
  part("result-summary").textContent = summary;
  part("result-totals").replaceChildren(...COUNTS.map(([name, label, meaning]) => total(campaign.counts?.[name], label, meaning)));

  const services = Array.isArray(campaign.services) ? campaign.services : [];
  const headings = ["Push service", ...OF_SERVICE.map(([, label]) => label)];
  part("result-head").replaceChildren(...headings.map((text) => element("th", text, { scope: "col", role: "columnheader" })));
  part("result-rows").replaceChildren(...services.map(row));
  part("result-table").hidden = services.length === 0;
  showReasons(services);
}

function total(count, label, meaning) {
  const group = document.createElement("div");
  const value = element("dd", figure(count));
  value.append(element("small", meaning));
  if (!count) group.className = "none";
  group.append(element("dt", label), value);
  return group;
}

// Small screens show each row as a card: the label goes with the figure, and the roles say that it is a table still.
function row({ service, counts = {} }) {
  const made = element("tr", "", { role: "row" });
  made.append(
    element("th", service, { scope: "row", role: "rowheader" }),
    ...OF_SERVICE.map(([name, label]) =>
      element("td", figure(counts[name]), { role: "cell", "data-label": label, "data-count": Number(counts[name] ?? 0) }),
    ),
  );
  return made;
}

// The services' own words, as they came.
function showReasons(services) {
  const said = services
    .flatMap((one) => [...Object.entries(one.reasons ?? {}).map(([reason, count]) => `${one.service}: ${reason} (${figure(count)})`), rest(one)])
    .filter((words) => words !== null)
    .map((words) => element("li", words));
  part("result-reasons").hidden = said.length === 0;
  part("result-reasons").querySelector("ul").replaceChildren(...said);
}
