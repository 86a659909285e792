// What the editor has written, kept in this browser until it is sent, with the key that makes
// sending it twice harmless. The key is kept only while nobody knows whether an attempt went
// through: after a reload the same text must go out under the same key.

const KEPT = "lamppost-draft";
const EMPTY = { title: "", body: "", url: "" };

export function openDraft(storage = globalThis.localStorage) {
  const kept = read(storage);
  const draft = {
    values: { ...EMPTY, ...kept.values },
    key: kept.key || uuid(),

    save(values) {
      draft.values = values;
      write(storage, { values, key: draft.open ? draft.key : undefined });
    },
    /** The message is on its way: from here on its key counts. */
    attempt(values) {
      draft.open = true;
      draft.save(values);
    },
    /** It is certain that this attempt made no campaign under this key, or that another text holds it. */
    settle(values) {
      draft.open = false;
      draft.key = uuid();
      draft.save(values);
    },
    /** It went out: an empty form with a key of its own. */
    finish() {
      draft.settle({ ...EMPTY });
    },
    open: Boolean(kept.key),
  };
  return draft;
}

function read(storage) {
  try {
    const { values, key } = JSON.parse(storage.getItem(KEPT)) ?? {};
    const known = Object.keys(EMPTY).filter((name) => typeof values?.[name] === "string");
    return { values: Object.fromEntries(known.map((name) => [name, values[name]])), key: typeof key === "string" ? key : "" };
  } catch {
    return { values: {}, key: "" };
  }
}

function write(storage, value) {
  try {
    storage.setItem(KEPT, JSON.stringify(value));
  } catch {
    // Full or forbidden: the form itself still holds the text.
  }
}

// crypto.randomUUID is there on secure pages only; a desk inside of a company may be plain http.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
