// How many an audience reaches just now, beside the field where it is written.
import { call } from "./api.js";
import { make } from "./make.js";
import { atField, trouble } from "./trouble.js";
import { figure } from "./words.js";

const PAUSE = 400; // ms after the last key

/** A status line that follows `input`. */
export function audienceCount(input) {
  const line = make("p", { class: "note", role: "status" });
  let timer = 0;
  let turn = 0;
  async function count() {
    const mine = (turn += 1);
    const audience = input.value.trim();
    if (!audience) return line.replaceChildren();
    const words = await call("POST", "/api/admin/preview", { audience }).then(
      (answer) => `Reaches ${figure(answer.audience.count)} subscribers now.`,
      (error) => (error.field === "audience" ? atField(error) : trouble(error).words),
    );
    if (mine === turn) line.replaceChildren(words);
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, PAUSE);
  });
  queueMicrotask(count); // once its value is set
  return line;
}
