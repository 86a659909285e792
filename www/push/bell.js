// data-mode="bell": a round button in a corner, and the panel above it. data-position="bottom-start" for the other corner.
import { button, el } from "./dom.js";
import { panel } from "./panel.js";

const SVG = "http://www.w3.org/2000/svg";

function bell() {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6zm-2 16a2 2 0 0 0 4 0");
  drawing.append(path);
  return drawing;
}

/** Puts the bell on the page. */
export function ring(site, { position }) {
  const { Lamppost } = window;
  const { lang, dir } = Lamppost;
  const place = panel(site);
  place.id = "lamppost-bell-panel";
  place.setAttribute("role", "dialog");
  place.hidden = true;
  place.append(button(Lamppost.text("bell.close"), { class: "lamppost-small", onclick: () => show(false) }));

  const opener = button(bell(), {
    class: "lamppost-bell", "aria-expanded": "false", "aria-controls": place.id, onclick: () => show(place.hidden),
  });

  function show(open) {
    place.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    // The visitor has opened it, so they may be taken there; and back to where they came from.
    if (open) place.querySelector("h2").focus();
    else opener.focus();
  }
  const name = () => {
    const state = Lamppost.state();
    opener.dataset.state = state;
    opener.setAttribute("aria-label", Lamppost.text(state === "on" ? "bell.on" : "bell.off"));
  };

  // Its height at the end of the page keeps the bell from lying on the last lines.
  const corner = position === "bottom-start" ? "lamppost-start" : "lamppost-end";
  const ground = el("div", { class: `lamppost lamppost-ground ${corner}`, lang, dir,
    onkeydown(event) {
      if (event.key !== "Escape" || place.hidden) return;
      event.stopPropagation();
      show(false);
    } }, opener, place);
  document.body.append(ground);
  document.documentElement.classList.add("lamppost-has-bell");
  Lamppost.on("change", name);
  name();
}
