// A throw-away MariaDB Galera cluster on loopback. It is killed in the end, and its folder goes. Beside
// mariadb-server-core it needs Debian's galera-4, nothing else.
//
// No node is ever filled by a transfer of state, which would need the scripts of mariadb-server, and half a minute: the
// first node's data are copied while it is down, and then all wake up in the belief that they have been together before
// (Galera's gvwstate.dat). So a node that was killed stays away.

import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./lamppost.mjs";
import { GaleraNode, PROVIDER } from "./galera_node.mjs";
import { ownByService } from "./galera_user.mjs";

const idOf = ({ number }) => `${String(number).repeat(8)}-0000-11e4-8000-${String(number).padStart(12, "0")}`;

/** The file by which a node knows itself and the others again. */
function viewOf(nodes, own) {
  const members = nodes.map((node) => `member: ${idOf(node)} 0\n`).join("");
  return `my_uuid: ${idOf(own)}\n#vwbeg\nview_id: 3 ${idOf(nodes[0])} 1\nbootstrap: 0\n${members}#vwend\n`;
}

class GaleraCluster {
  #folder;

  constructor(folder, nodes) {
    this.#folder = folder;
    this.nodes = nodes;
  }

  async start() {
    const [first, ...others] = this.nodes;
    await first.make();
    await first.start("--wsrep-cluster-address=gcomm://", "--wsrep-new-cluster");
    await first.ready(1);
    await first.sql("CREATE DATABASE lamppost CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci", "");
    await first.end("SIGTERM");
    rmSync(join(first.data, "galera.cache"));
    for (const { data } of others) cpSync(first.data, data, { recursive: true });
    for (const node of this.nodes) {
      writeFileSync(join(node.data, "gvwstate.dat"), viewOf(this.nodes, node));
      ownByService(node.data);
    }
    const all = this.nodes.map(({ address }) => address).join(",");
    for (const node of this.nodes) await node.start(`--wsrep-cluster-address=gcomm://${all}`);
    for (const node of this.nodes) await node.ready(this.nodes.length);
  }

  async stop() {
    for (const node of this.nodes) await node.end();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Starts a cluster with an empty database `lamppost`, in a folder below `parent` that the servers' user can enter: {nodes, stop}. */
export async function startGalera({ parent, nodes = 3 }) {
  if (!existsSync(PROVIDER)) throw new Error(`${PROVIDER} is not there, install Debian's galera-4`);
  const folder = join(parent, "galera");
  mkdirSync(folder);
  ownByService(folder);
  const made = [];
  for (let number = 1; number <= nodes; number += 1) made.push(new GaleraNode(folder, number, await freePort(), await freePort()));
  const cluster = new GaleraCluster(folder, made);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}
