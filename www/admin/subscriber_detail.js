// One subscriber in a dialog: all that is held, the last messages, a test, removal.
import { call } from "./api.js";
import { button, make, place, table } from "./make.js";
import { showing, troubleNote } from "./showing.js";
import { facts, testWords } from "./subscriber_words.js";
import { timeElement } from "./times.js";

const dialog = place("detail");
const heading = place("detail-title");
const body = place("detail-body");

place("detail-close").addEventListener("click", () => dialog.close());

const TEST = { title: "A test from the desk", body: "If you can read this, notifications work." };

function recent(list) {
  if (!list?.length) return make("p", { class: "note" }, "No message was sent to this subscriber lately.");
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Last messages" },
    table([{ label: "Message" }, { label: "When" }, { label: "Fate" }], list.map(({ title, at, fate }) => [make("span", { dir: "auto" }, title || "(no title)"), timeElement(at), fate]), { class: "plain" }));
}

function actions(one, { remove, restore }) {
  const answer = make("p", { role: "status" });
  const test = async () => {
    answer.replaceChildren("Sending …");
    try {
      const { result } = await call("POST", `/api/admin/subscriptions/${one.id}/test`, TEST);
      answer.replaceChildren(testWords(result));
    } catch (error) {
      answer.replaceChildren(troubleNote(error, test));
    }
  };
  const leave = (act) => () => {
    dialog.close();
    act(one.id);
  };
  return [
    make("div", { class: "actions" }, one.gone_at
      ? button("Restore", leave(restore))
      : [button("Send a test", test), button("Remove", leave(remove), { class: "outline danger" })]),
    answer,
  ];
}

/** Opens it for this id; `acts` is {remove, restore}, each called with the id once the dialog is closed. */
export function openDetail(id, acts) {
  heading.textContent = `Subscriber ${id}`;
  body.replaceChildren();
  dialog.showModal();
  return showing(body, () => call("GET", `/api/admin/subscriptions/${id}`), (one) => [
    make("dl", { class: "facts" }, facts(one).map(([label, words]) => make("div", {}, make("dt", {}, label), make("dd", { dir: "auto" }, words)))),
    make("h3", {}, "Last messages"), recent(one.recent),
    ...actions(one, acts),
  ]);
}
