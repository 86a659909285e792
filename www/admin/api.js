// The admin API as the pages see it. Knows no page.

/** A refusal or a silence. `status` is 0 when no answer came; `code`, `field` and `message` are the API's own words. */
export class ApiError extends Error {
  constructor(status, { code = "", field = "", message = "" } = {}) {
    super(message || `the server answered ${status}`);
    Object.assign(this, { status, code, field });
    this.explained = Boolean(message);
  }
}

const ACCEPT = "application/x-ndjson, application/json";  // a line of progress every few seconds
const COUNTS = ["audience", "waiting", "accepted", "gone", "failed", "expired", "unsure", "skipped"];

/**
 * Creates a campaign and sends it in the same request.
 *
 * message     {title, body, url}; what is empty is left out
 * key         makes a repeat harmless: the same key and message is the same campaign
 * onProgress  called with the campaign so far, for each line, if the server streams
 * Returns     the campaign as it stood when the answer ended
 * Throws      ApiError
 */
export async function sendCampaign(message, key, onProgress = () => {}) {
  const given = Object.entries(message).filter(([, value]) => value.trim() !== "");
  const response = await reached(
    fetch("/api/admin/campaigns", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: ACCEPT, "Idempotency-Key": key },
      body: JSON.stringify({ ...Object.fromEntries(given), send: true }),
    }),
  );
  if (!response.ok) throw await refusal(response);
  if (response.headers.get("Content-Type")?.startsWith("application/x-ndjson")) return lines(response, onProgress);
  const campaign = parsed(await reached(response.text()));
  if (!campaign) throw new ApiError(response.status);
  return campaign;
}

/** The campaign as it stands. Throws ApiError. */
export async function readCampaign(id) {
  const response = await reached(fetch(`/api/admin/campaigns/${id}`));
  if (!response.ok) throw await refusal(response);
  const campaign = parsed(await reached(response.text()));
  if (!campaign) throw new ApiError(response.status);
  return campaign;
}

const reached = (promise) =>
  promise.catch(() => {
    throw new ApiError(0);
  });

async function refusal(response) {
  const body = parsed(await response.text().catch(() => ""));
  return new ApiError(response.status, typeof body?.error === "object" ? (body.error ?? {}) : {});
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
async function lines(response, onProgress) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let campaign = null;
  let rest = "";
  const take = (line) => {
    const json = parsed(line);
    if (!json) return;
    if (json.error) throw new ApiError(response.status, json.error);
    campaign = { ...campaign, ...json, counts: json.counts ?? countsOf(json) };
    onProgress(campaign);
  };
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    rest += value ? decoder.decode(value, { stream: true }) : "";
    const whole = rest.split("\n");
    rest = done ? "" : whole.pop();
    whole.forEach(take);
    if (done) break;
  }
  if (!campaign) throw new ApiError(0);
  return campaign.state === "sending" ? { ...campaign, state: "interrupted" } : campaign;
}

const countsOf = (line) => Object.fromEntries(COUNTS.filter((name) => name in line).map((name) => [name, line[name]]));
