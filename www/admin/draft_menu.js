// The drafts that lie on the server, and what happens when two editors have changed the same one.
import { deleteDraft, listDrafts } from "./server_draft.js";
import { button, make, place } from "./make.js";
import { outcome } from "./outcome.js";
import { timeElement } from "./times.js";

/** Fills the list when it is opened. */
export function offerDrafts() {
  place("drafts").addEventListener("toggle", () => {
    if (place("drafts").open) showDrafts();
  });
}

async function showDrafts() {
  const list = place("drafts-list");
  try {
    const { drafts } = await listDrafts();
    list.replaceChildren(drafts.length ? make("ul", {}, drafts.map(row)) : make("p", {}, "No drafts. What you write here becomes one by itself."));
  } catch (error) {
    list.replaceChildren(make("p", {}, outcome(error).words));
  }
}

function row({ id, title, owner, updated_at: at }) {
  const remove = button("Delete", async () => {
    await deleteDraft(id).catch((error) => place("drafts-list").prepend(make("p", { role: "alert" }, outcome(error).words)));
    await showDrafts();
  }, { class: "link", "aria-label": `Delete the draft ${title || "without a title"}` });
  return make("li", {}, make("a", { href: `/admin/compose.html?draft=${id}` }, title || "(no title)"), make("small", {}, ` ${owner}, `, timeElement(at), " "), remove);
}

const excerpt = (words, { title = "", body = "" }) =>
  make("article", {}, make("h3", {}, words), make("p", { class: "heading" }, title || "(no title)"), make("p", {}, body));

/**
 * Shows both texts and lets the editor choose.
 * theirs, mine  {title, body}
 * choices       {mine(), theirs(), both()}
 */
export function showConflict(message, { current, mine }, choices) {
  const section = place("conflict");
  const choose = (words, choice) => button(words, () => {
    section.hidden = true;
    choice();
  }, { class: "outline" });
  place("conflict-choice").replaceChildren(
    make("p", {}, message, " Nothing is lost: choose."),
    make("div", { class: "both" }, excerpt("Your text", mine), excerpt(`The text of ${current.owner}`, current.content)),
    make("div", { class: "actions" }, choose("Keep mine", choices.mine), choose("Take theirs", choices.theirs), choose("Keep both: mine becomes a draft of its own", choices.both)));
  section.hidden = false;
  place("conflict-title").focus();
}
