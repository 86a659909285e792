// How fast a campaign goes and how long it will take, from what was seen of it. Pure.

const WINDOW = 15; // s

/** note(at, settled) as it is seen, `at` in seconds; rate() a second; left(waiting) in seconds, or null when nobody knows. */
export function pace() {
  let seen = [];
  return {
    note(at, settled) {
      const last = seen.at(-1);
      if (last && settled < last.settled) seen = []; // retried: it begins anew
      seen = [...seen.filter((one) => at - one.at <= WINDOW), { at, settled }];
    },
    rate() {
      const [first, last] = [seen[0], seen.at(-1)];
      return seen.length > 1 && last.at > first.at ? (last.settled - first.settled) / (last.at - first.at) : 0;
    },
    left(waiting) {
      const rate = this.rate();
      return rate > 0 ? waiting / rate : null;
    },
  };
}

/** "about 10 s", "about 4 min", "about 2 h" */
export function spanWords(seconds) {
  if (seconds < 55) return `about ${Math.max(1, Math.round(seconds / 5) * 5 || Math.ceil(seconds))} s`;
  if (seconds < 3300) return `about ${Math.round(seconds / 60) || 1} min`;
  return `about ${Math.round(seconds / 3600) || 1} h`;
}
