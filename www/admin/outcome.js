// What a refusal or a silence means to the editor, in words. Knows no page.

const SAFE = "Your text is kept. Press Send again: the same message never goes out twice.";

// The API's members as the form's fields.
const FIELDS = { "actions[0].title": "button1", "actions[0].url": "button1_url", "actions[1].title": "button2", "actions[1].url": "button2_url", audience: "expression", send_at: "at" };

/**
 * error    an ApiError, or anything else that went wrong
 * Returns  {field, words}: `field` "" for the form as a whole
 */
export function outcome(error) {
  const { status, code, field, message, explained } = error;
  const say = (words, at = "") => ({ field: at, words });
  if (status === undefined) {
    console.error(error);
    return say(`Something went wrong on this page. ${SAFE}`);
  }
  if (status === 0) return say(`The server can’t be reached, so it isn’t known whether the message went out. ${SAFE}`);
  if (status === 401) return say("You are no longer signed in. Your text is kept. Sign in again in the other tab, then press Send again: the same message never goes out twice.");
  if (code === "key_reused") return say("An earlier version of this message has gone out already. Press Send again to send this text as another message.");
  if (status === 503) return say(`The server is busy or its database is away. ${SAFE}`);
  if (!explained) return say(`The server answered ${status} without a reason. ${SAFE}`);
  if (!field) return say(sentence(message));
  return say(sentence(field === "message" ? `The message ${message}` : message), FIELDS[field] ?? field);
}

/** The API speaks in fragments that follow a name: "must be at most 500 bytes". */
export const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
