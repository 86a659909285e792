// The desk: write a message, send it, see what came of it.
import { ApiError, readCampaign, sendCampaign } from "./api.js";
import { openDraft } from "./draft.js";
import { FIELDS, clearErrors, fill, showCounts, showError, showPreview, valuesOf } from "./fields.js";
import { outcome } from "./outcome.js";
import { fillResult, showProgress, showResult } from "./result.js";
import { isUnderWay } from "./words.js";

const LOOK_AGAIN = 5000; // ms

const form = document.getElementById("message");
const button = document.getElementById("send");
const draft = openDraft();
let watched = null; // the campaign whose result is shown, while others go on with it

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
  watched = null;
  showProgress(null);
  draft.attempt(message);
  try {
    const campaign = await sendCampaign(message, draft.key, showProgress);
    draft.finish();
    fill(form, draft.values);
    refresh();
    showResult(campaign, message.title);
    watch(campaign, message.title);
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

async function watch(campaign, title) {
  watched = campaign.id;
  // At once: the last line of a stream that ends early does not tell of the services.
  let pause = 0;
  for (let latest = campaign; isUnderWay(latest); pause = LOOK_AGAIN) {
    await new Promise((go) => setTimeout(go, pause));
    if (watched !== campaign.id) return;
    try {
      latest = await readCampaign(campaign.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      continue; // away for a moment: what is shown was true, and it is asked again
    }
    if (watched === campaign.id) fillResult(latest, title);
  }
}

function refresh() {
  showCounts(form);
  showPreview(valuesOf(form));
}
