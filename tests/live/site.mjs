// One whole Lamppost with a push service beside it, shared by the tests of a file, and what they ask of it from inside:
// the database as its administrator, the workers' pids, the command line as the servers' user.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { familyOf, startLamppost, temporaryFolder } from "../rig/lamppost.mjs";
import { startPushService } from "../rig/push_service.mjs";

const execute = promisify(execFile);

// ./dev up run by root gives the servers to nobody; otherwise they are ours.
const iAmRoot = process.getuid() === 0;
const serviceUser = iAmRoot ? "nobody" : userInfo().username;
const toService = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"];
const asService = iAmRoot ? ["setpriv", ...toService] : [];

/** Runs a program as the servers' user: {code, out, err}. */
async function runAsService(args) {
  const [program, ...rest] = [...asService, ...args];
  try {
    const { stdout, stderr } = await execute(program, rest, { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, TERM: "dumb" } });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    if (typeof error.code !== "number") throw error; // it could not be run, or a signal ended it
    return { code: error.code, out: error.stdout, err: error.stderr };
  }
}

/**
 * Options are those of startLamppost, and of the push service:
 * hosts    how many origins
 * streams  SETTINGS_MAX_CONCURRENT_STREAMS of each
 */
export async function startSite({ hosts = 1, streams = 100, config = "", ...options } = {}) {
  const folder = temporaryFolder();
  const service = await startPushService({ dir: folder, hosts, streams });
  const stopService = async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  };
  const lamppost = await startLamppost({ config: `${service.config()}${config}`, ...options }).catch(async (error) => {
    await stopService();
    throw error;
  });
  return new Site(lamppost, service, stopService);
}

class Site {
  #stopService;

  constructor(lamppost, service, stopService) {
    this.lamppost = lamppost;
    this.service = service;
    this.public = lamppost.public;
    this.admin = lamppost.admin;
    this.#stopService = stopService;
  }

  /** Ends everything, and sees that no sanitizer has complained in a worker. */
  async stop() {
    const logs = this.lamppost.logs();
    try {
      await this.lamppost.stop();
    } finally {
      await this.#stopService();
    }
    assert.doesNotMatch(logs.public + logs.admin + logs.resume, /Sanitizer|runtime error/);
  }

  /** What to put ahead of a command that the servers' user shall run, with options of setpriv. */
  asService(...options) {
    return ["setpriv", ...options, ...(iAmRoot ? toService : [])];
  }

  /** A query to the server itself, by its administrator: {code, out, err} of the client. */
  trySql(query) {
    const socket = join(this.lamppost.sockets, "mariadb.sock");
    return runAsService(["mariadb", "--no-defaults", `--socket=${socket}`, `--user=${serviceUser}`,
      "--batch", "--skip-column-names", "lamppost", "-e", query]);
  }

  /** The rows of a query as lists of texts. */
  async sql(query) {
    const { code, out, err } = await this.trySql(query);
    if (code !== 0) throw new Error(`mariadb: ${err.trim()}`);
    return out === "" ? [] : out.trimEnd().split("\n").map((line) => line.split("\t"));
  }

  /** The one number that a query gives. */
  async number(query) {
    const [[number]] = await this.sql(query);
    return Number(number);
  }

  /** How many rows each table has: {subscription, campaign, vapid_key}. */
  async rows() {
    const [[subscription, campaign, key]] = await this.sql(
      "SELECT (SELECT COUNT(*) FROM subscription), (SELECT COUNT(*) FROM campaign), (SELECT COUNT(*) FROM vapid_key)");
    return { subscription: Number(subscription), campaign: Number(campaign), vapid_key: Number(key) };
  }

  /** The pids of a pool's workers, its parent not among them. */
  workers(pool) {
    return familyOf(this.lamppost.pids[pool]).slice(1);
  }

  /** `lamppost` with these arguments and the settings of the pools; further files of settings are read after them. */
  lamppostCommand(args, settings = []) {
    const [binary, ...words] = readFileSync(`/proc/${this.lamppost.pids.public}/cmdline`, "utf8").split("\0");
    const files = words.filter((_, at) => words[at - 1] === "--config");
    return runAsService([binary, ...args, ...[...files, ...settings].flatMap((file) => ["--config", file])]);
  }

  async vapidKey() {
    return (await (await this.public("/api/config")).json()).vapid_public_key;
  }

  /** `count` simulated browsers, subscribed through the API, 16 at a time; each gets its `id`. */
  async subscribe(count, options = {}) {
    const made = this.service.createSubscriptions(count, { vapidKey: await this.vapidKey(), ...options });
    const waiting = [...made];
    const postAll = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const answer = await this.public("/api/push-subscriptions", { json: next });
        const body = await answer.json();
        if (answer.status !== 201) throw new Error(`subscribing: ${answer.status} ${JSON.stringify(body)}`);
        Object.defineProperty(next, "id", { value: body.result.id });
      }
    };
    await Promise.all(Array.from({ length: 16 }, postAll));
    return made;
  }

  /** Forgets all subscriptions and campaigns, which services rest, and what was received, so that the next test begins anew. */
  async clear() {
    await this.sql("DELETE FROM campaign; DELETE FROM shard; DELETE FROM shard_audience; DELETE FROM push_service; DELETE FROM subscription; DELETE FROM topic; DELETE FROM subscription_topic;"
      + " DELETE FROM preference; DELETE FROM errand; DELETE FROM errand_rest; DELETE FROM event; DELETE FROM click_target; DELETE FROM click; DELETE FROM segment");
    this.service.clearScript();
    this.service.forget();
  }
}
