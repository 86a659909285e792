// Where this browser keeps what an editor writes: at once, at each letter. Each address of the form has a place of its
// own, so that a draft or a copy never overwrites another text. With the text lies the key that was made with the form:
// whoever sends this text again, after a reload or in another tab, sends it under the same key, and so once.
import { EMPTY, tidied } from "./message.js";
import { uuid } from "./uuid.js";

const PREFIX = "lamppost-draft";

/**
 * name     "" or what the address says, as "draft-12"
 * Returns  {values, key, draft, dirty, known, save(changes), clear()}: `draft` {id, version} on the server or null,
 *          `dirty` when the server has not got these values, `known` when something was kept here
 */
export function openSlot(name, storage = ownStorage()) {
  const place = name ? `${PREFIX}:${name}` : PREFIX;
  const kept = read(storage, place);
  const slot = {
    name: place,
    values: tidied(kept?.values),
    key: typeof kept?.key === "string" && kept.key ? kept.key : uuid(),
    draft: Number.isInteger(kept?.draft?.id) ? kept.draft : null,
    dirty: Boolean(kept?.dirty),
    attempt: kept?.attempt ?? null,
    known: kept !== null,
    /** false when it could not be kept: storage is full or forbidden. */
    save(changes) {
      Object.assign(slot, changes);
      const { values, key, draft, dirty, attempt } = slot;
      return write(storage, place, { values, key, draft, dirty, attempt });
    },
    /** Sent, or thrown away: an empty form with a key of its own. */
    clear() {
      Object.assign(slot, { values: { ...EMPTY }, key: uuid(), draft: null, dirty: false, attempt: null, known: false });
      try {
        storage.removeItem(place);
      } catch {
        // Forbidden: then nothing was kept either.
      }
    },
  };
  return slot;
}

// Null where the browser forbids even to ask.
function ownStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

function read(storage, place) {
  try {
    const kept = JSON.parse(storage.getItem(place));
    return typeof kept === "object" ? kept : null;
  } catch {
    return null;
  }
}

function write(storage, place, value) {
  try {
    storage.setItem(place, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
