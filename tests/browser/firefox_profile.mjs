// The settings of a Firefox that a test drives: local push service, notifications drawn by Firefox itself, nobody outside asked.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const kNobody = 9;  // the discard port of this machine, where nobody listens

const kQuiet = {
  "app.update.disabledForTesting": true,
  "app.normandy.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.page": 0,
  "browser.topsites.contile.enabled": false,
  "browser.translations.enable": false,
  "captivedetect.canonicalURL": "",
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.policy.dataSubmissionPolicyBypassNotification": true,
  "datareporting.usage.uploadEnabled": false,
  "dom.min_background_timeout_value": 4,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "geo.provider.testing": true,
  "identity.fxaccounts.enabled": false,
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.http.speculative-parallel-limit": 0,
  "network.prefetch-next": false,
  "network.trr.mode": 5,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "ui.prefersReducedMotion": 1,  // a notification stands at once instead of fading in
  "toolkit.telemetry.reportingpolicy.firstRun": false,
  "toolkit.telemetry.server": "data:,",
  "toolkit.telemetry.unified": false,
};

/** Where a Firefox with its profile in `folder` puts what is downloaded, without a question. */
export const downloadFolder = (folder) => join(folder, "downloads");

/**
 * Writes `user.js` into a fresh profile folder.
 *
 * pushUrl     ws:// address of the local push service; absent: no push at all
 * permission  "granted" shows notifications without asking, "ask" asks as for a first visitor
 */
export async function writeFirefoxProfile(folder, { pushUrl, permission }) {
  const prefs = {
    ...kQuiet,
    "marionette.port": 0,  // a free one; Firefox writes it to MarionetteActivePort
    "dom.push.enabled": Boolean(pushUrl),
    "dom.push.connection.enabled": Boolean(pushUrl),
    "dom.push.serverURL": pushUrl ?? "",
    "dom.push.testing.allowInsecureServerURL": true,  // else ws:// is ignored
    "permissions.default.desktop-notification": permission === "granted" ? 1 : 0,
    "alerts.useSystemBackend": false,
    "browser.download.folderList": 2,  // the one that is named
    "browser.download.dir": downloadFolder(folder),
    "network.manage-offline-status": false,
    "network.proxy.type": 1,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
  };
  for (const kind of ["http", "ssl", "socks"]) {
    prefs[`network.proxy.${kind}`] = "127.0.0.1";
    prefs[`network.proxy.${kind}_port`] = kNobody;
  }
  const lines = Object.entries(prefs).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await writeFile(join(folder, "user.js"), `${lines.join("\n")}\n`);
}
