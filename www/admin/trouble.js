// What it means when a page can't read or change something, in words. Knows no page.

/**
 * error   an ApiError, or anything else that went wrong
 * Returns {words, again}: `again` when asking once more may help
 */
export function trouble(error) {
  const { status, message, field, explained } = error;
  if (status === undefined) {
    console.error(error);
    return { words: "The server’s answer is not what this page expects. Are both of the same version?", again: true };
  }
  if (status === 0) return { words: "The server can’t be reached. Are you offline?", again: true };
  if (status === 401) return { words: "You are no longer signed in.", again: true };
  if (status === 429) return { words: "Too many requests in a short time. Wait a moment.", again: true };
  if (status === 503) return { words: "The server is busy or its database is away.", again: true };
  if (status === 404 && !explained) return { words: "This isn’t there.", again: true };
  if (status >= 200 && status < 300) return { words: "The server’s answer broke off or isn’t one of Lamppost’s.", again: true };
  if (!explained) return { words: `The server answered ${status} without a reason.`, again: true };
  return { words: sentence(message), again: status >= 500 };
}

/** What is wrong with one field, beside it: there the API's name of it, which its message begins with, says nothing new. */
export const atField = ({ field, message }) => sentence(message.startsWith(`${field} `) ? message.slice(field.length + 1) : message);

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
