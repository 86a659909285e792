// A push service on this machine, so that Lamppost and browsers can be tested without any push company:
// to browsers Mozilla's autopush protocol, to Lamppost RFC 8030 over TLS, HTTP/2 and HTTP/1.1.
//
// As a module:   const service = await startPushService({ dir });   (see PushService in push/service.mjs)
// As a program:  node tests/rig/push_service.mjs --dir DIR [--port N] [--browser-port N] [--control-port N] [--hosts N]
//                [--hostname NAME] [--streams N] [--keep everything|counts|requests]
//   prints         ready <origin> <ws url> ca <file> control <url>
//   and goes on until SIGTERM or SIGINT; what the control address does stands in push/control.mjs.

import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startControl } from "./push/control.mjs";
import { PushService } from "./push/service.mjs";

/**
 * dir          folder for the authority and the certificates
 * keep         everything | counts | requests: how much of each message is remembered (see Ledger)
 * clock        () => milliseconds since 1970
 * browserPort  of the WebSocket; 0: any
 * hosts        how many origins; and for each, as addHost(): port, hostname, protocols, streams, tls, certificate
 */
export async function startPushService({ dir, keep, clock, ...options }) {
  const service = new PushService({ dir, keep, clock });
  await service.start(options);
  return service;
}

async function main() {
  const options = {};
  for (const name of ["dir", "port", "browser-port", "control-port", "hosts", "hostname", "streams", "keep"]) {
    options[name] = { type: "string" };
  }
  const { values } = parseArgs({ options });
  const number = (name, otherwise) => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isInteger(value) || value < 0 || value > 65535) throw new Error(`--${name} ${values[name]}: must be a whole number up to 65535`);
    return value;
  };
  const service = await startPushService({
    dir: values.dir, keep: values.keep, hostname: values.hostname,
    port: number("port", 0), browserPort: number("browser-port", 0), hosts: number("hosts", 1), streams: number("streams", 100),
  });
  const control = await startControl(service, number("control-port", 0));
  const end = async () => {
    await Promise.all([service.stop(), control.stop()]);
    process.exit(0);
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  console.log(`ready ${service.origin} ${service.browserUrl} ca ${service.caFile} control ${control.url}`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(`push_service: ${error.message}`);
    process.exit(1);
  });
}
