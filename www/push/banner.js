// data-mode="banner": the soft prompt. It waits for the visitor to be engaged (engagement.js), takes no focus,
// blocks nothing, and a "not now" is as easy as a "turn on".
import { button, el } from "./dom.js";
import { dismissed, engaged } from "./engagement.js";
import { helps, privacy, status } from "./panel.js";
import { topicList } from "./topics.js";

const ASKABLE = ["default", "granted-off", "ios-needs-install"];

// Whoever has turned it off themselves is not asked again.
function turnedOff() {
  try {
    return Boolean(JSON.parse(localStorage.getItem("lamppost"))?.off);
  } catch {
    return false;
  }
}

/** Shows the banner when it may be. */
export async function offer(site, options) {
  const { Lamppost } = window;
  if (!ASKABLE.includes(Lamppost.state()) || turnedOff()) return;
  engaged(options).then((may) => {
    if (may && ASKABLE.includes(Lamppost.state()) && !turnedOff()) show(site);
  });
}

function show(site) {
  const { Lamppost } = window;
  const { lang, dir, text } = Lamppost;
  const name = site.site || location.hostname;
  const no = button(text("prompt.no"), { onclick: leave });
  const yes = button(text("prompt.yes"), { class: "lamppost-main", "data-lamppost-subscribe": true });
  const banner = el("section", { class: "lamppost lamppost-banner", "aria-label": text("prompt.label"), lang, dir },
    el("div", { class: "lamppost-words" },
      el("p", { class: "lamppost-value" }, text("prompt.value", { site: name })),
      status(),
      ...helps(name),
      el("div", { "data-lamppost-when": "default granted-off asking quieted working" }, topicList(site.topics)),
      privacy()),
    // Outside of what scrolls on a small screen: both are always in sight.
    el("div", { class: "lamppost-row lamppost-equal" }, no, yes));

  // The page behind is scrolled by as much as it covers (lamppost.css).
  const { classList, style } = document.documentElement;
  const room = new ResizeObserver(() => style.setProperty("--lamppost-room", `${innerHeight - banner.offsetTop}px`));

  function leave() {
    if (Lamppost.state() !== "on") dismissed();
    const within = banner.contains(document.activeElement);
    banner.remove();
    stop();
    removeEventListener("keydown", escape);
    room.disconnect();
    style.removeProperty("--lamppost-room");
    classList.remove("lamppost-has-banner");
    if (within) document.querySelector("main, [role=main]")?.focus();
  }
  // As good as "not now", wherever the focus is; but a dialog of the page comes first.
  function escape(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) leave();
  }
  const stop = Lamppost.on("change", (state) => {
    // Nothing left to put off: it has been answered.
    if (state === "on" || state === "blocked") {
      no.textContent = text("bell.close");
      if (state === "blocked") yes.remove();
      if (document.activeElement === document.body || document.activeElement === yes) no.focus();
    }
  });
  addEventListener("keydown", escape);
  document.body.append(banner);
  classList.add("lamppost-has-banner");
  room.observe(banner);
  Lamppost.paint();
}
