// When the banner may ask: never at once, never on pages that the owner excludes, and less and less often
// after a "not now". The attributes are those of the script element.

const KEPT = "lamppost-prompt"; // localStorage: {views, dismissed: how often, at: the last time}
const DAY = 24 * 3600 * 1000;
const WAITS = [3, 7, 30]; // days after the first, second and third "not now"; after a fourth never again
const DIALOGS = "dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
}

function keep(changes) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...kept(), ...changes }));
  } catch {
    // Full or forbidden: each visit is the first.
  }
}

/** The visitor has said "not now". */
export function dismissed() {
  keep({ dismissed: (kept().dismissed || 0) + 1, at: Date.now() });
}

/** True while an earlier "not now" holds. */
export function resting(now = Date.now()) {
  const { dismissed: times = 0, at = 0 } = kept();
  return times > WAITS.length || (times > 0 && now < at + WAITS[times - 1] * DAY);
}

/** "/checkout /account/*": whole path segments; an asterisk at the end takes whatever follows. */
export function denied(path, list = "") {
  return list.split(/[\s,]+/).filter(Boolean).some((one) => {
    if (one.endsWith("*")) return path.startsWith(one.slice(0, -1));
    return path === one || path.startsWith(`${one.replace(/\/$/, "")}/`);
  });
}

// "off" and other words: never.
const number = (word, otherwise) => (word === undefined ? otherwise : Number.parseFloat(word));
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function scrolled(percent) {
  return new Promise((done) => {
    const look = () => {
      const { scrollHeight, clientHeight } = document.documentElement;
      if (scrollHeight <= clientHeight || (scrollY / (scrollHeight - clientHeight)) * 100 < percent) return;
      removeEventListener("scroll", look);
      done();
    };
    addEventListener("scroll", look, { passive: true });
  });
}

async function visibleFor(seconds) {
  for (let left = seconds; left > 0;) {
    await pause(1000);
    if (document.visibilityState === "visible") left -= 1;
  }
}

const seen = (element) => element.getClientRects().length > 0 && !element.closest(".lamppost");

// A cookie banner and the like come first.
async function alone(waitFor) {
  const others = waitFor ? `${DIALOGS}, ${waitFor}` : DIALOGS;
  while ([...document.querySelectorAll(others)].some(seen)) await pause(1000);
}

/**
 * Resolves to true when the banner may appear, to false when it may not on this page.
 * afterViews (2), afterSeconds (30), afterScroll (50 %): whichever comes first, "off" takes one out;
 * deny: paths; waitFor: a selector of what must be gone before
 */
export async function engaged({ afterViews, afterSeconds, afterScroll, deny, waitFor } = {}) {
  const views = (kept().views || 0) + 1;
  keep({ views });
  if (denied(location.pathname, deny) || resting()) return false;
  const signs = [];
  if (views >= number(afterViews, 2)) signs.push(visibleFor(2));
  const seconds = number(afterSeconds, 30);
  if (seconds >= 0) signs.push(visibleFor(Math.max(seconds, 1)));
  const percent = number(afterScroll, 50);
  if (percent >= 0) signs.push(scrolled(percent));
  if (signs.length === 0) return false;
  await Promise.race(signs);
  await alone(waitFor);
  return !resting(); // another tab may have asked meanwhile
}
