// Three hosts on a cluster of three nodes, and one push service for all.

import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startGalera } from "../rig/galera.mjs";
import { ownByService } from "../rig/galera_user.mjs";
import { temporaryFolder } from "../rig/lamppost.mjs";
import { startPushService } from "../rig/push_service.mjs";
import { Host } from "./host.mjs";

/** {hosts, nodes, service, stop}; nothing is migrated or served yet. LAMPPOST_BINARY says what runs. */
export async function startHosts() {
  if (!process.env.LAMPPOST_BINARY) throw new Error("LAMPPOST_BINARY must name the binary that is to be tested");
  const folder = temporaryFolder();
  const endings = [() => rmSync(folder, { recursive: true })];
  const stop = async () => {
    for (let end = endings.pop(); end; end = endings.pop()) await end();
  };
  try {
    // Where it was built, the servers' user may not be able to go.
    const binary = join(folder, "lamppost");
    copyFileSync(process.env.LAMPPOST_BINARY, binary);
    chmodSync(binary, 0o755);
    const keys = join(folder, "keys");
    mkdirSync(keys);
    ownByService(keys);
    const service = await startPushService({ dir: join(folder), keep: "counts" });
    endings.push(() => service.stop());
    const { nodes, stop: stopNodes } = await startGalera({ parent: folder }).then((cluster) => (
      { nodes: cluster.nodes, stop: () => cluster.stop() }));
    endings.push(stopNodes);
    const hosts = nodes.map((node) => new Host(folder, node, { binary, service, keyFile: join(keys, "vapid.pem") }));
    for (const host of hosts) endings.push(() => host.stop());
    return { hosts, nodes, service, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
