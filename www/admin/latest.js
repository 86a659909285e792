// A question that is asked again while somebody types: not at each letter, and only the last answer counts. Knows no page.

/**
 * ask      (question, signal) => promise of the answer
 * told     gets {answer} or {error} of the newest question only
 * pause    ms of quiet before it is asked
 */
export function latest(ask, told, pause = 400) {
  let timer = null;
  let running = null;

  async function now(question) {
    clearTimeout(timer);
    running?.abort();
    const mine = (running = new AbortController());
    try {
      const answer = await ask(question, mine.signal);
      if (running !== mine) return null;
      told({ answer });
      return answer;
    } catch (error) {
      if (running === mine) told({ error });
      return null;
    }
  }
  return {
    /** In a moment, unless there is another one until then. */
    soon(question) {
      clearTimeout(timer);
      timer = setTimeout(() => now(question), pause);
    },
    /** At once; gives the answer, or null if there was none or a newer question came between. */
    now,
  };
}
