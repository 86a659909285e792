// The desk: write a message, send it, see what came of it.
import { sendCampaign } from "./api.js";
import { openDraft } from "./draft.js";
import { FIELDS, clearErrors, fill, showCounts, showError, showPreview, valuesOf } from "./fields.js";
import { outcome } from "./outcome.js";
import { showProgress, showResult } from "./result.js";

const form = document.getElementById("message");
const button = document.getElementById("send");
const draft = openDraft();

fill(form, draft.values);
refresh();

form.addEventListener("input", (event) => {
  draft.save(valuesOf(form));
  clearErrors(form, event.target.name);
  refresh();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return; // Enter in a field, while it is being sent
  clearErrors(form);
  const message = valuesOf(form);
  if (!message.title.trim()) return showError(form, "title", "Please write a title.");
  await send(message);
});

async function send(message) {
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  showProgress(null);
  draft.attempt(message);
  try {
    const campaign = await sendCampaign(message, draft.key, showProgress);
    draft.finish();
    fill(form, draft.values);
    refresh();
    showResult(campaign, message.title);
  } catch (error) {
    const { field, words, signIn, settled } = outcome(error, Object.keys(FIELDS));
    if (settled) draft.settle(message);
    showProgress(undefined);
    showError(form, field, words, signIn);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

function refresh() {
  showCounts(form);
  showPreview(valuesOf(form));
}
