// This browser as the one that gets the test: its own subscription to the site.

const SNIPPET = "/push/lamppost.js";

async function endpoint() {
  const registration = await navigator.serviceWorker?.getRegistration("/push/");
  const subscription = await registration?.pushManager?.getSubscription();
  return subscription?.endpoint ?? null;
}

/** The address of this browser's subscription, or null when it has none. */
export const ownEndpoint = () => endpoint().catch(() => null);

/** Subscribes this browser, as a visitor would; the browser asks. Gives the address, or throws an Error in words. */
export async function subscribeHere() {
  await snippet();
  const state = await window.Lamppost.subscribe();
  const found = await ownEndpoint();
  if (!found) throw new Error(state === "blocked" ? "This browser blocks notifications from this site." : "This browser could not subscribe.");
  return found;
}

function snippet() {
  if (window.Lamppost) return Promise.resolve();
  return new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = SNIPPET;
    script.addEventListener("load", loaded);
    script.addEventListener("error", () => failed(new Error("The site’s own snippet can’t be loaded.")));
    document.head.append(script);
  });
}

const OUTCOMES = {
  accepted: "taken by the push service. It should appear in a moment",
  gone: "this browser’s subscription has ended. Subscribe again",
  later: "the push service wants it later",
  refused: "the push service refused it",
  denied: "the push service refuses this site’s key. The Doctor page says more",
  unsure: "it left, but no answer came",
};

/** What became of a test, in words, with the push service's own. */
export const testWords = ({ outcome, reason, service }) => `${OUTCOMES[outcome] ? sentenceStart(OUTCOMES[outcome]) : outcome}${reason ? ` (${[service, reason].filter(Boolean).join(": ")})` : ""}.`;
const sentenceStart = (text) => text.charAt(0).toUpperCase() + text.slice(1);
