// A lock in the database that somebody else holds, as a backup or a person at a console would.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { userInfo } from "node:os";
import { join } from "node:path";
import { until } from "../rig/lamppost.mjs";

export class HeldLock {
  #client;
  #ended;

  /** Runs these statements in a connection of their own, and keeps that; ready when they are done. */
  static async take(site, statements) {
    const lock = new HeldLock();
    await lock.#open(site, statements);
    return lock;
  }

  async #open(site, statements) {
    const user = process.getuid() === 0 ? "nobody" : userInfo().username; // as ./dev up gives the database to
    const [program, ...args] = [...site.asService("--pdeathsig", "TERM"), "mariadb", "--no-defaults", "--unbuffered", "--skip-column-names",
      `--socket=${join(site.lamppost.sockets, "mariadb.sock")}`, `--user=${user}`, "lamppost"];
    this.#client = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#ended = once(this.#client, "close");
    let said = "", isOver = false;
    for (const stream of [this.#client.stdout, this.#client.stderr]) stream.setEncoding("utf8").on("data", (text) => { said += text; });
    this.#client.on("close", () => { isOver = true; });
    this.#client.stdin.write(`${statements};\nSELECT 'held';\n`);
    await until(`${statements} is done`, 10, () => isOver || said.includes("held"));
    if (isOver) throw new Error(`${statements}: ${said}`);
  }

  /** Ends the connection, and with it what it holds. */
  async release() {
    this.#client.stdin.end();
    await this.#ended;
  }
}
