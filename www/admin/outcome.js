// What a refusal means to the editor, in words, and what it means to the draft. Knows no page.

const SAFE = "Your text is kept. Press Send again: the same message never goes out twice.";

/**
 * error   an ApiError, or anything else that went wrong
 * fields  the names of the form's fields
 * Returns {field, words, signIn, settled}: `field` "" for the form as a whole; `signIn` when a link
 *         to the login is wanted; `settled` when the next attempt must carry a new key
 */
export function outcome(error, fields) {
  const say = (words, more) => ({ field: "", words, signIn: false, settled: false, ...more });
  const { status, code, field, message, explained } = error;
  if (status === undefined) {
    console.error(error);
    return say(`Something went wrong on this page. ${SAFE}`);
  }
  if (status === 0) return say(`The server can’t be reached, so it isn’t known whether the message went out. ${SAFE}`);
  if (status === 401) return say("You are no longer signed in. Your text is kept.", { signIn: true });
  if (code === "key_reused") {
    const words = "An earlier version of this message may have gone out already. Press Send again to send this text as a new message.";
    return say(words, { settled: true });
  }
  if (status === 503) return say(`The server is busy or its database is away. ${SAFE}`);
  if (!explained) return say(`The server answered ${status} without a reason. ${SAFE}`);
  if (fields.includes(field)) return say(sentence(message), { field });
  return say(sentence(field ? `${field}: ${message}` : message));
}

// The API speaks in fragments that follow a name: "must be at most 500 bytes".
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
