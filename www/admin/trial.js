// "Send to me first": the message as it stands goes to this browser alone.
import { ApiError, call } from "./api.js";
import { clearErrors, showError } from "./fields.js";
import { place } from "./make.js";
import { outcome } from "./outcome.js";
import { ownEndpoint, subscribeHere, testWords } from "./own_device.js";

/** `current` gives the form as {message, problems}. */
export function offerTrial(form, current) {
  place("try").addEventListener("click", async () => {
    const say = (words) => { place("try-result").textContent = words; };
    clearErrors(form);
    const { message, problems: [problem] } = current();
    if (problem?.field === "title") return showError(form, "title", problem.words);
    place("try").setAttribute("aria-busy", "true");
    say("");
    try {
      const here = await ownEndpoint();
      if (!here) say("This browser has no subscription yet. It asks you now.");
      const endpoint = here ?? (await subscribeHere());
      const { send_at: _at, audience: _who, ...rest } = message;
      const { result } = await call("POST", "/api/admin/test", { ...rest, endpoint });
      say(testWords(result));
    } catch (error) {
      say(error instanceof ApiError ? refusalWords(error) : error.message);
    } finally {
      place("try").removeAttribute("aria-busy");
    }
  });
}

const refusalWords = (error) =>
  error.field === "endpoint" ? "The site does not know this browser’s subscription. Open the site once, then try again." : outcome(error).words;
