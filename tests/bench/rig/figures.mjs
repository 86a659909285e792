// What processes cost, and how figures are told: one a line, with the target where there is one.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TICK_US = 1e6 / Number(execFileSync("getconf", ["CLK_TCK"]).toString());

/** User and system time of a process so far, in microseconds; and the bytes that it has had written. */
export function spent(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/.*\) /s, "").split(" ");
  const io = readFileSync(`/proc/${pid}/io`, "latin1");
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) * TICK_US,
    written: Number(/^write_bytes: (\d+)/m.exec(io)[1]),
  };
}

/** What a process has had resident at most so far, in KiB; 0 of one that is ending and has given its memory back. */
export function residentMost(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Prints a figure; the process ends with 1 when one is beyond its target. */
export class Figures {
  constructor(name) {
    this.name = name;
  }

  tell(value, what) {
    console.log(`${this.name}: ${value.toFixed(value < 10 ? 2 : 1).padStart(10)}  ${what}`);
  }

  atMost(value, limit, what) {
    this.tell(value, `${what} (at most ${limit})`);
    if (!(value <= limit)) this.#missed(value, `at most ${limit}`, what);
  }

  atLeast(value, limit, what) {
    this.tell(value, `${what} (at least ${limit})`);
    if (!(value >= limit)) this.#missed(value, `at least ${limit}`, what);
  }

  #missed(value, target, what) {
    console.error(`${this.name}: ${what} is ${value.toFixed(2)} and should be ${target}`);
    process.exitCode = 1;
  }
}
