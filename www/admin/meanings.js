// What a push service's refusal means and what helps. The reason itself is always shown as it came. Pure.

// The first that fits the reason counts.
const MEANINGS = [
  [/VapidPkHashMismatch/, "This device subscribed with another key than the one that signs now.", "Was the key changed? The Doctor compares them. The device heals when it visits the site again."],
  [/BadJwtToken|BadAuthorizationHeader/, "Apple does not accept the signature, most often because of the contact address in vapid_subject or a wrong clock.",
    "Set vapid_subject to a real mailto: or https: address and see to the clock. The Doctor checks both."],
  [/BadVapidPublicKey|UnauthorizedRegistration|credentials.*do not correspond|109/i, "The push service does not take this site’s key for this device.", "The Doctor compares the key that signs with those that devices subscribed with."],
  [/^40[13]\b/, "The push service does not accept this site’s key or signature.", "It rests until that is mended. The Doctor says what is wrong; nobody was removed."],
  [/^429\b|TooManyRequests/, "Too many in a short time.", "Nothing to do: it is tried again at the time that the push service named."],
  [/^406\b/, "Windows is holding this site’s messages back for a while.", "Nothing to do: it is tried again in an hour or more. Send less often."],
  [/^413\b|PayloadTooLarge/, "The message is too large for this device’s push service.", "Shorten it: Firefox on Android takes about 2,800 bytes."],
  [/^410\b|^404\b/, "The subscription has ended: notifications were turned off, or the browser is gone.", "Nothing to do: it is removed by itself."],
  [/^400\b.*Ttl|^400\b.*Urgency|^400\b.*Topic|^400\b/i, "The push service takes this for a malformed message.", "Please report it with these words: it is a fault of Lamppost, or of something between."],
  [/^5\d\d\b/, "The push service has trouble of its own.", "Nothing to do: it is tried again."],
  [/^3\d\d\b/, "The push service points elsewhere, which is not followed.", "The device heals when it visits the site again."],
  [/timed out without an answer|ended before an answer/, "It left, but no answer came: the device may have got it, or not.", "“Send the unsure ones again” shows it twice to some."],
  [/timed out|could not connect|resolve|certificate|SSL|TLS/i, "The push service could not be reached from this server.", "A firewall, the name server or a certificate may be in the way. The Doctor tries each one."],
];
const UNKNOWN = ["The push service’s own words, which Lamppost does not know.", "If it stays, the Doctor may say more."];

/** {meaning, remedy} of a reason as "403 BadJwtToken". */
export function meaningOf(reason) {
  const [, meaning, remedy] = MEANINGS.find(([pattern]) => pattern.test(reason)) ?? [null, ...UNKNOWN];
  return { meaning, remedy };
}

const isAllRight = (reason) => /^(404|410)\b/.test(reason);

/**
 * All reasons of a campaign's services, trouble before what is all right, the most frequent first:
 * [{service, reason, count, resting}], `resting` the time until which that service rests.
 */
export function reasonsOf(services, now) {
  const list = services.flatMap(({ service, reasons = {}, resting_until: until, resting_because: because }) => {
    const resting = until > now ? until : null;
    const said = Object.entries(reasons).map(([reason, count]) => ({ service, reason, count: Number(count), resting: reason === because ? resting : null }));
    const rest = resting && !(because in reasons) ? [{ service, reason: because, count: 0, resting }] : [];
    return [...rest, ...said];
  });
  const weight = ({ reason, resting, count }) => (resting ? 2e9 : isAllRight(reason) ? 0 : 1e9) + count;
  return list.sort((a, b) => weight(b) - weight(a));
}
