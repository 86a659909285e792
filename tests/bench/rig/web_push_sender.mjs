// Sends one message to each subscription of a file by npm's web-push: an agent that keeps connections, 100 in flight.
//
//   node web_push_sender.mjs SUBSCRIPTIONS CA_FILE      prints {"cpu": microseconds of this process}

import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import webpush from "web-push";

const IN_FLIGHT = 100;
const subscriptions = JSON.parse(readFileSync(process.argv[2], "utf8"));
const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT, ca: readFileSync(process.argv[3]) });
const keys = webpush.generateVAPIDKeys();
const options = { agent, TTL: 3600, vapidDetails: { subject: "mailto:bench@example.com", ...keys } };
const payload = JSON.stringify({ title: "Measured", body: "x".repeat(3000) });

let next = 0;
async function lane() {
  while (next < subscriptions.length) {
    const subscription = subscriptions[next];
    next += 1;
    await webpush.sendNotification(subscription, payload, options);
  }
}

const before = process.cpuUsage();
await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
const { user, system } = process.cpuUsage(before);
agent.destroy();
console.log(JSON.stringify({ cpu: user + system }));
