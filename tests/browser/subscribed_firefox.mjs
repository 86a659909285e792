// A Firefox that has subscribed on a small site, with www/push/sw.js, at a push service on this machine.
//
//   const it = await startSubscribedFirefox();   it.firefox, .site, .service, .sender, .subscription; await it.stop();

import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { makeVapid, Sender } from "../rig/push/independent_sender.mjs";
import { startPushService } from "../rig/push_service.mjs";
import { freshFolder } from "./browser_process.mjs";
import { startFirefox } from "./firefox.mjs";
import { startStaticSite } from "./static_site.mjs";

const kSubscribe = `
  const registration = await navigator.serviceWorker.register("/push/sw.js", { scope: "/push/" });
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (worker.state !== "activated") await new Promise((seen) => worker.addEventListener("statechange", seen, { once: true }));
  return (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: args[0] })).toJSON();`;

/** What was started is stopped again when something fails on the way. */
export async function startSubscribedFirefox() {
  const it = { folder: await freshFolder("push-service") };
  it.stop = async () => {
    await it.firefox?.close();
    it.sender?.close();
    await it.site?.stop();
    await it.service?.stop();
    await rm(it.folder, { recursive: true });
  };
  try {
    it.service = await startPushService({ dir: it.folder });
    it.sender = new Sender(readFileSync(it.service.caFile), await makeVapid());
    it.site = await startStaticSite({ config: { site: "The Daily Lamp" } });
    it.firefox = await startFirefox({ pushUrl: it.service.browserUrl });
    await it.firefox.open(`${it.site.origin}/start`);
    it.subscription = await it.firefox.evaluate(kSubscribe, it.sender.vapid.publicKey);
    return it;
  } catch (error) {
    await it.stop();
    throw error;
  }
}
