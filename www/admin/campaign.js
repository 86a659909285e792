// One campaign: taken back or sent, watched to its end, paused, stopped, tried again.
import { ApiError, serverNow } from "./api.js";
import { showMessage, showReasons, showServices, showTotals } from "./campaign_parts.js";
import { showClicks } from "./click_section.js";
import { button, make, place } from "./make.js";
import { outcome } from "./outcome.js";
import { pace } from "./pace.js";
import { actionsOf, figuresOf, storyOf } from "./story.js";
import { isAlive, watch } from "./watch.js";

const COUNTED_DOWN = 60; // s: what goes later than that stands as scheduled
const SPOKEN = 5000; // ms between two words to a screen reader
const STUCK = 60; // s without a change
const JUST_PRESSED = 1500; // ms
const AGAIN = 1000; // ms

const id = new URLSearchParams(location.search).get("id") ?? "";
const speed = pace();
let campaign = null;
let driving = false; // a request of this page sends it
let moved = { at: 0, settled: -1 };
let spoken = 0;
let acting = false; // something was pressed just now
let offered = ""; // the controls that stand there
let watching = null;

function show(latest) {
  campaign = latest;
  note(latest);
  const { heading, lead } = isCountedDown() ? { heading: "About to go", lead: "" } : storyOf(latest, speed.rate() > 0);
  const { title } = latest.message ?? {};
  const words = title ? `${heading}: ${title}` : heading;
  if (place("heading").textContent !== words) place("heading").textContent = words;
  document.title = `${words} · Lamppost`;
  place("lead").textContent = lead;
  const begun = Number(latest.counts?.audience ?? 0) > 0;
  place("totals").hidden = !begun;
  showTotals(latest);
  showServices(latest);
  showReasons(latest, serverNow());
  if (latest.message) showMessage(latest);
  showClicks(latest);
  showProgress();
  showControls();
  countDown();
}

const isUnderWay = ({ state }) => ["preparing", "sending", "interrupted"].includes(state);
const settledOf = ({ counts = {} }) => Number(counts.audience ?? 0) - Number(counts.waiting ?? 0);

function note(latest) {
  const now = Date.now() / 1000;
  const settled = settledOf(latest);
  speed.note(now, settled);
  if (settled !== moved.settled || !isUnderWay(latest)) moved = { at: now, settled };
}

function showProgress() {
  const { counts = {}, state } = campaign;
  const [audience, waiting] = [Number(counts.audience ?? 0), Number(counts.waiting ?? 0)];
  const underWay = isUnderWay(campaign);
  const settled = settledOf(campaign);
  const now = Date.now() / 1000;
  place("progress").hidden = !underWay && !(state === "paused" && audience);
  place("safe").hidden = !underWay;
  place("stuck").hidden = !(underWay && !driving && now - moved.at >= STUCK && !isResting());
  Object.assign(place("bar"), { max: Math.max(audience, 1), value: settled });
  const words = figuresOf(campaign, underWay ? speed.rate() : 0, underWay ? speed.left(waiting) : null);
  place("figures").textContent = words;
  if (Date.now() - spoken < SPOKEN && underWay) return;
  spoken = Date.now();
  const { heading } = storyOf(campaign);
  const said = underWay ? `${heading}: ${words}` : heading;
  if (place("spoken").textContent !== said) place("spoken").textContent = said;
}

const isResting = () => (campaign.services ?? []).some((one) => one.resting_until > serverNow());

// ---- what can be done

function showControls() {
  const actions = isCountedDown() ? [] : actionsOf(campaign);
  const stuck = !place("stuck").hidden ? [{ action: "send", words: "Go on from here" }] : [];
  const all = [...stuck, ...actions];
  const sentence = JSON.stringify([all, campaign.state]);
  if (sentence === offered) return;
  offered = sentence;
  const again = ["cancelled", "expired"].includes(campaign.state) ? [make("a", { href: `/admin/compose.html?copy=${campaign.id}` }, "Edit the text")] : [];
  const focused = place("controls").contains(document.activeElement);
  place("controls").replaceChildren(...all.map((one) => button(one.words, () => act(one), { class: one.quiet && "outline", "data-action": one.action })), ...again);
  // From what was pressed to what stands there now; but what comes by itself must not be pressed by chance.
  if (focused) (acting ? place("controls").querySelector("button, a") ?? place("heading") : place("heading")).focus();
}

async function act({ action, body, ask }) {
  if (ask && !(await agreed(ask))) return;
  acting = true;
  setTimeout(() => { acting = false; }, JUST_PRESSED);
  await doing(action, body);
}

async function doing(action, body) {
  place("problem").textContent = "";
  const sends = ["send", "resume", "retry"].includes(action);
  driving ||= sends;
  try {
    await watching.drive(action, body);
  } catch (error) {
    // What another tab or editor has done meanwhile is no mistake: the page shows it.
    if (error.code !== "bad_state") place("problem").textContent = problemWords(error);
    watching.refresh();
  } finally {
    if (sends) driving = false;
  }
}

function problemWords(error) {
  if (error.status === 0) return "The server can’t be reached just now. What was begun goes on by itself; this page keeps asking.";
  if (error.status === 401) return "You are no longer signed in. What was begun goes on by itself.";
  if (error.status === 503) return "The server is busy or its database is away. This page keeps asking.";
  return outcome(error).words;
}

function agreed({ title, text, yes }) {
  const dialog = place("ask");
  place("ask-title").textContent = title;
  place("ask-text").textContent = text;
  place("ask-yes").textContent = yes;
  return new Promise((answer) => {
    place("ask-yes").onclick = () => dialog.close("yes");
    place("ask-no").onclick = () => dialog.close("no");
    dialog.returnValue = "";
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
    place("ask-no").focus();
  });
}

// ---- ten seconds to take it back

let clock = null;
const left = () => (campaign.state === "scheduled" ? campaign.send_at - serverNow() : Infinity);
let takingBack = false;
const isCountedDown = () => left() <= COUNTED_DOWN && !driving;

function countDown() {
  const counted = isCountedDown();
  if (place("undo").hidden === counted) {
    place("undo").hidden = !counted;
    if (counted) {
      place("undo-words").textContent = `It goes out ${left() > 1 ? `in ${left()} seconds` : "in a second"}. Undo takes it back.`;
      place("undo-now").focus();
    } else if (document.activeElement === document.body) place("heading").focus();
  }
  clearInterval(clock);
  if (!counted || takingBack) return;
  clock = setInterval(tick, 250);
  tick();
}

function tick() {
  const seconds = left();
  place("undo-count").textContent = `${Math.max(0, seconds)}`;
  if (seconds > 0) return;
  clearInterval(clock);
  go();
}

/** At 0, or at once: this page drives it. Any other that does so too only helps. */
function go() {
  if (driving || takingBack || campaign.state !== "scheduled") return;
  driving = true;
  place("undo").hidden = true;
  place("lead").textContent = "It goes out now.";
  doing("send");
}

place("undo-skip").addEventListener("click", go);
place("undo-now").addEventListener("click", async () => {
  if (takingBack) return;
  takingBack = true; // from here on this page does not send it
  clearInterval(clock);
  place("undo-words").textContent = "Taking it back …";
  place("undo-now").setAttribute("aria-busy", "true");
  for (;;) {
    await doing("cancel");
    if (campaign.state !== "scheduled") break;
    await new Promise((go) => setTimeout(go, AGAIN)); // the server is away: asked until it answers
  }
  takingBack = false;
  place("undo-now").removeAttribute("aria-busy");
});

// ---- the beginning

function trouble(error) {
  if (campaign) {
    place("problem").textContent = error ? problemWords(error) : "";
    return;
  }
  if (!error) return;
  const isUnknown = error.status === 404;
  place("heading").textContent = isUnknown ? "There is no such message" : "Message";
  place("lead").textContent = isUnknown ? "Perhaps its address was cut. All of them are in the History." : problemWords(error);
}

if (/^\d+$/.test(id)) {
  watching = watch(id, show, trouble);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && isAlive(campaign)) watching.refresh(); });
  watching.refresh();
} else trouble(new ApiError(404));
