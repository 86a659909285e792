// What a whole campaign costs, from the database to the recorded fates, and that it grows with nothing but the
// audience. Run by ./dev bench campaign, which gives it a database of its own (tests/rig/with_mariadb.sh).
//
//   LAMPPOST_BINARY=... tests/rig/with_mariadb.sh node tests/bench/campaign.mjs [RECIPIENTS [ROUNDS]]
//
// CPU times are of whole processes, the sender's and MariaDB's; times on the wall are compared within this run only.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPushService } from "../rig/push_service.mjs";

const recipients = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 3);
const binary = process.env.LAMPPOST_BINARY;
const database = process.env.LAMPPOST_TEST_DATABASE;
const databaseName = process.env.LAMPPOST_TEST_DATABASE_NAME;
const databasePid = Number(process.env.LAMPPOST_TEST_DATABASE_PID);
if (!binary || !database) throw new Error("run it by tests/rig/with_mariadb.sh, with LAMPPOST_BINARY set");

const TICK_US = 1e6 / Number(execFileSync("getconf", ["CLK_TCK"]).toString());
const folder = mkdtempSync(join(tmpdir(), "lamppost-bench-"));
const config = join(folder, "lamppost.conf");

/** User and system time of a process so far, in microseconds; and the bytes that it has had written. */
function spent(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/.*\) /s, "").split(" ");
  const io = readFileSync(`/proc/${pid}/io`, "latin1");
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) * TICK_US,
    written: Number(/^write_bytes: (\d+)/m.exec(io)[1]),
  };
}

// KiB; 0 of a process that is just ending and has given its memory back.
function residentMost(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}

function lamppost(...words) {
  return execFileSync(binary, [...words, "--config", config], { stdio: ["ignore", "pipe", "pipe"] }).toString();
}

/** Runs the sender; `time` of the shell tells its CPU, and the kernel its largest memory. */
function send(...words) {
  const script = 'TIMEFORMAT="%U %S %R"; time "$@"';
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", script, "bash", binary, "send", ...words, "--config", config]);
    let out = "";
    let err = "";
    let memory = 0;
    // The largest resident size, read while it runs: the shell's child is the sender.
    const watch = setInterval(() => {
      try {
        const pid = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
        if (pid) memory = Math.max(memory, residentMost(pid));
      } catch (error) {
        if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
      }
    }, 20);
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (err += text));
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      const [user, system, wall] = err.trim().split("\n").at(-1).split(" ").map(Number);
      if (code !== 0) return reject(new Error(`lamppost send ended with ${code}: ${out} ${err}`));
      resolve({ cpu: (user + system) * 1e6, wall, memory, out });
    });
  });
}

const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;

function seed(subscriptions, keyId) {
  const rows = subscriptions.map(({ endpoint, keys }) => {
    const sha = createHash("sha256").update(endpoint).digest("hex");
    const key = hex(Buffer.from(keys.p256dh, "base64url"));
    return `('${endpoint}',0x${sha},${key},${hex(Buffer.from(keys.auth, "base64url"))},${keyId},'','',0,0,NULL)`;
  });
  const statements = [];
  for (let i = 0; i < rows.length; i += 1000) {
    statements.push(
      "INSERT INTO subscription (endpoint,endpoint_sha,p256dh,auth,key_id,language,timezone,created_at,seen_at,gone_at)" +
        ` VALUES ${rows.slice(i, i + 1000).join(",")};`,
    );
  }
  sql(statements.join("\n"));
}

function sql(text) {
  const socket = database.replace("unix://", "");
  return execFileSync("mariadb", ["--no-defaults", `--socket=${socket}`, "-N", databaseName], { input: text }).toString();
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function main() {
  const service = await startPushService({ dir: folder, keep: "requests" });
  try {
    writeFileSync(
      config,
      [
        "site_origin = http://localhost:8080",
        "vapid_subject = mailto:bench@example.com",
        `vapid_key_file = ${join(folder, "vapid.pem")}`,
        `database = ${database}`,
        `database_name = ${databaseName}`,
        service.config(),
      ].join("\n"),
    );
    lamppost("migrate");
    const publicKey = lamppost("keys", "new").trim();
    const keyId = createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest().readUInt32BE(0);
    seed(service.createSubscriptions(recipients, { vapidKey: publicKey, keyPairs: 512 }), keyId);

    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = spent(databasePid);
      const run = await send("--title", `Measured ${round}`, "--body", "x".repeat(300));
      const after = spent(databasePid);
      if (!run.out.includes(` ${recipients} accepted`)) throw new Error(`not all were accepted: ${run.out}`);
      measured.push({
        sender: run.cpu / recipients,
        database: (after.cpu - before.cpu) / recipients,
        written: (after.written - before.written) / recipients,
        rate: recipients / run.wall,
        memory: run.memory,
      });
    }
    for (const [name, unit] of [
      ["sender", "us of CPU a recipient, sender"],
      ["database", "us of CPU a recipient, MariaDB"],
      ["written", "bytes written a recipient, MariaDB"],
      ["rate", "a second"],
      ["memory", "KiB resident at most, sender"],
    ]) {
      console.log(`${median(measured.map((each) => each[name])).toFixed(1).padStart(10)}  ${unit}`);
    }
    const stored = Number(sql("SELECT SUM(LENGTH(ids) + LENGTH(fates) + LENGTH(sums)) FROM shard JOIN shard_audience USING (campaign_id, number) WHERE campaign_id = 1"));
    console.log(`${(stored / recipients).toFixed(2).padStart(10)}  bytes stored a recipient`);
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true });
  }
}

await main();
