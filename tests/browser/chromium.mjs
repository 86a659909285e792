// Chromium as a person uses it: pages by playwright-core, a desktop whose notifications can be seen and clicked,
// and the developer tools' Push button for its service workers. A profile of its own, on this machine only.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { endBrowser, freshFolder, startBrowser, until } from "./browser_process.mjs";
import { startDesktop } from "./desktop.mjs";

const kPermission = { granted: 1, denied: 2, ask: 3 };  // Chromium's content settings

const kFlags = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
  "--no-first-run", "--no-default-browser-check",
  "--disable-component-update", "--disable-sync", "--disable-background-networking", "--disable-breakpad",
  "--password-store=basic", "--use-mock-keychain", "--remote-debugging-port=0",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

class Chromium {
  constructor(parts) {
    Object.assign(this, parts);
    this.context = this.browser.contexts()[0];
  }

  /** A new tab; `problems` collects its console errors, page errors and refusals of the content security policy. */
  async page() {
    const page = await this.context.newPage();
    page.problems = [];
    page.on("console", (message) => {
      if (message.type() === "error" || /Content Security Policy/.test(message.text())) page.problems.push(message.text());
    });
    page.on("pageerror", (error) => page.problems.push(error.message));
    return page;
  }

  /** The addresses of all open tabs. */
  tabs() {
    return this.context.pages().map((page) => page.url());
  }

  /** The tab in front: {id, url}. Chromium lists its tabs by when they last were there. */
  async frontTab() {
    const { host } = new URL(this.tools);
    const targets = await (await fetch(`http://${host}/json/list`)).json();
    return targets.find((one) => one.type === "page");
  }

  /** The id of a tab, as frontTab() gives it. */
  async idOf(page) {
    const tools = await this.context.newCDPSession(page);
    const { targetInfo } = await tools.send("Target.getTargetInfo");
    return targetInfo.targetId;
  }

  /**
   * The Push button of the developer tools, for the worker that `page` registered under `scope`.
   * Gives `push(data)`: data is text; undefined is a push without payload.
   */
  async pushButton(page, scope) {
    const tools = await this.context.newCDPSession(page);
    const registrations = new Map();
    const versions = new Map();
    tools.on("ServiceWorker.workerRegistrationUpdated", (event) => {
      event.registrations.forEach((one) => registrations.set(one.scopeURL, one));
    });
    tools.on("ServiceWorker.workerVersionUpdated", (event) => {
      event.versions.forEach((one) => versions.set(one.registrationId, one));
    });
    await tools.send("ServiceWorker.enable");
    const url = new URL(scope, page.url()).href;
    const registration = await until(`an active worker for ${url}`, () => {
      const found = registrations.get(url);
      return found && versions.get(found.registrationId)?.status === "activated" && found;
    });
    return (data) => tools.send("ServiceWorker.deliverPushMessage",
      { origin: new URL(url).origin, registrationId: registration.registrationId, data: data ?? "" });
  }

  /** Ends Chromium, its children, its desktop and its profile. */
  async close() {
    await this.browser.close();
    await endBrowser(this.process.pid, this.folder);
    await this.desktop.stop();
  }
}

/**
 * Starts Chromium with a fresh profile; the caller closes it.
 * permission: "granted" lets every page show notifications, "denied" none, "ask" asks as for a first visitor
 */
export async function startChromium({ permission = "granted" } = {}) {
  const folder = await freshFolder("chromium");
  const profile = join(folder, "profile");
  await mkdir(join(profile, "Default"), { recursive: true });
  const notifications = kPermission[permission];
  await writeFile(join(profile, "Default", "Preferences"),
    JSON.stringify({ profile: { default_content_setting_values: { notifications } } }));
  const desktop = await startDesktop(folder);
  const program = process.env.LAMPPOST_CHROMIUM ?? "chromium";
  const child = startBrowser(program, [...kFlags, `--user-data-dir=${profile}`, "about:blank"],
    { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, DBUS_SESSION_BUS_ADDRESS: desktop.address,
      DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(folder, "no-system-bus")}` });
  try {
    const address = await until("Chromium's developer tools", () => {
      if (child.failed()) throw new Error(child.failed());
      return child.said().match(/DevTools listening on (ws:\S+)/)?.[1];
    }, 60000);
    const browser = await chromium.connectOverCDP(address);
    return new Chromium({ browser, tools: address, process: child, folder, desktop });
  } catch (error) {
    if (child.pid) await endBrowser(child.pid, folder);
    await desktop.stop();
    throw error;
  }
}
