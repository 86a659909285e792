// The panel: how things stand, the one thing to do about it, the topics, and what is kept. Its buttons and parts
// carry the same attributes as the page's own, so lamppost.js works them; here is only what the panel has beside.
import { button, el } from "./dom.js";
import { blockedHelp, iosSteps, phoneCode } from "./help.js";
import { showTopics, topicList } from "./topics.js";

const DAY = 24 * 3600;
const UNDO = 10_000; // how long "turn on again" is called undo, ms
let count = 0; // of panels; makes the ids

const say = (key, values) => window.Lamppost.text(key, values);

function showPause(until) {
  for (const resume of document.querySelectorAll(".lamppost-resume")) resume.hidden = !until;
}

/** Where `work` says how it went. */
function speaking(note, work) {
  return async () => {
    try {
      note.textContent = await work();
    } catch (error) {
      note.textContent = error.message;
    }
  };
}

const until = (seconds) =>
  new Date(seconds * 1000).toLocaleString(window.Lamppost.lang, { dateStyle: "medium", timeStyle: "short" });

/** Pause, test and the way to the preferences: what a subscribed visitor may want. */
function extras() {
  const note = el("p", { class: "lamppost-note", role: "status" });
  const pausing = (days) => speaking(note, async () => {
    const end = days && Math.floor(Date.now() / 1000) + days * DAY;
    await window.Lamppost.update({ pause_until: end || null });
    showPause(end);
    return days ? say("panel.paused", { until: until(end) }) : say("panel.resumed");
  });
  const testing = speaking(note, async () => {
    await window.Lamppost.test();
    return say("panel.tested");
  });
  return el("div", { class: "lamppost-extras", "data-lamppost-when": "on", hidden: true },
    el("div", { class: "lamppost-row" },
      button(say("panel.test"), { class: "lamppost-small", onclick: testing }),
      button(say("panel.pause-day"), { class: "lamppost-small", onclick: pausing(1) }),
      button(say("panel.pause-week"), { class: "lamppost-small", onclick: pausing(7) }),
      button(say("panel.resume"), { class: "lamppost-small lamppost-resume", hidden: true, onclick: pausing(0) })),
    note);
}

/** What is kept, and where it can be seen and deleted. */
export function privacy() {
  return el("p", { class: "lamppost-privacy" }, say("privacy.kept"), " ",
    el("a", { href: "/push/preferences" }, say("privacy.manage")));
}

/** How things stand, in words; what has gone wrong is an alert. lamppost.js writes the words. */
export function status() {
  const words = el("p", { class: "lamppost-status", role: "status", "data-lamppost-status": true });
  window.Lamppost.on("change", (state) => words.setAttribute("role", /error|stale/.test(state) ? "alert" : "status"));
  return words;
}

/** Help for the states that no press can change. */
export function helps(site) {
  return [blockedHelp(site), iosSteps(site)];
}

function undoing(subscribe) {
  let before = window.Lamppost.state();
  subscribe.dataset.was = before;
  window.Lamppost.on("change", (state) => {
    if (state === "granted-off" && before === "working" && subscribe.dataset.was === "on") {
      subscribe.textContent = say("panel.undo");
      setTimeout(() => (subscribe.textContent = say("panel.on")), UNDO);
    }
    if (state !== "working") subscribe.dataset.was = state;
    before = state;
  });
  return subscribe;
}

/** A panel for `site`, which is what GET /api/config says. */
export function panel(site) {
  const { lang, dir } = window.Lamppost;
  const title = `lamppost-title-${(count += 1)}`;
  const name = site.site || location.hostname;
  return el("div", { class: "lamppost lamppost-panel", role: "group", "aria-labelledby": title, lang, dir },
    el("h2", { id: title, tabindex: "-1" }, say("panel.title", { site: name })),
    status(),
    ...helps(name),
    el("div", { "data-lamppost-when": "default granted-off on stale-key asking quieted working site-error service-error" }, topicList(site.topics)),
    el("div", { class: "lamppost-row" },
      undoing(button(say("panel.on"), { class: "lamppost-main", "data-lamppost-subscribe": true, hidden: true })),
      button(say("panel.off"), { "data-lamppost-unsubscribe": true, hidden: true })),
    extras(),
    phoneCode(),
    privacy());
}

/** Keeps boxes and pause as the server has them, from now on. */
export async function follow() {
  const { Lamppost } = window;
  const look = async () => {
    if (Lamppost.state() !== "on" || !document.querySelector(".lamppost-extras, .lamppost-topics")) return;
    const mine = await Lamppost.mine().catch(() => null); // away: the boxes stay as they are
    if (!mine) return;
    if (mine.topics) showTopics(mine.topics);
    showPause(mine.pause_until);
  };
  Lamppost.on("change", (state) => state === "on" && look());
  await look();
}
