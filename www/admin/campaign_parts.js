// The parts of a campaign's page: totals, the table by push service, the reasons, the message itself.
import { make, place, table } from "./make.js";
import { meaningOf, reasonsOf } from "./meanings.js";
import { serviceName } from "./services.js";
import { exactTime, timeElement } from "./times.js";
import { COUNTS, figure } from "./words.js";

const ICONS = { accepted: "✓", gone: "↷", failed: "✕", expired: "!", unsure: "?", skipped: "–", waiting: "…" };
const HOSTS = [[/(^|\.)google(apis)?\.com/, "fcm"], [/mozilla/, "mozilla"], [/apple\.com/, "apple"], [/windows\.com/, "windows"]];

/** A push service by the name that people know, from its host or its short name. */
export function known(service) {
  const [, name] = HOSTS.find(([pattern]) => pattern.test(service)) ?? [];
  return serviceName(name ?? service);
}

const mark = (name) => make("span", { class: `mark ${name}`, "aria-hidden": "true" }, ICONS[name]);

export function showTotals({ counts = {} }) {
  place("totals").replaceChildren(...COUNTS.map(([name, label, meaning]) =>
    make("div", { class: Number(counts[name] ?? 0) === 0 && "none", "data-name": name },
      make("dt", {}, mark(name), ` ${label}`), make("dd", {}, figure(counts[name]), make("small", {}, meaning)))));
}

export function showServices({ services = [] }) {
  // Who was not tried yet belongs to no push service.
  const shown = COUNTS.filter(([name]) => name !== "waiting" || services.some(({ counts }) => counts?.waiting > 0));
  const columns = [{ label: "Push service" }, ...shown.map(([, label]) => ({ label, number: true }))];
  const rows = services.map(({ service, counts = {} }) => [known(service), ...shown.map(([name]) => Number(counts[name] ?? 0))]);
  const made = table(columns, rows);
  made.querySelectorAll("tbody tr").forEach((row, line) => row.querySelectorAll("td").forEach((cell, index) => {
    const [name] = shown[index];
    const count = rows[line][index + 1];
    cell.dataset.count = count;
    if (count > 0) cell.prepend(mark(name), " ");
  }));
  place("services").hidden = rows.length === 0;
  replaceIfChanged(place("services-table"), made);
}

// A table that is read out or selected stays as it is while nothing changes.
function replaceIfChanged(holder, made) {
  if (holder.textContent !== made.textContent) holder.replaceChildren(made);
}

export function showReasons({ services = [] }, now) {
  const reasons = reasonsOf(services, now);
  const list = make("div", {}, reasons.map(({ service, reason, count, resting }) => {
    const { meaning, remedy } = meaningOf(reason);
    return make("article", { class: "reason" },
      make("p", {}, make("code", {}, reason), ` ${known(service)}${count ? `, ${figure(count)} time${count === 1 ? "" : "s"}` : ""}`),
      make("p", {}, meaning), make("p", { class: "note" }, remedy, ...(resting ? [` It is asked again at ${exactTime(resting)}.`] : []), /Doctor/.test(remedy) && make("a", { href: "/admin/doctor.html" }, " Open the Doctor")));
  }));
  place("reasons").hidden = reasons.length === 0;
  replaceIfChanged(place("reasons-list"), list);
}

/** What was written, to whom, by whom and when. */
export function showMessage(campaign) {
  const { message = {}, audience, owner, created_at: created, started_at: started, send_at: at, finished_at: finished } = campaign;
  const line = (label, ...value) => [make("dt", {}, label), make("dd", {}, ...value)];
  place("text").hidden = false;
  place("text-parts").replaceChildren(
    make("div", { class: "written", lang: message.lang, dir: message.dir ?? "auto" }, make("p", { class: "heading" }, message.title), make("p", {}, message.body ?? "")),
    make("dl", { class: "lines" },
      ...(message.url ? line("Link", message.url) : []), ...line("To", audience || "everybody"), ...line("By", owner || "–"), ...line("Written", timeElement(created)),
      ...(at ? line("To go out", timeElement(at)) : []), ...(started ? line("Begun", timeElement(started)) : []), ...(finished ? line("Ended", timeElement(finished)) : [])),
    make("p", {}, make("a", { href: `/admin/compose.html?copy=${campaign.id}` }, "Write another one like this")));
}
