// Settings: what the one configuration file says, what to copy, and the lists that are edited here.
import { call } from "./api.js";
import { audienceCount } from "./audience_count.js";
import { copyable } from "./copyable.js";
import { listEditor } from "./list_editor.js";
import { make, place } from "./make.js";
import { showing } from "./showing.js";
import { EMBED, NGINX, OWN_BUTTON, TICK, configLine } from "./snippets.js";

const dialog = place("confirm");

/** Asks in the page's dialog; Escape is a no. */
function confirm(words) {
  place("confirm-words").textContent = words;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
place("confirm-yes").addEventListener("click", () => dialog.close("yes"));
place("confirm-no").addEventListener("click", () => dialog.close("no"));

const NAME = { name: "name", label: "Name", keep: true, maxlength: 32, required: true, spellcheck: "false", autocapitalize: "off", dir: "ltr" };
const LABEL = { name: "label", label: "Label", maxlength: 60, required: true, dir: "auto" };

listEditor({
  holder: place("topics"), path: "/api/admin/topics", member: "topics", one: "topic", limit: 50, confirm,
  fields: [NAME, { ...LABEL, label: "What visitors read" }, { name: "default", label: "Ticked from the start", kind: "checkbox" }],
  empty: "There are no topics: everybody gets everything. Add some and visitors can choose.",
  warning: (names) => `Removing ${names.join(", ")} takes it from everybody who chose it. They don’t get it back when the topic comes again.`,
});

listEditor({
  holder: place("segments"), path: "/api/admin/segments", member: "segments", one: "segment", limit: 50, confirm,
  fields: [NAME, LABEL, { name: "audience", label: "Audience", maxlength: 1000, required: true, spellcheck: "false", autocapitalize: "off", dir: "ltr", placeholder: "news && lang:de && seen:30d", hint: audienceCount }],
  empty: "A segment is an audience under a name, for messages that go to the same people again and again.",
  warning: (names) => `Scheduled messages and other segments that use ${names.join(", ")} will fail. Remove it?`,
});

function setting({ key, value, default: standard, meaning }) {
  const own = value !== standard;
  return make("li", { class: "setting" },
    make("p", { dir: "auto" }, meaning, ". ", own && [make("span", { class: "chip", "data-mood": "good" }, "set"), make("small", {}, standard === "" || standard === null ? " empty by default" : ` by default ${standard}`)]),
    copyable(configLine({ key, value }), `line for ${key}`));
}

showing(place("file"), () => call("GET", "/api/admin/settings"), ({ settings, vapid_public_key: key, version }) => [
  make("p", { class: "note" }, `Lamppost ${version}. These are the values in force. To change one, put its line into /etc/lamppost/lamppost.conf and restart the pools: systemctl restart lamppost-public lamppost-admin.`),
  key ? copyable(key, "public key (VAPID)") : make("p", { class: "trouble" }, "There is no key yet: run lamppost keys new."),
  make("ul", { class: "settings" }, settings.map(setting)),
]);

place("snippets").append(
  make("h3", {}, "On your pages: a bell in the corner"), copyable(EMBED, "snippet with a bell"),
  make("h3", {}, "Or a button where you like it"), copyable(OWN_BUTTON, "snippet with a button of your own"),
  make("h3", {}, "In nginx"), copyable(NGINX, "lines for nginx"),
  make("h3", {}, "In crontab, where there is no systemd"), copyable(TICK, "lines for crontab"),
);
