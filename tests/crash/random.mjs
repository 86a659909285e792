// Random numbers that a seed gives again. The instants of a run depend on the machine all the same.

export class Random {
  #state;

  constructor(seed) { this.#state = seed >>> 0; }

  /** 0 up to 1 (mulberry32). */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low, high) { return low + this.fraction() * (high - low); }

  one(list) { return list[Math.floor(this.fraction() * list.length)]; }
}
