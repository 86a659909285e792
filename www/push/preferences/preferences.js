// The preferences page: what the server holds of this browser, and the visitor's hand on it.
// Everything is asked and changed through window.Lamppost; topics are the snippet's own list.
import { el } from "/push/dom.js";

const { Lamppost } = window;
const FATES = ["accepted", "waiting", "unsure", "expired", "failed", "gone", "skipped"];
const UNDO = 10_000; // ms
const OPEN_END = 300 * 24 * 3600; // a pause that ends later is one without an end, seconds

const part = (id) => document.getElementById(id);
const say = (key, values) => Lamppost.text(`preferences.${key}`, values);
const now = () => Math.floor(Date.now() / 1000);
const moment = (seconds) =>
  new Date(seconds * 1000).toLocaleString(Lamppost.lang, { dateStyle: "medium", timeStyle: "short" });

let mine = null; // what the server last said
let busy = false;

// ---- showing

function translate() {
  Object.assign(document.documentElement, { lang: Lamppost.lang, dir: Lamppost.dir });
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = Lamppost.text(one.dataset.text);
  document.title = say("title");
}

function tell(words) {
  part("said").textContent = words;
}

function showPause(until) {
  const left = until ? until - now() : 0;
  const words = left > OPEN_END ? say("pause.open") : say("pause.until", { until: moment(until ?? 0) });
  part("pause-state").textContent = left > 0 ? words : say("pause.none");
  part("resume").hidden = left <= 0;
}

function showRecent(recent = []) {
  part("recent-none").hidden = recent.length > 0;
  part("recent").replaceChildren(...recent.map(({ title, at, fate }) =>
    el("li", {}, el("strong", { dir: "auto" }, title),
      el("span", { class: "soft" }, moment(at)),
      el("span", { "data-fate": fate }, FATES.includes(fate) ? say(`fate.${fate}`) : fate))));
}

function showFacts({ created_at: since, seen_at: seen, user, devices }) {
  const facts = [["kept.since", since && moment(since)], ["kept.seen", seen && moment(seen)], ["kept.user", user]];
  part("facts").replaceChildren(...facts.filter(([, value]) => value)
    .flatMap(([key, value]) => [el("dt", {}, say(key)), el("dd", { dir: "auto" }, value)]));
  part("devices").hidden = !user;
  part("devices-how").textContent = say("devices.how", { count: devices ?? 1 });
}

function show(held) {
  mine = held;
  part("settings").hidden = !mine;
  if (!mine) return;
  showPause(mine.pause_until);
  const quiet = mine.quiet_hours;
  part("quiet-on").checked = Boolean(quiet);
  part("quiet-times").hidden = !quiet;
  if (quiet) [part("quiet-from").value, part("quiet-to").value] = [quiet.from, quiet.to];
  part("quiet-zone").textContent = say("quiet.zone", { zone: mine.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone });
  const language = mine.language?.toLowerCase().split("-")[0];
  part("language").value = [...part("language").options].some(({ value }) => value === language) ? language : Lamppost.lang;
  showRecent(mine.recent);
  showFacts(mine);
}

async function look() {
  if (Lamppost.state() === "checking" || Lamppost.state() === "working" || busy) return;
  if (Lamppost.state() !== "on") return show(null);
  try {
    show(await Lamppost.mine());
  } catch (error) {
    tell(error.message);
  }
}

// ---- changing

/** Runs `work` for a press, one at a time, and says how it went. */
function doing(work) {
  return async () => {
    if (busy) return;
    busy = true;
    tell(say("working"));
    try {
      tell(await work());
    } catch (error) {
      tell(error.message || say("failed"));
    }
    busy = false;
  };
}

async function change(changes) {
  const held = await Lamppost.update(changes);
  if (held === undefined) return Lamppost.text("state.later");
  show({ ...mine, ...changes, ...held });
  return say("saved");
}

const pause = (seconds) => doing(() => change({ pause_until: seconds ? now() + seconds : null }))();

function quieten() {
  part("quiet-times").hidden = !part("quiet-on").checked;
  const [from, to] = [part("quiet-from").value, part("quiet-to").value];
  if (part("quiet-on").checked && (!from || !to)) return;
  doing(() => change({ quiet_hours: part("quiet-on").checked ? { from, to } : null }))();
}

function download() {
  const file = new Blob([JSON.stringify(mine, null, 2)], { type: "application/json" });
  const address = URL.createObjectURL(file);
  el("a", { href: address, download: "notifications.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Turns it off at once; for ten seconds one press brings back all of it. */
async function leave() {
  const held = mine;
  const state = await Lamppost.unsubscribe();
  if (state === "on") return say("failed");
  show(null);
  const undo = part("undo");
  undo.hidden = false;
  undo.focus();
  const gone = setTimeout(() => (undo.hidden = true), UNDO);
  undo.onclick = () => {
    clearTimeout(gone);
    undo.hidden = true;
    doing(() => comeBack(held))();
  };
  return Lamppost.text(`state.${state}`);
}

async function comeBack({ topics, language, timezone, pause_until, quiet_hours }) {
  if ((await Lamppost.subscribe({ topics })) !== "on") return say("failed");
  const wanted = Object.entries({ language, timezone, pause_until, quiet_hours }).filter(([, value]) => value != null);
  if (wanted.length > 0) await Lamppost.update(Object.fromEntries(wanted));
  show(await Lamppost.mine());
  part("leave").focus();
  return say("undone");
}

const forget = (erase) => async () => {
  await erase();
  show(null);
  return say("erase.done");
};

// ---- the page

await Lamppost.ready;
translate();
part("home").textContent = location.host;
Lamppost.config().then((site) => {
  part("topics").hidden = !site.topics?.length;
  if (site.site) part("home").textContent = site.site;
}, () => {}); // away: the page says so when it is asked for something
for (const button of document.querySelectorAll(".pausing")) button.onclick = () => pause(Number(button.dataset.seconds));
part("resume").onclick = () => pause(0);
for (const id of ["quiet-on", "quiet-from", "quiet-to"]) part(id).onchange = quieten;
part("language").onchange = () => doing(() => change({ language: part("language").value }))();
part("test").onclick = doing(async () => {
  await Lamppost.test();
  return say("test.done");
});
part("download").onclick = download;
part("erase").onclick = doing(forget(Lamppost.erase));
part("erase-devices").onclick = doing(forget(Lamppost.eraseDevices));
part("leave").onclick = doing(leave);
Lamppost.on("change", look);
Lamppost.paint();
look();
