// How much of a message each system shows: lengths are what most of its screens have room for, parts are by MDN's
// tables of October 2026 and by Chromium's and WebKit's sources. Pure.

/** `drops`: the parts that it does not show, and why or what stands there instead. */
export const PLATFORMS = [
  { id: "windows", label: "Windows", by: "Chrome or Edge on Windows", title: 60, body: 200, drops: { badge: "only Android shows the badge" } },
  { id: "macos", label: "macOS", by: "Chrome on a Mac", title: 45, body: 90,
    drops: { image: "macOS shows no large picture", badge: "only Android shows the badge" } },
  { id: "android", label: "Android", by: "Chrome on Android", title: 40, body: 160, drops: { require_interaction: "it always stays until it is swiped away" } },
  { id: "firefox", label: "Firefox", by: "Firefox on a computer", title: 55, body: 150,
    drops: { image: "Firefox shows no large picture", badge: "only Android shows the badge", renotify: "Firefox sounds for each one",
      actions: "buttons only from Firefox 152 on", require_interaction: "only on Windows" } },
  { id: "safari", label: "Safari", by: "Safari on a Mac", title: 45, body: 110,
    drops: { icon: "the site’s own icon stands there", image: "Safari shows no large picture", badge: "only Android shows the badge", actions: "Safari shows no buttons",
      replace: "a newer one does not replace it on the screen", renotify: "Safari sounds for each one", require_interaction: "Safari decides how long it stays" } },
  { id: "iphone", label: "iPhone", by: "a web app on an iPhone’s Home Screen", title: 36, body: 140,
    drops: { icon: "the app’s own icon stands there", image: "an iPhone shows no large picture", badge: "only Android shows the badge", actions: "an iPhone shows no buttons",
      replace: "a newer one does not replace it on the screen", renotify: "an iPhone sounds for each one", require_interaction: "the iPhone decides how long it stays" } },
];

const NAMES = { icon: "Icon", image: "Picture", badge: "Badge", actions: "Buttons", replace: "Replacing", renotify: "Sounding again", require_interaction: "Staying on the screen" };

/** Cut to so many characters as a person counts them, with an ellipsis. */
export function cut(text, length) {
  const letters = Array.from(text ?? "");
  return letters.length <= length ? letters.join("") : `${letters.slice(0, length - 1).join("").trimEnd()}…`;
}

/**
 * What a platform makes of a message (as the API takes it).
 * Returns {title, body, isCut, dropped}: `dropped` {part: sentence} of the parts that the message has and the platform has not
 */
export function shownOn(platform, message) {
  const [title, body] = [cut(message.title, platform.title), cut(message.body, platform.body)];
  const dropped = Object.entries(platform.drops).filter(([part]) => (Array.isArray(message[part]) ? message[part].length > 0 : Boolean(message[part])))
    .map(([part, why]) => [part, `${NAMES[part]}: ${why}.`]);
  return { title, body, isCut: title !== (message.title ?? "") || body !== (message.body ?? ""), dropped: Object.fromEntries(dropped) };
}
