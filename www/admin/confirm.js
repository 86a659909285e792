// The question before sending. Escape, "Back" and everything but the one button mean no.
import { make, place } from "./make.js";
import { confirmWords, isNumber } from "./reach.js";

/**
 * what     {count, title, at}: `at` in words, or "" for now
 * warnings [{message}]
 * Returns  whether it is to go out
 */
export function confirmed(what, warnings) {
  const { title, text, yes, number } = confirmWords(what);
  const dialog = place("confirm");
  place("confirm-title").textContent = title;
  place("confirm-text").textContent = text;
  place("confirm-yes").textContent = yes;
  place("confirm-number").hidden = !number;
  place("confirm-count").value = "";
  place("confirm-warnings").hidden = warnings.length === 0;
  place("confirm-warnings").replaceChildren(...warnings.map(({ message }) => make("li", {}, message)));
  return new Promise((answer) => {
    const allowed = () => !number || isNumber(place("confirm-count").value, number);
    const typed = () => { place("confirm-yes").disabled = !allowed(); };
    const yesPressed = () => allowed() && dialog.close("yes");
    const enter = (event) => event.key === "Enter" && yesPressed();
    place("confirm-yes").onclick = yesPressed;
    place("confirm-no").onclick = () => dialog.close("no");
    place("confirm-count").oninput = typed;
    place("confirm-count").onkeydown = enter;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
    typed();
    dialog.showModal();
  });
}
