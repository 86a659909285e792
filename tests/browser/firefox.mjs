// Firefox as a person uses it: pages, clicks, typing, a login, notifications on the screen and clicks on them.
// Headless, with a profile of its own, driven over Marionette; it talks to this machine only.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { endBrowser, freshFolder, startBrowser, until } from "./browser_process.mjs";
import { downloadFolder, writeFirefoxProfile } from "./firefox_profile.mjs";
import { connectMarionette } from "./marionette.mjs";

const kElement = "element-6066-11e4-a52e-4f735466cecf";  // the name of an element reference (WebDriver, 12.1)

// Runs inside Firefox. It opens one `alert:alert` window for each notification; `gIsActive` tells that it stands.
const kAlerts = `
  const label = (w, id) => w.document.getElementById(id).getAttribute("value") ?? w.document.getElementById(id).textContent;
  const alerts = [...Services.wm.getEnumerator("alert:alert")].filter((w) => w.gIsActive && !w.gIsReplaced);`;

const kReadNotifications = `${kAlerts}
  return alerts.map((w) => ({
    title: label(w, "alertTitleLabel"), body: label(w, "alertTextLabel"), origin: label(w, "alertSourceLabel") }));`;

const kFindWindow = `${kAlerts}
  const [title, done] = [arguments[0], arguments[arguments.length - 1]];
  const w = alerts.find((one) => label(one, "alertTitleLabel") === title);
  if (!w) return done({ missing: true });`;

const kDrawNotification = `${kFindWindow}
  w.browsingContext.currentWindowGlobal.drawSnapshot(null, 2, "white").then((bitmap) => {
    const canvas = new w.OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    return canvas.convertToBlob({ type: "image/png" }).then((blob) => blob.arrayBuffer());
  }).then((bytes) => done({ png: [...new Uint8Array(bytes)] }), (error) => done({ failure: String(error) }));`;

const kClickNotification = `${kFindWindow}
  w.document.getElementById("alertBox").click();
  done({ clicked: true });`;

class Firefox {
  constructor(folder, browser, marionette) {
    this.folder = folder;
    this.downloads = downloadFolder(folder);
    this.browser = browser;
    this.marionette = marionette;
  }

  /** Opens a page in the present tab and waits until it is loaded. */
  async open(url) {
    await this.marionette.send("WebDriver:Navigate", { url });
  }

  /** Opens a page behind basic auth: the login once in the address, as a person may give it, then the plain address. */
  async openWithLogin(url, user, password) {
    const address = new URL(url);
    address.username = user;
    address.password = password;
    await this.open(address.href);
    await this.open(url);
  }

  async #element(selector) {
    const found = await this.marionette.send("WebDriver:FindElement", { using: "css selector", value: selector });
    return found[kElement];
  }

  /** Clicks what `selector` names, as a trusted user gesture. */
  async click(selector) {
    await this.marionette.send("WebDriver:ElementClick", { id: await this.#element(selector) });
  }

  /** Empties a field and types `text` into it. */
  async fill(selector, text) {
    const id = await this.#element(selector);
    await this.marionette.send("WebDriver:ElementClear", { id });
    await this.marionette.send("WebDriver:ElementSendKeys", { id, text });
  }

  /** Types `text` as it is, without emptying first; sets a time or a date. */
  async type(selector, text) {
    await this.marionette.send("WebDriver:ElementSendKeys", { id: await this.#element(selector), text });
  }

  /** Runs the body of an async function in the page, `args` being its arguments; gives what it returns. */
  async evaluate(script, ...args) {
    const { value, error } = await this.marionette.send("WebDriver:ExecuteAsyncScript", {
      script: `const done = arguments[arguments.length - 1];
        (async (...args) => {${script}})(...[...arguments].slice(0, -1))
          .then((value) => done({ value }), (error) => done({ error: String(error) }));`,
      args,
    });
    if (error) throw new Error(`in the page: ${error}`);
    return value;
  }

  /** The visible text of what `selector` names. */
  async text(selector) {
    return this.marionette.send("WebDriver:GetElementText", { id: await this.#element(selector) });
  }

  async #inChrome(kind, script, args = []) {
    await this.marionette.send("Marionette:SetContext", { value: "chrome" });
    try {
      return await this.marionette.send(`WebDriver:Execute${kind}`, { script, args });
    } finally {
      await this.marionette.send("Marionette:SetContext", { value: "content" });
    }
  }

  /** The address of the tab in front. */
  async frontTab() {
    return this.#inChrome("Script", `
      return Services.wm.getMostRecentWindow("navigator:browser").gBrowser.selectedBrowser.currentURI.spec;`);
  }

  /** Whether Firefox asks its user something at the moment: the ids of the questions, such as "web-notifications". */
  async questions() {
    return this.#inChrome("Script", `
      return [...Services.wm.getEnumerator("navigator:browser")].flatMap((w) =>
        (w.PopupNotifications.getNotification("web-notifications", w.gBrowser.selectedBrowser) ? ["web-notifications"] : []));`);
  }

  async #answer(button) {
    const answered = await this.#inChrome("Script", `
      const button = document.querySelector("#notification-popup popupnotification " + arguments[0]);
      button?.click();
      return Boolean(button);`, [button]);
    if (!answered) throw new Error("Firefox asks nothing that could be answered");
  }

  /** Answers Firefox's question about notifications with Allow. */
  allow() { return this.#answer(".popup-notification-primary-button"); }

  /** Answers it with Block. */
  block() { return this.#answer(".popup-notification-secondary-button"); }

  /** Changes one of the settings of about:config; true or false. */
  async set(name, value) {
    await this.#inChrome("Script", "Services.prefs.setBoolPref(arguments[0], arguments[1]);", [name, value]);
  }

  /** Goes on in a new private window. */
  async openPrivateWindow() {
    const { handle } = await this.marionette.send("WebDriver:NewWindow", { type: "window", focus: true, private: true });
    await this.marionette.send("WebDriver:SwitchToWindow", { handle });
    const isPrivate = await this.#inChrome("Script", `
      return PrivateBrowsingUtils.isWindowPrivate(Services.wm.getMostRecentWindow("navigator:browser"));`);
    if (!isPrivate) throw new Error("Firefox opened a window that is not private");
  }

  /** Forgets what its user has allowed and blocked: every site is new again. */
  async forgetAnswers() {
    await this.#inChrome("Script", "Services.perms.removeAll();");
  }

  /** What stands on the screen now: [{title, body, origin}]. */
  async notifications() {
    return this.#inChrome("Script", kReadNotifications);
  }

  /** Waits for a notification, of that title if one is given. */
  async waitForNotification(title, timeout = 20000) {
    return until(`notification ${title ?? ""} in Firefox`, async () =>
      (await this.notifications()).find((one) => title === undefined || one.title === title), timeout);
  }

  /** Draws the notification of that title; gives the PNG and writes it to `file` when one is given. */
  async drawNotification(title, file) {
    const answer = await this.#inChrome("AsyncScript", kDrawNotification, [title]);
    if (!answer.png) throw new Error(`notification ${title}: not drawn: ${answer.failure ?? "no such window"}`);
    const png = Buffer.from(answer.png);
    if (file) await writeFile(file, png);
    return png;
  }

  /** Clicks the notification of that title; the service worker gets a trusted notificationclick. */
  async clickNotification(title) {
    const answer = await this.#inChrome("AsyncScript", kClickNotification, [title]);
    if (!answer.clicked) throw new Error(`notification ${title}: none on the screen to click`);
  }

  /** Draws the present page to a PNG: what is in the window, or all of it when `full`. */
  async screenshot(file, { full = false } = {}) {
    const png = Buffer.from(await this.marionette.send("WebDriver:TakeScreenshot", { full }), "base64");
    if (file) await writeFile(file, png);
    return png;
  }

  /** The errors that pages and workers of `origin` left in the browser's console, refusals of the policy included. */
  async consoleErrors(origin) {
    return this.#inChrome("Script", `
      return Services.console.getMessageArray()
        .filter((m) => m instanceof Ci.nsIScriptError && !(m.flags & Ci.nsIScriptError.warningFlag))
        .filter((m) => m.sourceName.startsWith(arguments[0]) || m.category === "CSP")
        .map((m) => m.errorMessage);`, [origin]);
  }

  /** Ends Firefox and its children and removes the profile. */
  async close() {
    this.marionette.close();
    await endBrowser(this.browser.pid, this.folder);
  }
}

/** Starts Firefox; options as for writeFirefoxProfile. The caller closes it. */
export async function startFirefox({ pushUrl, permission = "granted" } = {}) {
  const folder = await freshFolder("firefox");
  await writeFirefoxProfile(folder, { pushUrl, permission });
  const browser = startBrowser(process.env.LAMPPOST_FIREFOX ?? "firefox-esr",
    ["--headless", "--no-remote", "--profile", folder, "--marionette", "--remote-allow-system-access"],
    { ...process.env, HOME: folder, MOZ_REMOTE_SETTINGS_DEVTOOLS: "1", MOZ_CRASHREPORTER_DISABLE: "1" });
  try {
    const port = await until("Firefox's remote control", async () => {
      if (browser.failed()) throw new Error(browser.failed());
      const text = await readFile(join(folder, "MarionetteActivePort"), "utf8").catch((error) => {
        if (error.code !== "ENOENT") throw error;
        return "";
      });
      return Number(text);
    }, 60000);
    const marionette = await connectMarionette(port);
    await marionette.send("WebDriver:NewSession", { strictFileInteractability: true });
    return new Firefox(folder, browser, marionette);
  } catch (error) {
    if (browser.pid) await endBrowser(browser.pid, folder);
    throw error;
  }
}
