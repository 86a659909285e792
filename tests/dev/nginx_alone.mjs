// nginx with two echoing pools and a few pages: what tests of nginx/ run against.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { checkout, freePort, temporaryFolder } from "../rig/lamppost.mjs";
import { startEcho } from "./fastcgi_echo.mjs";

const pages = {
  "index.html": "<!doctype html><title>Home</title>",
  "push/sw.js": "self.x = 1;",
  "push/lamppost.js": "export {};",
  "admin/index.html": "<!doctype html><title>Admin</title>",
  "admin/.hidden": "secret",
  "manifest.webmanifest": "{}",
  ".git/config": "secret",
  ".env": "secret",
  "site.conf": "secret",
  "dump.SQL": "secret",
  "push/vapid.pem": "secret",
  "index.html~": "secret",
  ".well-known/security.txt": "Contact: x",
};

/** Starts it. Options: rate (default 0), pools (default true: false leaves the sockets without anybody). */
export async function startNginx({ rate = 0, pools = true } = {}) {
  const folder = temporaryFolder(), port = await freePort();
  for (const [name, text] of Object.entries(pages)) {
    mkdirSync(dirname(join(folder, "www", name)), { recursive: true });
    writeFileSync(join(folder, "www", name), text);
  }
  const sockets = { public: join(folder, "public.sock"), admin: join(folder, "admin.sock") };
  const echoes = pools
    ? { public: await startEcho("public", sockets.public), admin: await startEcho("admin", sockets.admin) }
    : {};
  const script = spawn(join(checkout, "tests/rig/with_nginx.sh"),
    [folder, port, join(folder, "www"), sockets.public, sockets.admin, rate], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  script.stderr.on("data", (text) => { said += text; });
  const exit = once(script, "exit");
  const ready = await Promise.race([once(script.stdout, "data"), exit.then(() => null)]);
  if (!ready) throw new Error(`nginx did not start: ${said}`);
  return {
    port, folder, ...echoes,
    errorLog: () => readFileSync(join(folder, "logs/nginx-error.log"), "utf8"),
    accessLog: () => readFileSync(join(folder, "logs/nginx-access.log"), "utf8"),
    async stop() {
      script.kill("SIGTERM");
      await exit;
      for (const echo of Object.values(echoes)) await echo.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
