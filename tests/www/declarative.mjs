// Declarative Web Push as the two parsers that are out there take it (PROTOCOL.md, d8), each as strict as it is:
// a payload that both pass is shown without a service worker, with nothing of it dropped.

const MAX_PLAINTEXT = 3993; // RFC 8291, 4
const DIRECTIONS = ["auto", "ltr", "rtl"];

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isAbsolute = (text) => {
  try {
    return typeof text === "string" && Boolean(new URL(text));
  } catch {
    return false;
  }
};

function envelope(payload, faults) {
  const size = Buffer.byteLength(payload);
  if (size > MAX_PLAINTEXT) faults.push(`${size} bytes, at most ${MAX_PLAINTEXT}`);
  let message;
  try {
    message = JSON.parse(payload);
  } catch (error) {
    faults.push(`no JSON: ${error.message}`);
    return undefined;
  }
  if (!isObject(message)) faults.push("no object");
  else if (message.web_push !== 8030) faults.push("web_push is not the number 8030");
  else if (!isObject(message.notification)) faults.push("notification is no object");
  else return message.notification;
  return undefined;
}

/** WebKit's NotificationJSONParser: what rejects the whole message there. Gives the faults, none when it is taken. */
export function webkitFaults(payload) {
  const faults = [];
  const it = envelope(payload, faults);
  if (!it) return faults;
  if (typeof it.title !== "string" || it.title === "") faults.push("title is empty or no text");
  if (!isAbsolute(it.navigate)) faults.push("navigate is no absolute URL");
  if ("icon" in it && !isAbsolute(it.icon)) faults.push("icon is no absolute URL");
  if ("dir" in it && !DIRECTIONS.includes(it.dir)) faults.push("dir is none of auto, ltr, rtl");
  for (const name of ["body", "lang", "tag"]) if (name in it && typeof it[name] !== "string") faults.push(`${name} is no text`);
  for (const name of ["silent", "mutable"]) if (name in it && typeof it[name] !== "boolean") faults.push(`${name} is no boolean`);
  const badge = it.app_badge;
  const isBadge = (typeof badge === "number" && badge >= 0) || (typeof badge === "string" && /^\d+$/.test(badge));
  if (badge !== undefined && !isBadge) faults.push("app_badge is no number");
  return faults;
}

/** Gecko's declarative_push.rs for a worker at `scope`: what fails the message, and what it would silently leave out. */
export function geckoFaults(payload, scope) {
  const faults = [];
  const it = envelope(payload, faults);
  if (!it) return faults;
  const resolves = (link) => {
    try {
      return typeof link === "string" && Boolean(new URL(link, scope));
    } catch {
      return false;
    }
  };
  if (typeof it.title !== "string" || it.title === "") faults.push("title is empty or no text");
  if (!resolves(it.navigate)) faults.push("navigate is no URL");
  const types = { body: "string", lang: "string", tag: "string", icon: "string", image: "string", badge: "string", dir: "string",
    silent: "boolean", requireInteraction: "boolean", renotify: "boolean", timestamp: "number" };
  for (const [name, type] of Object.entries(types)) {
    if (name in it && typeof it[name] !== type) faults.push(`${name} would be ignored: no ${type}`);
  }
  if ("actions" in it && !Array.isArray(it.actions)) faults.push("actions would be ignored: no list");
  for (const action of Array.isArray(it.actions) ? it.actions : []) {
    const whole = isObject(action) && ["action", "title", "navigate"].every((name) => typeof action[name] === "string");
    if (!whole) faults.push("an action would be left out: action, title and navigate must be there");
    else if (!resolves(action.navigate)) faults.push("an action's navigate is no URL");
  }
  return faults;
}

/** What Lamppost promises beside: no link that depends on a base, and neither mutable nor app_badge. */
export function ownFaults(payload) {
  const it = JSON.parse(payload).notification;
  const faults = ["mutable", "app_badge"].filter((name) => name in it).map((name) => `${name} is sent`);
  const links = [["navigate", it.navigate], ["icon", it.icon], ["image", it.image], ["badge", it.badge],
    ...(it.actions ?? []).map(({ navigate }, i) => [`actions[${i}].navigate`, navigate])];
  for (const [name, link] of links) if (link !== undefined && !isAbsolute(link)) faults.push(`${name} is not absolute`);
  if ("mutable" in JSON.parse(payload)) faults.push("mutable is sent");
  return faults;
}
