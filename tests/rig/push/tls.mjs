// Certificates for a push service on this machine, made by the openssl command: one authority and, per kind, one
// server certificate for localhost and 127.0.0.1. What is in the folder already is used again, so that a service
// that is started anew is still trusted.

import { execFile } from "node:child_process";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** What a server certificate may be like; everything but "good" is there to be refused by a careful client. */
const KINDS = {
  "good": { names: "DNS:localhost,IP:127.0.0.1", days: "3650", authority: "ca" },
  "expired": { names: "DNS:localhost,IP:127.0.0.1", days: "-1", authority: "ca" },
  "wrong-name": { names: "DNS:elsewhere.example", days: "3650", authority: "ca" },
  "unknown-ca": { names: "DNS:localhost,IP:127.0.0.1", days: "3650", authority: "other-ca" },
};

/**
 * Makes sure of the authority and returns its file.
 * @param {string} dir the folder for keys and certificates; made if need be
 */
export async function authorityFile(dir) {
  await mkdir(dir, { recursive: true });
  return makeAuthority(resolve(dir), "ca");
}

/**
 * The key and the certificate of one kind, in PEM.
 * @param {string} dir the folder that authorityFile() was given
 * @param {string} kind one of KINDS, or "self-signed"
 */
export async function serverCertificate(dir, kind) {
  if (kind !== "self-signed" && !KINDS[kind]) {
    const known = [...Object.keys(KINDS), "self-signed"].join(", ");
    throw new Error(`certificate "${kind}" is not known; use one of ${known}`);
  }
  const [key, cert] = [join(dir, `${kind}.key`), join(dir, `${kind}.pem`)];
  if (!(await exists(cert))) {
    await (kind === "self-signed" ? selfSigned(key, cert) : signed(dir, kind, key, cert));
  }
  return { key: await readFile(key), cert: await readFile(cert) };
}

async function makeAuthority(dir, name) {
  const [key, cert] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
  if (!(await exists(cert))) {
    await openssl(["req", "-x509", ...NEW_KEY, "-keyout", key, "-out", cert, "-days", "3650",
      "-subj", `/CN=Lamppost test authority (${name})`,
      "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]);
  }
  return cert;
}

async function selfSigned(key, cert) {
  await openssl(["req", "-x509", ...NEW_KEY, "-keyout", key, "-out", cert, "-days", "3650",
    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
}

async function signed(dir, kind, key, cert) {
  const { names, days, authority } = KINDS[kind];
  const authorityCert = await makeAuthority(dir, authority);
  const [request, extensions] = [join(dir, `${kind}.csr`), join(dir, `${kind}.ext`)];
  await writeFile(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  await openssl(["req", "-new", ...NEW_KEY, "-keyout", key, "-out", request, "-subj", "/CN=localhost"]);
  await openssl(["x509", "-req", "-in", request, "-CA", authorityCert, "-CAkey", join(dir, `${authority}.key`),
    "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", cert]);
}

async function openssl(args) {
  try {
    await run("openssl", args);
  } catch (error) {
    const reason = error.code === "ENOENT" ? "the command is not installed" : String(error.stderr).trim();
    throw new Error(`openssl ${args[0]}: ${reason}`);
  }
}

function exists(file) {
  return access(file).then(() => true, () => false);
}
