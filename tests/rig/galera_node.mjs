// One node of a throw-away Galera cluster: a small MariaDB that clients reach by its unix socket.

import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, until } from "./lamppost.mjs";
import { runAsService, serviceUser, startAsService } from "./galera_user.mjs";

export const PROVIDER = "/usr/lib/galera/libgalera_smm.so";
const START = 60; // s, on a machine that is busy

// Impatient: a dead node is given up after 3 s, not 5; and the first meeting takes one second, not nine.
const TIMES = "evs.suspect_timeout=PT3S;evs.inactive_timeout=PT6S;evs.install_timeout=PT3S;evs.join_retrans_period=PT0.3S;"
  + "evs.keepalive_period=PT0.3S;evs.inactive_check_period=PT0.3S";
const INNODB_FILES = ["--innodb-log-file-size=16M", "--innodb-temp-data-file-path=ibtmp1:4M:autoextend"];
const SMALL_AND_QUICK = [...INNODB_FILES, "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M",
  "--innodb-log-buffer-size=4M", "--key-buffer-size=1M", "--aria-pagecache-buffer-size=1M", "--table-open-cache=200",
  "--performance-schema=off"];

export class GaleraNode {
  #server;
  #port;
  #transferPort;

  /** `number` counts from 1; both ports are of loopback, for the other nodes. */
  constructor(folder, number, port, transferPort) {
    this.number = number;
    this.data = join(folder, `data-${number}`);
    this.socket = join(folder, `node-${number}.sock`);
    this.log = join(folder, `node-${number}.log`);
    this.address = `127.0.0.1:${port}`;
    this.#port = port;
    this.#transferPort = transferPort;
  }

  get #client() {
    return ["mariadb", "--no-defaults", `--socket=${this.socket}`, `--user=${serviceUser}`, "--batch", "--skip-column-names"];
  }

  get pid() { return this.#server.pid; }
  get isUp() { return this.#server !== undefined && isAlive(this.pid); }

  async make() {
    const { code, out, err } = await runAsService(["mariadb-install-db", "--no-defaults", "--force", `--datadir=${this.data}`,
      "--skip-test-db", "--auth-root-authentication-method=socket", `--auth-root-socket-user=${serviceUser}`, ...INNODB_FILES]);
    if (code !== 0) throw new Error(`node ${this.number}: mariadb-install-db ended with ${code}: ${out.slice(-500)}${err.slice(-500)}`);
  }

  async start(...options) {
    const provider = [`base_host=127.0.0.1;base_port=${this.#port}`, `gmcast.listen_addr=tcp://${this.address}`,
      `ist.recv_addr=127.0.0.1:${this.#transferPort}`, "gcache.size=16M", TIMES].join(";");
    const log = openSync(this.log, "a");
    this.#server = await startAsService(["mariadbd", "--no-defaults", ...SMALL_AND_QUICK,
      `--datadir=${this.data}`, `--socket=${this.socket}`, `--pid-file=${this.socket}.pid`,
      "--skip-networking", "--skip-name-resolve", "--local-infile=0",
      "--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_520_ci",
      "--wsrep-on=ON", `--wsrep-provider=${PROVIDER}`, `--wsrep-provider-options=${provider}`, "--wsrep-cluster-name=lamppost",
      `--wsrep-node-name=node-${this.number}`, `--wsrep-node-address=${this.address}`, "--wsrep-sst-method=skip",
      "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", ...options], { output: log });
    closeSync(log);
  }

  /** Waits until it takes statements, in a cluster of so many nodes. */
  ready(size) {
    return until(`node ${this.number} is ready, one of ${size}`, START, async () => {
      if (!this.isUp) throw new Error(`node ${this.number} ended: ${readFileSync(this.log, "utf8").slice(-2000)}`);
      const { code, out } = await this.trySql("SHOW STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_size')", "");
      return code === 0 && out.includes("wsrep_ready\tON\n") && out.includes(`wsrep_cluster_size\t${size}\n`);
    });
  }

  /** Statements by the administrator, however long: {code, out, err} of the client. */
  trySql(statements, database = "lamppost") {
    return runAsService([...this.#client, ...(database === "" ? [] : [database])], { input: statements });
  }

  /** The rows of a query as lists of texts. */
  async sql(query, database) {
    const { code, out, err } = await this.trySql(query, database);
    if (code !== 0) throw new Error(`node ${this.number}: ${err.trim()}`);
    return out === "" ? [] : out.trimEnd().split("\n").map((line) => line.split("\t"));
  }

  /** What the server says of itself as a part of the cluster: {wsrep_...: text}. */
  async status() { return Object.fromEntries(await this.sql("SHOW STATUS LIKE 'wsrep\\_%'", "")); }

  /** Takes in nothing that the others write, for so many seconds; returns when that has begun: a promise that waits for its end. */
  async lagBehind(seconds) {
    const lock = await startAsService([...this.#client, "--unbuffered"], {
      input: `FLUSH TABLES WITH READ LOCK; SELECT 'held'; SELECT SLEEP(${seconds}); UNLOCK TABLES;` });
    await until(`node ${this.number} lags behind`, 10, () => lock.out.includes("held"));
    return () => lock.ended;
  }

  /** For a node that has lost the others: from now on it is the cluster, alone. */
  becomeTheCluster() { return this.sql("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'", ""); }

  async end(signal = "SIGKILL") {
    if (!this.isUp) return;
    process.kill(this.pid, signal);
    await until(`node ${this.number} is gone`, 30, () => !this.isUp);
  }
}
