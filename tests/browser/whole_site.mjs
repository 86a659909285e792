// The whole of Lamppost as ./dev up runs it, with a push service of this machine beside it, for a browser to visit.

import { rmSync } from "node:fs";
import { startLamppost, temporaryFolder } from "../rig/lamppost.mjs";
import { startPushService } from "../rig/push_service.mjs";

/** Starts both; gives {lamppost, service, stop}. */
export async function startWholeSite() {
  // One that the unprivileged workers can enter: the certificate is read by them.
  const folder = temporaryFolder();
  const service = await startPushService({ dir: folder });
  const stopService = async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    // As ./dev up has it by itself.
    const lamppost = await startLamppost({ config: `${service.config()}click_counting = on\n` });
    const stop = async () => {
      await lamppost.stop();
      await stopService();
    };
    return { lamppost, service, stop };
  } catch (error) {
    await stopService();
    throw error;
  }
}
