// Text to copy, with the button that does it.
import { button, make } from "./make.js";

export function copyable(text, what) {
  const code = make("code", {}, text);
  const said = make("span", { role: "status", class: "note" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(code); // plain http has no clipboard: one key more
      said.textContent = "Selected: copy it with Ctrl+C.";
    }
  };
  return make("div", { class: "copyable" },
    make("pre", { tabindex: "0", "aria-label": what }, code),
    make("p", { class: "actions" }, button("Copy", copy, { class: "outline small", "aria-label": `Copy ${what}` }), " ", said));
}
