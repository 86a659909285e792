// What an editor may want to think about before sending. None of it hinders. Pure.
import { relativeTime } from "./times.js";

const DAY = 86400;

const letters = (text) => Array.from(text).filter((letter) => letter.toLowerCase() !== letter.toUpperCase());

function isShouted(text) {
  const all = letters(text);
  return all.length > 5 && all.every((letter) => letter === letter.toUpperCase());
}

/**
 * message    as the API takes it
 * campaigns  the newest ones
 * now        Unix seconds
 * Returns    [{code, field, message}], as the API's own warnings are
 */
export function warningsOf(message, campaigns, now) {
  const found = [];
  const warn = (code, field, words) => found.push({ code, field, message: words });
  const texts = [["title", message.title ?? ""], ["body", message.body ?? ""]];
  for (const [field, text] of texts) {
    if (isShouted(text)) warn("shouting", field, `The ${field} is all in capitals, which reads as shouting.`);
    if (/[!?]{3,}/.test(text)) warn("shouting", field, `The ${field} has many “!” or “?” in a row, as spam does.`);
  }
  if (message.title && !message.url) warn("no_link", "url", "There is no link: a click opens the site’s front page.");
  if (message.title && !message.body) warn("no_body", "body", "Only a title: most readers expect a sentence below it.");
  const twin = campaigns.find((one) => one.state !== "cancelled" && one.state !== "draft" && one.message?.title === message.title && now - one.created_at < DAY);
  if (message.title && twin) warn("same_as_recent", "title", `${twin.owner || "Somebody"} sent a message with this title ${relativeTime(twin.created_at, now)}.`);
  if (message.urgency === "high") warn("urgent", "urgency", "High urgency wakes sleeping phones: for news that can’t wait.");
  if (message.ttl === 0) warn("fleeting", "ttl", "Whoever is not online at that moment never gets it.");
  return found;
}

// These stand at the meter and at the count already.
const SAID_ELSEWHERE = ["too_long", "firefox_android", "no_audience"];

/** The page's own and the server's; of one code the page's, which say more. */
export const joined = (own, server) => [...own, ...server.filter(({ code }) => !SAID_ELSEWHERE.includes(code) && !own.some((one) => one.code === code))];
