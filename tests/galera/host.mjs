// One host of many: Lamppost in front of a node of the cluster, with its own settings, pools and nginx. It is what the
// tests of faults call a site, so their Campaigns work on it.

import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { checkout, familyOf, freePort, isAlive, until } from "../rig/lamppost.mjs";
import { ownByService, runAsService, serviceUser, startAsService } from "../rig/galera_user.mjs";
import { Campaigns } from "../faults/campaigns.mjs";

const ADMIN = `Basic ${Buffer.from("admin:password").toString("base64")}`; // of with_nginx.sh

export class Host {
  #binary;
  #folder;
  #nginx;
  #commands = []; // of ours, as far as they have been started
  #pools = [];

  /** `shared`: {binary, service, keyFile}: what all hosts have in common. */
  constructor(parent, node, { binary, service, keyFile }) {
    this.node = node;
    this.name = `host-${node.number}`;
    this.service = service;
    this.campaigns = new Campaigns(this);
    this.#binary = binary;
    this.#folder = join(parent, this.name);
    mkdirSync(join(this.#folder, "www"), { recursive: true });
    this.settings = join(this.#folder, "lamppost.conf");
    writeFileSync(this.settings, [
      "site_name = Many hosts", "site_origin = https://www.example.com", "vapid_subject = mailto:admin@example.com",
      "welcome = off", // each message is one of the campaign
      `vapid_key_file = ${keyFile}`, `database = unix://${node.socket}`, "database_name = lamppost", `database_user = ${serviceUser}`,
      ...["public", "admin"].map((pool) => `${pool}_socket = ${this.#socket(pool)}`), service.config(),
    ].join("\n"));
    ownByService(this.#folder);
  }

  #socket(pool) { return join(this.#folder, `${pool}.sock`); }

  /** `lamppost` with these words: as startAsService(). */
  async start(...words) {
    const command = await startAsService([this.#binary, ...words, "--config", this.settings]);
    this.#commands.push(command);
    return command;
  }

  /** The same to its end: {code, signal, out, err}. */
  run(...words) { return runAsService([this.#binary, ...words, "--config", this.settings]); }

  async serve({ workers = 2 } = {}) {
    for (const pool of ["public", "admin"]) {
      const log = openSync(join(this.#folder, `${pool}.log`), "a");
      this.#pools.push(await startAsService([this.#binary, "serve", "--pool", pool, "--listen", this.#socket(pool),
        "--workers", String(workers), "--config", this.settings], { output: log }));
      closeSync(log);
    }
    const port = await freePort();
    this.#nginx = spawn("setpriv", ["--pdeathsig", "TERM", join(checkout, "tests/rig/with_nginx.sh"), this.#folder, String(port),
      join(this.#folder, "www"), this.#socket("public"), this.#socket("admin"), "0"], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    this.#nginx.stderr.on("data", (text) => { said += text; });
    const ready = await Promise.race([once(this.#nginx.stdout, "data"), once(this.#nginx, "exit").then(() => null)]);
    if (!ready) throw new Error(`${this.name}: nginx did not start: ${said}`);
    this.port = port;
    await until(`${this.name} answers`, 30, async () => (await this.public("/api/health")).status === 200);
  }

  #ask(path, { json, headers = {}, ...rest } = {}) {
    const body = json === undefined ? {} : { method: "POST", body: JSON.stringify(json) };
    const type = json === undefined ? {} : { "Content-Type": "application/json" };
    return fetch(`http://127.0.0.1:${this.port}${path}`, { ...body, ...rest, headers: { connection: "close", ...type, ...headers } });
  }

  public(path, options) { return this.#ask(path, options); }
  admin(path, { headers, ...options } = {}) { return this.#ask(path, { ...options, headers: { Authorization: ADMIN, ...headers } }); }

  sql(query) { return this.node.sql(query); }
  async number(query) { return Number((await this.sql(query))[0][0]); }
  async vapidKey() { return (await (await this.public("/api/config")).json()).vapid_public_key; }

  /** The warnings and errors that Lamppost has logged here, those of its commands too, but what each says of the rig's push service. */
  complaints() {
    const pools = ["public", "admin"].map((pool) => readFileSync(join(this.#folder, `${pool}.log`), "utf8"));
    return [...pools, ...this.#commands.map(({ err }) => err)].join("").split("\n")
      .filter((line) => line.startsWith("{")).map((line) => JSON.parse(line))
      .filter(({ level, event }) => (level === "warning" || level === "error") && event !== "push_address_excepted");
  }

  /** As if the power had failed: the node of the cluster and all of Lamppost's processes, at once. */
  async crash() {
    const pids = [this.node.pid, ...[...this.#pools, ...this.#commands].flatMap(({ pid }) => (isAlive(pid) ? familyOf(pid) : []))];
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    await until(`${this.name} is gone`, 10, () => !pids.some(isAlive));
  }

  async stop() {
    for (const { child, ended } of [...this.#commands, ...this.#pools]) {
      child.kill("SIGTERM");
      await ended;
    }
    if (!this.#nginx) return;
    const gone = this.#nginx.exitCode === null && this.#nginx.signalCode === null ? once(this.#nginx, "exit") : null;
    this.#nginx.kill("SIGTERM");
    await gone;
  }
}
