// Sends what the form holds, once: however often it is pressed, and whatever happened to an earlier attempt. Knows no page.
import { call, serverNow } from "./api.js";
import { gist, same, toMessage } from "./message.js";
import { uuid } from "./uuid.js";

/** Seconds in which it can be taken back. */
export const UNDO = 10;

const CAMPAIGNS = "/api/admin/campaigns";
const NOBODY_KNOWS = (status) => status === 0 || status === 401 || status >= 500;

/**
 * slot     as of slot.js: its key makes a repeat harmless, its `attempt` outlasts a reload
 * values   of the form; without an error (see toMessage)
 * Returns  the campaign, scheduled; it goes out at its send_at
 * Throws   ApiError
 */
export async function sendOnce(slot, values) {
  const now = serverNow();
  const { message } = toMessage(values, now);
  const body = await bodyFor(slot.attempt, values, message, now);
  if (body.campaign) return body.campaign;
  slot.save({ values, attempt: { values, body } });
  try {
    return await call("POST", CAMPAIGNS, body, { headers: { "Idempotency-Key": slot.key } });
  } catch (error) {
    if (error.code === "key_reused") {
      const sent = await findSent(message, now);
      if (sent) return sent;
      slot.save({ key: uuid(), attempt: null });
    } else if (!NOBODY_KNOWS(error.status)) slot.save({ attempt: null });
    throw error;
  }
}

// The same key must carry the same words. What was to go out at a time that is over may have gone: looked up, not guessed.
async function bodyFor(attempt, values, message, now) {
  const fresh = { ...message, send_at: message.send_at ?? now + UNDO };
  if (!attempt || !same(attempt.values, values)) return fresh;
  if (attempt.body?.send_at > now + 1) return attempt.body;
  const campaign = await findSent(message, now);
  return campaign ? { campaign } : fresh;
}

async function findSent(message, now) {
  const { campaigns } = await call("GET", `${CAMPAIGNS}?limit=20`);
  return campaigns.find((one) => one.state !== "cancelled" && now - one.created_at < 86_400 && gist(one.message) === gist(message));
}
