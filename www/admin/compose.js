// Compose: write a message, see how it looks and who gets it, try it, send it.
import { ApiError, call, login, serverNow } from "./api.js";
import { offerAudiences } from "./audience.js";
import { confirmed } from "./confirm.js";
import { offerDrafts, showConflict } from "./draft_menu.js";
import { clearErrors, fill, showCounts, showError, showParts, valuesOf } from "./fields.js";
import { latest } from "./latest.js";
import { make, place } from "./make.js";
import { EMPTY, fromMessage, isEmpty, same, tidied, toMessage } from "./message.js";
import { outcome } from "./outcome.js";
import { offerPlatforms, showPreview } from "./preview_card.js";
import { reachWords, sizeWords } from "./reach.js";
import { sendOnce } from "./send_once.js";
import { deleteDraft, keepOnServer, readDraft } from "./server_draft.js";
import { openSlot } from "./slot.js";
import { offerTrial } from "./trial.js";
import { offerUploads } from "./uploads.js";
import { uuid } from "./uuid.js";
import { joined, warningsOf } from "./warnings.js";
import { scheduleWords, timeWords } from "./when.js";

const asked = new URLSearchParams(location.search);
const form = document.getElementById("message");
const kind = ["draft", "copy"].find((name) => /^\d+$/.test(asked.get(name) ?? ""));
const slot = openSlot(kind ? `${kind}-${asked.get(kind)}` : "");
let keeping = keepOnServer(slot, keptWords);
let campaigns = []; // the newest, for the warning of a repeated title
let checked = null; // the server's last word on what stands in the form
let busy = false;
let offered = false; // whether topics and saved audiences can be chosen already

const checking = latest((message, signal) => call("POST", "/api/admin/preview", message, { signal }), showChecked);
const current = () => toMessage(written(), serverNow());

// ---- what is written

form.addEventListener("input", (event) => changed(event.target.name));
form.addEventListener("change", () => look());

function changed(name) {
  if (!(name in EMPTY)) return; // a file, or the preview's own choice
  clearErrors(form, name);
  const stored = slot.save({ values: written(), dirty: true });
  place("kept").textContent = stored ? "Kept in this browser." : "This browser can’t keep it: don’t close this page.";
  keeping.soon();
  look();
}

/** What stands in the form; what it can't show yet, before the topics are there, is as it was. */
function written() {
  const { topics, segment } = slot.values;
  return { ...valuesOf(form), ...(offered ? {} : { topics, segment }) };
}

/** Everything on the page that follows from the form. */
function look() {
  const values = written();
  showParts(form, values);
  showCounts(values);
  const { message } = current();
  showPreview(message);
  showWarnings(message);
  place("at-echo").textContent = scheduleWords(values.at);
  place("send").textContent = values.when === "later" ? "Schedule …" : "Send …";
  place("another").hidden = isEmpty(values);
  const { send_at: _, ...plain } = message;
  checking.soon(plain);
}

const readCampaigns = () => call("GET", "/api/admin/campaigns?limit=20").then((answer) => {
  campaigns = answer.campaigns ?? [];
  showWarnings(current().message);
}, () => {}); // only a warning hangs on it

const allWarnings = (message) => joined(warningsOf(message, campaigns, serverNow()), checked?.warnings ?? []);

function showWarnings(message) {
  const list = allWarnings(message);
  place("warnings").hidden = list.length === 0;
  place("warnings").querySelector("ul").replaceChildren(...list.map((one) => make("li", {}, one.message)));
}

function showChecked({ answer, error }) {
  checked = answer ?? null;
  if (answer) {
    place("reach").textContent = reachWords(answer.audience);
    const { words, fit } = sizeWords(answer);
    place("size").textContent = words;
    place("size").dataset.fit = fit;
    showWarnings(current().message);
    return;
  }
  const { field, words } = outcome(error);
  place("reach").textContent = error.status >= 400 && error.status < 500 && error.status !== 401 ? "" : "Who would get it can’t be counted just now.";
  // Not while it is being typed: half an address is no mistake.
  if (error.status === 400 && form.elements[field] && form.elements[field] !== document.activeElement) showError(form, field, words, { focus: false });
}

// ---- drafts

function keptWords({ state, error, current: theirs, message }) {
  const words = { saved: "Saved as a draft.", conflict: "Kept in this browser.",
    waiting: error?.status === 401 ? "Kept in this browser. Sign in again to save it as a draft too." : "Kept in this browser. The server can’t take it just now." };
  place("kept").textContent = words[state];
  if (state !== "conflict") return;
  showConflict(`${message}.`, { current: theirs, mine: slot.values }, {
    mine: () => keeping.replace(theirs.version),
    theirs: () => take(theirs),
    both: () => keeping.apart(),
  });
}

function take(draft) {
  const { key, ...content } = draft.content;
  slot.save({ values: tidied(content), draft: { id: draft.id, version: draft.version }, dirty: false, attempt: null, ...(key && { key }) });
  fill(form, slot.values);
  look();
}

login.addEventListener("in", () => keeping.now());
window.addEventListener("online", () => keeping.now());

place("another").addEventListener("click", async () => {
  await keeping.now();
  if (slot.dirty) return showError(form, "", "The server could not save this text as a draft yet, so it stays here. Try again in a moment.");
  slot.clear();
  location.assign("/admin/compose.html");
});

// ---- sending

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return; // Enter in a field, or a second click
  hold(true);
  try {
    await send();
  } catch (error) {
    const { field, words } = outcome(error);
    showError(form, field, words);
  } finally {
    hold(false);
  }
});

function hold(whether) {
  busy = whether;
  place("send").setAttribute("aria-busy", String(whether));
}

async function send() {
  clearErrors(form);
  const values = written();
  const { message, problems } = toMessage(values, serverNow());
  for (const { field, words } of problems) showError(form, field, words, { focus: false });
  if (problems.length) return showError(form, problems[0].field, problems[0].words);
  const { send_at: at, ...plain } = message;
  const [answer] = await Promise.all([call("POST", "/api/admin/preview", plain), readCampaigns()]); // somebody may have sent the same meanwhile
  showChecked({ answer });
  if (answer.bytes > answer.limit) return showError(form, "", sizeWords(answer).words);
  if (Number(answer.audience.count) === 0) return showError(form, "to", "Nobody would get it, so there is nothing to send.");
  const time = at ? timeWords(at) : "";
  if (!(await confirmed({ count: answer.audience.count, title: message.title, at: time }, allWarnings(message)))) return place("send").focus();
  gone(await sendOnce(slot, values));
}

/** It is the server's now: nothing of it stays here, and Back leads to an empty form. */
function gone({ id }) {
  keeping.leave();
  if (slot.draft) deleteDraft(slot.draft.id).catch(() => {}); // then it stays in the list of drafts, where it does no harm
  slot.clear();
  fill(form, slot.values);
  location.assign(`/admin/campaign.html?id=${id}`);
}

// Back by the browser's cache: what has been sent is not there any more.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

// What another tab has sent is gone here too; a text that differs stays, and is a message of its own from here on.
window.addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (key !== slot.name || newValue !== null || busy) return;
  if (same(JSON.parse(oldValue)?.values, written())) {
    keeping.leave();
    location.reload();
  } else {
    slot.save({ values: written(), key: uuid(), draft: null, attempt: null, dirty: true });
    keeping.soon();
  }
});

// ---- the beginning

/** What stands in the form at first: what this browser kept, or the draft or the message that the address names. */
async function begin(topics) {
  try {
    if (kind === "copy" && !slot.known) {
      const { message, audience } = await call("GET", `/api/admin/campaigns/${asked.get("copy")}`);
      slot.save({ values: fromMessage(message, audience, topics), dirty: true });
    } else if (kind === "draft" && !slot.known) {
      take(await readDraft(asked.get("draft")));
    } else if (slot.draft && !slot.dirty) await refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showError(form, "", error.status === 404 ? "This is not there any more." : outcome(error).words, { focus: false });
  }
  fill(form, slot.values);
  if (slot.dirty) keeping.soon();
  look();
}

/** Nothing here that the server has not got: it may have a newer version, or the message was sent elsewhere. */
async function refresh() {
  const draft = await readDraft(slot.draft.id).catch((error) => {
    if (error.status === 404) return null;
    throw error;
  });
  if (slot.dirty) return; // it was written on meanwhile: saving finds out
  if (draft === null) slot.clear();
  else if (draft.version > slot.draft.version) take(draft);
}

form.inert = Boolean(kind) && !slot.known; // until it is there
fill(form, slot.values);
offerPlatforms(() => showPreview(current().message));
offerDrafts();
offerUploads(form, changed);
offerTrial(form, current);
look();
readCampaigns();
const topics = await offerAudiences();
const typed = written();
offered = true;
if (!kind || slot.known) slot.save({ values: typed });
await begin(topics);
form.inert = false;
