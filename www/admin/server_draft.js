// The same text on the server: a moment after the last letter, by version, so that two editors never overwrite each
// other unseen. Knows no page.
import { ApiError, call } from "./api.js";
import { same } from "./message.js";

const DRAFTS = "/api/admin/drafts";

/**
 * slot     as of slot.js; its `draft` and `dirty` are kept up to date
 * told     gets {state: "saved"}, {state: "waiting", error} or {state: "conflict", current, message}
 * Returns  {soon(), now(), replace(version), leave()}
 */
export function keepOnServer(slot, told, pause = 1500) {
  let timer = null;
  let running = null;
  let stopped = false;

  const content = () => ({ ...slot.values, key: slot.key });

  async function save() {
    const saved = JSON.stringify(content());
    try {
      const { id = slot.draft?.id, version } = slot.draft
        ? await call("PUT", `${DRAFTS}/${slot.draft.id}`, { version: slot.draft.version, content: content() })
        : await call("POST", DRAFTS, { content: content() });
      if (stopped) return;
      slot.save({ draft: { id, version }, dirty: JSON.stringify(content()) !== saved });
      if (slot.dirty) soon();
      else told({ state: "saved" });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (stopped) return;
      const current = error.status === 409 ? error.body?.current : null;
      // Saved already, and the answer was lost, as by a reload.
      if (current && same(current.content, slot.values)) return slot.save({ draft: { id: current.id, version: current.version }, dirty: false }), told({ state: "saved" });
      if (current) return told({ state: "conflict", current, message: error.message });
      if (error.status === 404 && slot.draft) return slot.save({ draft: null }), soon(); // somebody has deleted it: this text goes into a new one
      told({ state: "waiting", error });
    }
  }

  function soon() {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(now, pause);
  }

  /** At once, one save after the other: a PUT while the first POST is under way would make a second draft. */
  function now() {
    clearTimeout(timer);
    if (stopped || !slot.dirty) return running ?? Promise.resolve();
    running = (running ?? Promise.resolve()).then(() => (slot.dirty && !stopped ? save() : undefined));
    return running;
  }

  return {
    soon,
    now,
    /** This text takes the place of that version. */
    replace(version) {
      slot.save({ draft: { ...slot.draft, version }, dirty: true });
      return now();
    },
    /** This text becomes a draft of its own. */
    apart() {
      slot.save({ draft: null, dirty: true });
      return now();
    },
    /** Nothing more is saved: it has been sent, or another text is there. */
    leave() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

export const listDrafts = () => call("GET", DRAFTS);
export const readDraft = (id) => call("GET", `${DRAFTS}/${id}`);
/** Also when the page is left meanwhile. */
export const deleteDraft = (id) => call("DELETE", `${DRAFTS}/${id}`, undefined, { keepalive: true });
