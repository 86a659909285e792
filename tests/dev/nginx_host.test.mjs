// nginx/lamppost.conf, the file for a real host: nginx takes it, http leads to https, and only https has HSTS.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { checkout, freePort, temporaryFolder } from "../rig/lamppost.mjs";
import { startEcho } from "./fastcgi_echo.mjs";
import { readAnswer, request } from "./raw_http.mjs";

let folder, http, https, nginx, pools;

// The host's file, with the ports, paths and sockets of this machine; all else stays as it is.
function hostFile() {
  const swaps = [
    [/^ +listen \[::\].*\n/gm, ""],
    [/listen 80;/, `listen 127.0.0.1:${http};`],
    [/listen 443 /, `listen 127.0.0.1:${https} `],
    [/\/etc\/letsencrypt\/live\/www\.example\.org/g, folder],
    [/unix:\/run\/lamppost/g, `unix:${folder}`],
    [/root \/usr\/share\/lamppost\/www/, `root ${folder}/www`],
    [/\/etc\/lamppost\/htpasswd/, `${folder}/htpasswd`],
    [/\/var\/log\/nginx/, folder],
    [/\/var\/cache\//, `${folder}/`],
  ];
  let text = readFileSync(join(checkout, "nginx/lamppost.conf"), "utf8");
  for (const [from, to] of swaps) {
    assert.match(text, from);
    text = text.replace(from, to);
  }
  return text;
}

function getOverTls(path) {
  return new Promise((done, failed) => {
    let text = "";
    const socket = tls.connect({ port: https, host: "127.0.0.1", ca: readFileSync(join(folder, "fullchain.pem")), servername: "www.example.org" },
      () => socket.write(`GET ${path} HTTP/1.1\r\nHost: www.example.org\r\nConnection: close\r\n\r\n`));
    socket.on("data", (data) => { text += data; });
    socket.on("error", failed);
    socket.on("close", () => done(readAnswer(text)));
  });
}

async function listens(port) {
  const socket = connect(port, "127.0.0.1");
  const answer = await Promise.race([once(socket, "connect").then(() => true), once(socket, "error").then(() => false, () => false)]).catch(() => false);
  socket.destroy();
  return answer;
}

before(async () => {
  folder = temporaryFolder();
  [http, https] = [await freePort(), await freePort()];
  mkdirSync(join(folder, "www"));
  mkdirSync(join(folder, "run"));
  writeFileSync(join(folder, "www/index.html"), "<!doctype html><title>Home</title>");
  writeFileSync(join(folder, "htpasswd"), "admin:x\n");
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=www.example.org",
    "-addext", "subjectAltName=DNS:www.example.org", "-keyout", join(folder, "privkey.pem"), "-out", join(folder, "fullchain.pem")], { stdio: "pipe" });
  pools = [await startEcho("public", join(folder, "public.sock")), await startEcho("admin", join(folder, "admin.sock"))];
  cpSync(join(checkout, "nginx/snippets"), join(folder, "lamppost"), { recursive: true });
  writeFileSync(join(folder, "site.conf"), hostFile());
  const temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"].map((name) => `${name}_temp_path run/${name};`).join("\n");
  writeFileSync(join(folder, "nginx.conf"), `daemon off;\nmaster_process off;\npid run/nginx.pid;\nevents {}\nhttp {\ninclude /etc/nginx/mime.types;\n`
    + `${temporary}\ninclude site.conf;\n}\n`);
  nginx = spawn("nginx", ["-p", `${folder}/`, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  nginx.stderr.on("data", (text) => { said += text; });
  for (let tries = 0; !(await listens(https)); tries += 1) {
    assert.equal(nginx.exitCode, null, `nginx ended: ${said}`);
    assert.ok(tries < 100, `nginx does not listen: ${said}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.equal(said, "", "nginx warns about the host's file");
});

after(async () => {
  nginx.kill("SIGTERM");
  await once(nginx, "exit");
  for (const pool of pools) await pool.stop();
  rmSync(folder, { recursive: true });
});

test("plain http leads to https and sends no HSTS", async () => {
  const answer = await request(http, "/admin/?x=1");

  assert.equal(answer.status, 301);
  assert.equal(answer.header("location"), "https://www.example.org/admin/?x=1");
  assert.equal(answer.header("strict-transport-security"), undefined);
});

for (const path of ["/", "/api/config", "/api/admin/me", "/nothing"]) {
  test(`${path} over https bears HSTS and the policy`, async () => {
    const answer = await getOverTls(path);

    assert.equal(answer.header("strict-transport-security"), "max-age=31536000");
    assert.match(answer.header("content-security-policy"), /default-src 'none'/);
  });
}

test("the worker is told that the visitor came by https", async () => {
  const { pool, params } = (await getOverTls("/api/config")).json();

  assert.equal(pool, "public");
  assert.equal(params.HTTPS, "on");
});
