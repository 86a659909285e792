// What this browser asks the server about itself: whoever knows the `auth` of a subscription is that browser.
// Loaded by lamppost.js when the page calls one of these; `core` is what that file lends.
// All reject with an Error whose message is for the visitor; .status and .retryAfter (seconds) are the answer's.

/** Asks; null: not subscribed. A subscription that the server has lost is saved again first. */
async function ask({ request, current, save, inTurn }, method, path, more) {
  const subscription = await current();
  if (!subscription) return null;
  const { endpoint, keys: { auth } } = subscription.toJSON();
  const once = () => request(method, `/api/push-subscriptions${path}`, { endpoint, auth, ...more });
  const answer = await once().catch((error) => {
    if (error.status !== 404) throw error;
    return inTurn(async () => {
      if ((await current())?.endpoint !== endpoint) return null; // turned off meanwhile
      await save(subscription);
      return once();
    });
  });
  return answer && ((await answer.json()).result ?? {});
}

async function worded(core, work) {
  try {
    return await work();
  } catch (error) {
    await core.load();
    const limited = error.status === 429;
    const seconds = Number(error.retryAfter) || 60;
    error.message = limited ? core.text("panel.limited", { seconds }) : core.text(`state.${error.key ?? "site-error"}`);
    error.retryAfter = limited ? seconds : undefined;
    throw error;
  }
}

/** What the server holds of this browser; null: not subscribed. */
export const mine = (core) => worded(core, () => ask(core, "POST", "/mine"));

/** Sends one notification to this browser alone. */
export const test = (core) => worded(core, async () => (await ask(core, "POST", "/test")) !== null);

/**
 * Changes it and resolves like mine(). With the server away the changes are kept and sent on a later visit
 * (resolves to undefined); without `changes` it sends what was kept.
 */
export function update(core, changes) {
  const { kept, keep } = core;
  const past = kept();
  // Chosen ones; else the browser's own would be sent again with the next visit.
  const { language = past.language, timezone = past.timezone } = changes ?? {};
  const patch = { ...past.patch, ...changes };
  keep({ patch, language, timezone });
  return worded(core, async () => {
    try {
      const result = await ask(core, "PATCH", "", patch);
      keep({ patch: undefined });
      return result;
    } catch (error) {
      const later = error.key === "site-error" && error.status !== 404;
      if (!later) keep({ patch: undefined });
      if (!later || (changes && !kept().patch)) throw error;
      await core.load();
      if (changes) core.tell(core.state(), "later");
      return undefined;
    }
  });
}

const remove = (core, what) => worded(core, () => core.inTurn(async () => {
  const subscription = await core.current();
  if (subscription) {
    const { endpoint, keys: { auth } } = subscription.toJSON();
    await core.request("POST", "/api/push-subscriptions/mine", { endpoint, auth, delete: what }).catch((error) => {
      if (error.status !== 404) throw error; // there is nothing of it
    });
    await subscription.unsubscribe();
  }
  core.keep({ off: true }, {});
  return core.tell(await core.look());
}));

/** Deletes everything that the server holds of this browser; resolves to the state. */
export const erase = (core) => remove(core, true);

/** The same for all browsers of the same user. */
export const eraseDevices = (core) => remove(core, "devices");
