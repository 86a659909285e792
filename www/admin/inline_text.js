// The little markup of the API's document: `code` and **strong** in a line of text, as nodes.
import { make } from "./make.js";

/** "a `b` **c**" as [text, <code>, text, <strong>]. What isn't closed stays as it is. */
export const pieces = (words) => words.split(/(`[^`]+`|\*\*[^*]+\*\*)/).filter(Boolean).map((part) => {
  if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return { kind: "code", words: part.slice(1, -1) };
  if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) return { kind: "strong", words: part.slice(2, -2) };
  return { kind: "", words: part };
});

export const inline = (words) => pieces(words).map(({ kind, words: text }) => (kind ? make(kind, {}, text) : text));
