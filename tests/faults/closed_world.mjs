// A world of its own for a sender: no network but a loopback on which every address there is answers, a DNS that says
// what a test tells it to, and a note of every connection to port 443. The database's socket is reachable as before.
// It is made of a network and a mount namespace, which root may make, and others where the kernel lets them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { temporaryFolder, until } from "../rig/lamppost.mjs";

const INSIDE = fileURLToPath(new URL("closed_world_inside.mjs", import.meta.url));
const AS_ROOT_THERE = process.getuid() === 0 ? [] : ["--user", "--map-root-user"];
const THROUGH_USERS = process.getuid() === 0 ? [] : ["--user", "--preserve-credentials"];
// What a program needs of /etc, beside what is told here.
const KEPT = ["passwd", "group", "ld.so.cache", "ssl/openssl.cnf", "ssl/certs/ca-certificates.crt"];
const RESOLVER = "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n"; // a name server that is silent is waited for

export async function openClosedWorld() {
  const world = new ClosedWorld();
  await world.open();
  return world;
}

class ClosedWorld {
  hits = []; // addresses, in the order of the connections
  asked = []; // names, in the order of the queries
  #folder = temporaryFolder();
  #process;
  #words = ""; // of errors
  #told = 0;
  #isReady = false;

  async open() {
    const etc = join(this.#folder, "etc");
    mkdirSync(join(etc, "ssl/certs"), { recursive: true });
    for (const name of KEPT.filter((one) => existsSync(join("/etc", one)))) copyFileSync(join("/etc", name), join(etc, name));
    writeFileSync(join(etc, "nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
    writeFileSync(join(etc, "hosts"), "127.0.0.1 localhost\n");
    writeFileSync(join(etc, "resolv.conf"), RESOLVER);
    // In a chroot, whose root is no mount, nothing can be made private; then it depends on how the mount below it is
    // shared, which is tried, so that nobody outside ever sees our /etc.
    const script = `mount --make-rprivate / 2>/dev/null
      mount --bind "$1" "$1" || exit
      if grep -qF " $1 " /proc/$PPID/mountinfo; then umount "$1"; echo "mounts would be seen outside" >&2; exit 1; fi
      umount "$1" && mount --bind "$1" /etc && exec "$2" "$3"`;
    this.#process = spawn("setpriv", ["--pdeathsig", "TERM", "unshare", ...AS_ROOT_THERE, "--net", "--mount",
      "--propagation=unchanged", "sh", "-c", script, "sh", etc, process.execPath, INSIDE], { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stderr.setEncoding("utf8").on("data", (text) => { this.#words += text; });
    createInterface({ input: this.#process.stdout }).on("line", (line) => this.#hear(JSON.parse(line)));
    await until("a network and a mount namespace of our own", 15, () => this.#isReady || this.#isOver());
    if (!this.#isReady) {
      rmSync(this.#folder, { recursive: true });
      throw new Error(`a closed world needs unshare, ip (iproute2) and the right to make namespaces: ${this.#words.trim()}`);
    }
  }

  #isOver() { return this.#process.exitCode !== null || this.#process.signalCode !== null; }

  #hear({ ready, told, hit, asked }) {
    if (ready) this.#isReady = true;
    if (told) this.#told += 1;
    if (hit) this.hits.push(hit);
    if (asked) this.asked.push(asked);
  }

  /** From now on the DNS says this (closed_world_inside.mjs); what was noted so far is forgotten. */
  async say(names) {
    const told = this.#told;
    this.#process.stdin.write(`${JSON.stringify({ names })}\n`);
    await until("the name server knows", 5, () => this.#told > told);
    this.hits = [];
    this.asked = [];
  }

  /** What to put ahead of a command that shall run there. */
  inside() {
    return ["nsenter", `--target=${this.#process.pid}`, ...THROUGH_USERS, "--net", "--mount", "--root", "--wd", "--"];
  }

  async close() {
    if (!this.#isOver()) {
      this.#process.stdin.end();
      await once(this.#process, "exit");
    }
    rmSync(this.#folder, { recursive: true });
  }
}
