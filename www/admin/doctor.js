// The doctor: what is wrong with the installation, and what mends it.
import { call } from "./api.js";
import { button, make, place } from "./make.js";
import { MARKS, STATES, report, verdict, worstFirst } from "./report.js";
import { showing } from "./showing.js";

const checks = place("checks");

function item({ name, state, detail, remedy }) {
  return make("li", { class: "check", "data-state": state },
    make("span", { class: "mark", "aria-hidden": "true" }, MARKS[state] ?? "?"),
    make("div", {},
      make("h2", {}, make("span", { class: "sr" }, `${STATES[state] ?? state}: `), name),
      detail && make("p", { dir: "auto" }, detail),
      remedy && state !== "ok" && make("p", { class: "remedy", dir: "auto" }, make("strong", {}, "To do: "), make("code", {}, remedy))));
}

async function show({ checks: list }) {
  const said = make("span", { role: "status" });
  const version = await call("GET", "/api/admin/me").then((me) => me.version, () => ""); // the report is of use without
  const copy = async () => {
    const text = report(list, { version });
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      const area = make("textarea", { readonly: true, rows: "12", "aria-label": "Report" }); // plain http has no clipboard
      area.value = text;
      said.replaceChildren("Copy it from here:", area);
      area.select();
    }
  };
  return [
    make("p", { class: "verdict", role: "status" }, `${verdict(list)}.`),
    make("p", { class: "actions" }, button("Look again", load), " ", button("Copy report", copy, { class: "outline" }), " ", said),
    make("ul", { class: "checks" }, worstFirst(list).map(item)),
  ];
}

function load() {
  return showing(checks, () => call("GET", "/api/admin/doctor"), show);
}

load();
