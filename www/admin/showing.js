// A part of a page that waits for the server: nothing for a moment, then "Loading", then the part
// itself, or what went wrong with a way on. What was shown stays until there is something newer.
import { button, make } from "./make.js";
import { trouble } from "./trouble.js";

const PATIENCE = 300; // ms without a word: shorter waits would only flicker

/** A paragraph that says what went wrong; `retry` is offered where it may help. */
export function troubleNote(error, retry) {
  const { words, again } = trouble(error);
  return make("p", { class: "trouble", role: "alert" }, words, " ",
    again && retry && button("Try again", retry, { class: "outline small" }));
}

/**
 * Puts into `holder` what `show` makes of what `load` gives. Of several calls for one holder the last one counts.
 *
 * load     gives a promise; its failure is shown
 * show     takes what came and gives the nodes to show
 * Returns  whether it was shown
 */
export async function showing(holder, load, show) {
  const turn = (holder.turn = (holder.turn ?? 0) + 1);
  const loading = setTimeout(() => {
    if (!holder.childElementCount) holder.append(make("p", { class: "loading" }, "Loading …"));
  }, PATIENCE);
  holder.setAttribute("aria-busy", "true");
  try {
    const came = await load();
    if (turn !== holder.turn) return false;
    holder.replaceChildren(...[await show(came)].flat(Infinity).filter(Boolean));
    return true;
  } catch (error) {
    if (turn === holder.turn) holder.replaceChildren(troubleNote(error, () => showing(holder, load, show)));
    return false;
  } finally {
    clearTimeout(loading);
    if (turn === holder.turn) holder.removeAttribute("aria-busy");
  }
}
