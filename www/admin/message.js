// The message as the form holds it and as the API takes it. Pure: knows no page.

/** What an empty form holds. Moments ("until", "at") are as <input type="datetime-local"> writes them. */
export const EMPTY = Object.freeze({
  title: "", body: "", url: "", image: "", icon: "", badge: "",
  button1: "", button1_url: "", button2: "", button2_url: "",
  ttl: "86400", until: "", urgency: "normal", replace: "", lang: "", dir: "",
  require_interaction: false, silent: false, renotify: false,
  to: "all", topics: Object.freeze([]), segment: "", expression: "", only_lang: "", only_service: "", only_seen: "",
  when: "now", at: "",
});

const TEXTS = ["title", "body", "url", "image", "icon", "badge", "urgency", "replace", "lang", "dir"];
const FLAGS = ["require_interaction", "silent", "renotify"];
const YEAR = 366 * 86400;

/** Whatever was kept, as values of a form: what is missing or of another kind is as in an empty one. */
export function tidied(kept) {
  const sound = ([name, usual]) => {
    const value = kept?.[name];
    if (Array.isArray(usual)) return [name, Array.isArray(value) ? value.filter((one) => typeof one === "string") : []];
    return [name, typeof value === typeof usual ? value : usual];
  };
  return Object.fromEntries(Object.entries(EMPTY).map(sound));
}

/** Whether two forms hold the same. */
export const same = (one, other) => JSON.stringify(tidied(one)) === JSON.stringify(tidied(other));

export const isEmpty = (values) => same({ ...values, to: "all", ttl: EMPTY.ttl, when: "now" }, EMPTY);

/** Unix seconds of what <input type="datetime-local"> holds, in this browser's time zone; NaN for nothing. */
export const moment = (text) => Math.floor(new Date(text || NaN).getTime() / 1000);

/** The audience as an expression; "" is everybody. */
export function expressionOf({ to, topics, segment, expression, only_lang: lang, only_service: service, only_seen: seen }) {
  if (to === "text") return expression.trim();
  const only = [lang.trim() && `lang:${lang.trim()}`, service && `service:${service}`, seen && `seen:${seen}`].filter(Boolean);
  const base = to === "topics" ? topics.join(" || ") : to === "segment" && segment ? `segment:${segment}` : "";
  const group = only.length && topics.length > 1 && to === "topics" ? `(${base})` : base;
  return [group, ...only].filter(Boolean).join(" && ");
}

/**
 * The form as a message for the API.
 *
 * now      Unix seconds by the server's clock
 * Returns  {message, problems}: `problems` [{field, words}] is what the editor has to mend before it can be sent;
 *          the message has no send_at when it is to be sent now
 */
export function toMessage(values, now) {
  const problems = [];
  const need = (met, field, words) => met || problems.push({ field, words });
  const message = {};
  for (const name of TEXTS) if (values[name].trim()) message[name] = values[name].trim();
  for (const name of FLAGS) if (values[name]) message[name] = true;
  if (message.urgency === "normal") delete message.urgency;
  const actions = actionsOf(values, need);
  if (actions.length) message.actions = actions;
  const at = values.when === "later" ? moment(values.at) : undefined;
  if (at) message.send_at = at;
  const ttl = values.ttl === "until" ? moment(values.until) - Math.max(now, at ?? now) : Number(values.ttl);
  if (ttl >= 0) message.ttl = Math.floor(ttl);
  const audience = expressionOf(values);
  if (audience) message.audience = audience;

  need(message.title, "title", "Please write a title.");
  if (values.renotify) need(message.replace, "replace", "To sound again for a newer one, the message needs a name to be replaced by.");
  if (values.to === "topics") need(values.topics.length, "to", "Choose at least one topic, or everybody.");
  if (values.to === "segment") need(values.segment, "segment", "Choose a saved audience.");
  if (values.to === "text") need(audience, "expression", "Say who, or choose everybody.");
  if (values.when === "later") {
    need(at > now, "at", Number.isNaN(at) ? "Choose a day and a time." : "This time is over. Choose a later one.");
    need(!(at > now + YEAR), "at", "At most a year ahead.");
  }
  if (values.ttl === "until") need(ttl > 0, "until", Number.isNaN(ttl) ? "Choose a day and a time." : "This is before it goes out.");
  return { message, problems };
}

function actionsOf(values, need) {
  return ["button1", "button2"].flatMap((name) => {
    const [title, url] = [values[name].trim(), values[`${name}_url`].trim()];
    if (!title && !url) return [];
    need(title, name, "This button has a link but no words.");
    return title ? [{ title, ...(url && { url }) }] : [];
  });
}

const TTLS = ["0", "3600", "86400", "259200", "604800", "2419200"];

/** A message that was sent, as values for a form; it is to be sent now. `topics` are the names that are known. */
export function fromMessage(message, audience, topics = []) {
  const values = tidied(message);
  const [one, two] = Array.isArray(message?.actions) ? message.actions : [];
  Object.assign(values, { button1: one?.title ?? "", button1_url: one?.url ?? "", button2: two?.title ?? "", button2_url: two?.url ?? "" });
  values.ttl = TTLS.includes(String(message?.ttl ?? 86400)) ? String(message?.ttl ?? 86400) : "86400";
  values.topics = [];
  const expression = audience ?? message?.audience ?? "";
  const words = expression.split(/\s*\|\|\s*/);
  if (!expression) values.to = "all";
  else if (/^segment:[\w-]+$/.test(expression)) Object.assign(values, { to: "segment", segment: expression.slice(8) });
  else if (words.every((word) => topics.includes(word))) Object.assign(values, { to: "topics", topics: words });
  else Object.assign(values, { to: "text", expression });
  return values;
}

const FLEETING = ["send_at", "send", "force", "ttl", "audience"];

/** What makes two messages the same to a reader: everything but when, for how long and to whom. */
export function gist(message) {
  const rest = Object.entries(message ?? {}).filter(([name, value]) => !FLEETING.includes(name) && value !== "");
  return JSON.stringify(rest.sort(([a], [b]) => (a < b ? -1 : 1)));
}
