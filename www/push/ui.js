// What the snippet shows by itself: the panel in <div data-lamppost>, the topics in <div data-lamppost-topics>,
// and the bell or the banner of data-mode. Loaded by lamppost.js only where one of them is wanted.
import { styled } from "./dom.js";
import { topicList } from "./topics.js";

async function fillPlaceholders(site) {
  const { Lamppost } = window;
  for (const place of document.querySelectorAll("[data-lamppost-topics]")) {
    const list = topicList(site.topics);
    if (list) place.replaceChildren(list);
    place.classList.add("lamppost");
    Object.assign(place, { lang: Lamppost.lang, dir: Lamppost.dir });
  }
  const panels = document.querySelectorAll("[data-lamppost]");
  if (panels.length === 0) return;
  const { panel } = await import("./panel.js");
  for (const place of panels) place.replaceChildren(panel(site));
}

/** `options` are the data attributes of the script element. */
export async function start(options) {
  const { Lamppost } = window;
  const [, , site] = await Promise.all([Lamppost.ready, styled(), Lamppost.config().catch(() => ({}))]);
  await fillPlaceholders(site);
  if (options.mode === "bell") (await import("./bell.js")).ring(site, options);
  if (options.mode === "banner") await (await import("./banner.js")).offer(site, options);
  Lamppost.paint();
  const { follow } = await import("./panel.js");
  await follow();
}
