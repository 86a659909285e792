// Follows one campaign to its end: by asking, and by the lines of a request that drives it. Knows no page.
import { ApiError, call, stream } from "./api.js";

const SOON = 1000;
const HIDDEN = 5000;
const LONGEST = 30_000;

/**
 * id        of the campaign
 * told      gets each new state of it; lines of a stream have no services, so the last known ones stay with it
 * trouble   gets an ApiError when asking fails, and null when it works again
 * Returns   {drive(action, body), refresh(), stop()}
 */
export function watch(id, told, trouble, { hidden = () => document.hidden, wait = (work, ms) => setTimeout(work, ms), halt = clearTimeout } = {}) {
  const path = `/api/admin/campaigns/${id}`;
  let timer = null;
  let failures = 0;
  let stopped = false;
  let known = null;

  function take(campaign) {
    known = { ...known, ...campaign };
    told(known);
  }

  async function look() {
    halt(timer);
    try {
      const campaign = await call("GET", path);
      if (stopped) return;
      failures = 0;
      trouble(null);
      take(campaign);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (stopped) return;
      failures += 1;
      trouble(error);
      if (error.status === 404) return;
    }
    next();
  }

  function next() {
    halt(timer);
    if (stopped || (failures === 0 && !isAlive(known))) return;
    const pause = failures > 0 ? Math.min(LONGEST, SOON * 2 ** failures) : hidden() ? HIDDEN : SOON;
    timer = wait(look, pause);
  }

  return {
    refresh: look,
    /** Asks for a change and follows the lines of its answer, if it has some. Throws ApiError. */
    async drive(action, body) {
      // Asking goes on meanwhile: only its answers know the push services.
      const line = (campaign) => !stopped && take({ ...campaign, services: campaign.services ?? known?.services });
      wait(next, 0);
      const last = await stream("POST", `${path}/${action}`, body, line);
      if (!stopped) take({ ...last, state: last.state === "interrupted" ? "sending" : last.state, services: last.services ?? known?.services });
      next();
    },
    stop() {
      stopped = true;
      halt(timer);
    },
  };
}

/** Whether it may still change by itself. */
export const isAlive = (campaign) => ["scheduled", "preparing", "sending", "interrupted", "paused"].includes(campaign?.state);
