// The checklist of the first run on the page: what is done is ticked, the next step is open.
import { call } from "./api.js";
import { button, make } from "./make.js";
import { trouble } from "./trouble.js";
import { testWords } from "./subscriber_words.js";

const KEPT = "lamppost-tested";
const TEST = { title: "It works", body: "Your first notification, sent from the desk." };

function remembered() {
  try {
    return localStorage.getItem(KEPT) === "yes";
  } catch {
    return false; // storage forbidden: the step is done again, no harm
  }
}

function remember() {
  try {
    localStorage.setItem(KEPT, "yes");
  } catch {
    // As above.
  }
}

async function ownEndpoint() {
  const registration = await navigator.serviceWorker?.getRegistration("/push/");
  return (await registration?.pushManager?.getSubscription())?.endpoint;
}

/** The words of how it went, and whether it was accepted. */
async function sendTest() {
  try {
    const endpoint = await ownEndpoint();
    if (!endpoint) return { words: "This browser isn’t subscribed. Open the site in this browser and subscribe first." };
    const { result } = await call("POST", "/api/admin/test", { endpoint, ...TEST });
    return { words: testWords(result), accepted: result.outcome === "accepted" };
  } catch (error) {
    if (error.status === 404) return { words: "The server doesn’t know this browser’s subscription. Open the site and subscribe again." };
    return { words: trouble(error).words };
  }
}

/** The nodes; `stepsOf` gives the steps, told whether a test was accepted. */
export function checklist(stepsOf) {
  const list = make("ol", { class: "checklist" });
  const said = make("p", { role: "status" });
  const test = button("Send me a test", async () => {
    said.textContent = "Sending …";
    const { words, accepted } = await sendTest();
    if (accepted) remember();
    draw();
    said.textContent = words;
    if (accepted) list.querySelector("a[href='/admin/compose.html']")?.focus();
    else test.focus();
  });

  function draw() {
    const steps = stepsOf(remembered());
    const open = steps.find(({ done }) => !done)?.name;
    const item = ({ name, done, title, text, link }) => make("li", { "data-done": done === null ? "unknown" : String(done), "aria-current": name === open && "step" },
      make("h3", {}, make("span", { class: "mark", "aria-hidden": "true" }, done ? "✔" : "○"), title, make("span", { class: "sr" }, done ? " (done)" : done === null ? " (could not be checked)" : " (to do)")),
      make("p", {}, text, " ", link && make("a", { href: link.href }, link.words)),
      name === "test" && make("p", { class: "actions" }, test));
    list.replaceChildren(...steps.map(item), make("li", { "data-done": "false", "aria-current": !open && "step" },
      make("h3", {}, make("span", { class: "mark", "aria-hidden": "true" }, "○"), "Write your first message"),
      make("p", {}, "You see how it will look, and how many get it, before it goes. ", make("a", { href: "/admin/compose.html", role: open ? null : "button" }, "Write a message"))));
  }
  draw();
  return [make("h2", {}, "To your first notification"), make("p", {}, "Four steps, ticked by themselves, and then the message."), list, said];
}
