// A visitor of a whole site, in real Firefox or Chromium, with one set of moves: for stories that both must live
// through. Firefox takes its pushes from the site's push service; to Chromium, which has none, the test hands them
// over from there by the developer tools' Push button (see push_manager.mjs).
//
//   const visitor = await startVisitor("firefox", site);   // of tests/live/site.mjs; the caller closes both

import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "./browser_process.mjs";
import { startChromium } from "./chromium.mjs";
import { startFirefox } from "./firefox.mjs";
import { lendPushManager } from "./push_manager.mjs";

class Visitor {
  constructor(site) {
    this.site = site;
  }

  address(path) {
    return `${this.site.lamppost.origin}${path}`;
  }

  /** What the page's snippet says of itself, once it is `state`. */
  async reached(state) {
    await until(`the page to be ${state}`, async () => (await this.evaluate("return window.Lamppost?.state()")) === state);
  }

  /** The subscription that the browser holds, as of toJSON(); null: none. */
  async subscription() {
    return this.evaluate(`
      const registration = await navigator.serviceWorker.getRegistration("/push/");
      return (await registration?.pushManager.getSubscription())?.toJSON() ?? null;`);
  }

  /** The browser loses its subscription, and no page hears of it. */
  async drop() {
    await this.evaluate(`
      const registration = await navigator.serviceWorker.getRegistration("/push/");
      await (await registration.pushManager.getSubscription()).unsubscribe();`);
  }

  /** Waits for words in what `selector` names. */
  async says(selector, words) {
    let said;
    await until(`${selector} to say ${words}`, async () => words.test(said = await this.text(selector)))
      .catch((error) => { throw new Error(`${error.message}; it says: ${said}`); });
  }

  async visible(selector) {
    return this.evaluate("return Boolean(document.querySelector(args[0])?.getClientRects().length);", selector);
  }

  /** A picture of the page, if LAMPPOST_PICTURES names a folder for them. */
  async picture(name) {
    const folder = process.env.LAMPPOST_PICTURES;
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    await this.photograph(join(folder, `${this.kind}-${name}.png`));
  }
}

class FirefoxVisitor extends Visitor {
  kind = "firefox";

  constructor(site, firefox) {
    super(site);
    this.firefox = firefox;
  }

  open(path) { return this.firefox.open(this.address(path)); }
  click(selector) { return this.firefox.click(selector); }
  choose(selector, value) { return this.firefox.click(`${selector} option[value="${value}"]`); }
  setTime(selector, value) { return this.firefox.type(selector, value); }
  evaluate(script, ...args) { return this.firefox.evaluate(script, ...args); }
  text(selector) { return this.firefox.text(selector); }
  photograph(path) { return this.firefox.screenshot(path, { full: true }); }

  /** Waits for a notification on the screen: {title, body}. */
  shown(title) { return this.firefox.waitForNotification(title); }
  clickShown(title) { return this.firefox.clickNotification(title); }
  front() { return this.firefox.frontTab(); }

  /** Clicks, and gives the text of the file that is downloaded. */
  async downloaded(selector) {
    await this.click(selector);
    const folder = this.firefox.downloads;
    const name = await until("a download", async () =>
      (await readdir(folder).catch(() => [])).find((one) => !one.endsWith(".part")));
    return until("its content", () => readFile(join(folder, name), "utf8"));
  }

  /** What went wrong in pages and worker, refusals of the content security policy included. */
  problems() { return this.firefox.consoleErrors(this.site.lamppost.origin); }
  close() { return this.firefox.close(); }
}

class ChromiumVisitor extends Visitor {
  kind = "chromium";
  #handed = new Set();

  constructor(site, chromium, page) {
    super(site);
    this.chromium = chromium;
    this.page = page;
  }

  open(path) { return this.page.goto(this.address(path), { waitUntil: "load" }); }
  click(selector) { return this.page.locator(selector).first().click(); }
  choose(selector, value) { return this.page.selectOption(selector, value); }
  async setTime(selector, value) {
    await this.page.fill(selector, value);
    await this.page.locator(selector).blur();
  }
  // As text, which the developer tools run: `new Function` in the page is against the policy.
  evaluate(script, ...args) { return this.page.evaluate(`(async (...args) => {${script}})(...${JSON.stringify(args)})`); }
  text(selector) { return this.page.locator(selector).first().innerText(); }
  photograph(path) { return this.page.screenshot({ path, fullPage: true }); }

  async shown(title) {
    const { service } = this.site;
    const message = await until(`the message ${title} at the push service`, () => service.received().find((one) =>
      !this.#handed.has(one) && JSON.parse(one.payload).notification.title === title));
    this.#handed.add(message);
    const push = await this.chromium.pushButton(this.page, "/push/");
    await push(message.payload);
    return until(`notification ${title} in Chromium`, () => this.#onScreen(title));
  }
  #onScreen(title) { return this.chromium.desktop.open().find((one) => one.title === title); }
  async clickShown(title) { this.chromium.desktop.click(this.#onScreen(title)); }
  async front() { return (await this.chromium.frontTab()).url; }

  async downloaded(selector) {
    const [file] = await Promise.all([this.page.waitForEvent("download"), this.click(selector)]);
    return readFile(await file.path(), "utf8");
  }

  async problems() { return this.page.problems; }
  close() { return this.chromium.close(); }
}

/** kind: "firefox" or "chromium"; permission: as of startFirefox and startChromium. */
export async function startVisitor(kind, site, { permission = "granted" } = {}) {
  if (kind === "firefox") return new FirefoxVisitor(site, await startFirefox({ pushUrl: site.service.browserUrl, permission }));
  const chromium = await startChromium({ permission });
  try {
    await lendPushManager(chromium.context, site.service);
    return new ChromiumVisitor(site, chromium, await chromium.page());
  } catch (error) {
    await chromium.close();
    throw error;
  }
}
