// The list of topics, as boxes. What is ticked goes with the next subscribing; while notifications are on,
// each tick is sent at once.
import { el } from "./dom.js";

const boxes = () => [...document.querySelectorAll("[data-lamppost-topic]")];

// Several lists may stand on one page; they say the same.
function mirror(name, checked) {
  for (const box of boxes()) if (box.value === name) box.checked = checked;
}

async function changed({ target }) {
  const { Lamppost } = window;
  mirror(target.value, target.checked);
  if (Lamppost.state() !== "on") return;
  const topics = [...new Set(boxes().filter((box) => box.checked).map((box) => box.value))];
  // What can't be sent now is kept; what is refused is said by the next look at mine().
  await Lamppost.update({ topics }).catch((error) => {
    console.warn("Lamppost:", error);
    mirror(target.value, !target.checked);
  });
}

/** A fieldset with a box for each topic; undefined when the site has none. */
export function topicList(topics = []) {
  if (topics.length === 0) return undefined;
  const lines = topics.map(({ name, label, default: ticked }) =>
    el("label", { class: "lamppost-topic" },
      el("input", { type: "checkbox", value: name, "data-lamppost-topic": true, checked: ticked, onchange: changed }),
      el("span", {}, label)));
  return el("fieldset", { class: "lamppost-topics" }, el("legend", {}, window.Lamppost.text("topics.legend")), ...lines);
}

/** Ticks what the server holds for this browser. */
export function showTopics(names) {
  for (const box of boxes()) box.checked = names.includes(box.value);
}
