// The admin API as the pages see it. Knows no page.

/** A refusal or a silence. `status` is 0 when no answer came; `code`, `field` and `message` are the API's own words. */
export class ApiError extends Error {
  constructor(status, { code = "", field = "", message = "" } = {}, body = null) {
    super(message || `the server answered ${status}`);
    Object.assign(this, { status, code, field, body });
    this.explained = Boolean(message);
  }
}

/** Says "out" when an answer shows that the login has ended, and "in" with the first answer after that. */
export const login = new EventTarget();
let signedOut = false;

function noteLogin(status) {
  const out = status === 401;
  if (out === signedOut || status === 0) return;
  signedOut = out;
  login.dispatchEvent(new Event(out ? "out" : "in"));
}

let ahead = 0; // the server's clock before this browser's, s

/** Unix seconds by the server's clock, which decides when a message goes. */
export const serverNow = () => Math.ceil(Date.now() / 1000 + ahead);

// The header has whole seconds only: small differences say nothing.
function noteClock(response) {
  const difference = (Date.parse(response.headers.get("Date")) - Date.now()) / 1000;
  if (!Number.isNaN(difference)) ahead = Math.abs(difference) > 2 ? difference : 0;
}

const JSON_TYPE = { "Content-Type": "application/json" };
const STREAMED = "application/x-ndjson, application/json"; // a line of progress every few seconds
const COUNTS = ["audience", "waiting", "accepted", "gone", "failed", "expired", "unsure", "skipped"];

/**
 * One call of the admin API.
 *
 * method, path  "GET", "/api/admin/me"
 * body          an object, sent as JSON; a Blob, sent as it is; undefined for none
 * more          {headers, signal, keepalive}; a call that `signal` ends throws the signal's own AbortError
 * Returns       the answer's object
 * Throws        ApiError
 */
export async function call(method, path, body, more = {}) {
  const response = await asked(method, path, body, more);
  return whole(response);
}

/**
 * The same for a call that may answer with progress lines: `onLine` gets the campaign so far, for each.
 * Returns the campaign as it stood when the answer ended.
 */
export async function stream(method, path, body, onLine = () => {}, more = {}) {
  const response = await asked(method, path, body, { ...more, headers: { Accept: STREAMED, ...more.headers } });
  if (response.headers.get("Content-Type")?.startsWith("application/x-ndjson")) return lines(response, onLine, more.signal);
  return whole(response);
}

/** The campaign as it stands. Throws ApiError. */
export const readCampaign = (id) => call("GET", `/api/admin/campaigns/${id}`);

async function asked(method, path, body, { headers, signal, keepalive }) {
  const sent = body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) };
  // A change without a body still says that it is JSON: a form of a foreign page can't.
  const type = body instanceof Blob ? { "Content-Type": body.type } : method === "GET" ? {} : JSON_TYPE;
  const response = await reached(fetch(path, { method, headers: { ...type, ...headers }, signal, keepalive, ...sent }), signal);
  noteLogin(response.status);
  noteClock(response);
  if (!response.ok) throw await refusal(response);
  return response;
}

async function whole(response) {
  const json = parsed(await reached(response.text()));
  if (!json) throw new ApiError(response.status);
  return json;
}

const reached = (promise, signal) =>
  promise.catch((error) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0);
  });

async function refusal(response) {
  const body = parsed(await response.text().catch(() => ""));
  return new ApiError(response.status, typeof body?.error === "object" ? (body.error ?? {}) : {}, body);
}

// An object, or null: a proxy may answer with anything.
function parsed(text) {
  try {
    const json = JSON.parse(text);
    return typeof json === "object" && !Array.isArray(json) ? json : null;
  } catch {
    return null;
  }
}

// Each line tells how far it is; the last one is the campaign. A stream that breaks off leaves a
// campaign that goes on without us, as the last line then says, or would have said.
async function lines(response, onLine, signal) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let campaign = null;
  let rest = "";
  const take = (line) => {
    const json = parsed(line);
    if (!json) return;
    if (json.error) throw new ApiError(response.status, json.error, json);
    campaign = { ...campaign, ...json, counts: json.counts ?? countsOf(json) };
    onLine(campaign);
  };
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    signal?.throwIfAborted();
    rest += value ? decoder.decode(value, { stream: true }) : "";
    const complete = rest.split("\n");
    rest = done ? "" : complete.pop();
    complete.forEach(take);
    if (done) break;
  }
  if (!campaign) throw new ApiError(0);
  return campaign.state === "sending" ? { ...campaign, state: "interrupted" } : campaign;
}

const countsOf = (line) => Object.fromEntries(COUNTS.filter((name) => name in line).map((name) => [name, line[name]]));
