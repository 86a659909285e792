// Home: how many there are, what became of the last message, what is broken, and the way to the first one.
import { call } from "./api.js";
import { isFirstRun, steps } from "./checklist.js";
import { checklist } from "./checklist_view.js";
import { place } from "./make.js";
import { audience, broken, budget, lastMessage } from "./home_cards.js";
import { showing } from "./showing.js";

// Each part waits for its own answers only: the doctor may take a while, and one that is away hides no other.
function load() {
  const [stats, campaigns] = [call("GET", "/api/admin/stats?days=1"), call("GET", "/api/admin/campaigns?limit=10")];
  const [doctor, settings] = [call("GET", "/api/admin/doctor"), call("GET", "/api/admin/settings")];
  const orNothing = (answer) => answer.catch(() => null);
  return Promise.all([
    showing(place("broken"), retried(doctor, "/api/admin/doctor"), async ({ checks }) => broken(checks, (await orNothing(campaigns))?.campaigns ?? [])),
    showing(place("cards"), retried(Promise.all([stats, campaigns]), "/api/admin/stats?days=1", "/api/admin/campaigns?limit=10"), ([figures, { campaigns: list }]) => [
      audience(figures), lastMessage(list), list.some((one) => one.counts?.accepted > 0) && budget(figures, list),
    ]),
    firstSteps([doctor, settings, stats, campaigns].map(orNothing)),
  ]);
}

/** What was asked already at first, and asked anew by "Try again". */
function retried(first, ...paths) {
  let asked = first;
  first.catch(() => {}); // shown where it is waited for
  return () => {
    const answer = asked ?? (paths.length > 1 ? Promise.all(paths.map((path) => call("GET", path))) : call("GET", paths[0]));
    asked = null;
    return answer;
  };
}

async function firstSteps(answers) {
  const holder = place("checklist");
  holder.setAttribute("aria-busy", "true");
  const [doctor, settings, stats, campaigns] = await Promise.all(answers);
  holder.removeAttribute("aria-busy");
  const first = isFirstRun({ campaigns });
  place("cards").hidden = first && !stats?.active;
  holder.hidden = !first;
  place("write").hidden = first;
  if (!first) return;
  const focused = document.activeElement?.getAttribute("href");
  holder.replaceChildren(...checklist((tested) => steps({ doctor, settings, stats, campaigns, tested, secure: isSecureContext })));
  if (focused) [...holder.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused)?.focus();
}

load();
// Back from the site's tab, where the newcomer has subscribed: a step may be done.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !place("checklist").hidden) load();
});
