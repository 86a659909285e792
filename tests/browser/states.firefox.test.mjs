// Every state that a Firefox can be in, reached in truth: by Firefox's own questions and settings and by what the
// server does, on the front page of the demo newspaper. The suite is one story, in this order.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { temporaryFolder } from "../rig/lamppost.mjs";
import { until } from "./browser_process.mjs";
import { startVisitor } from "./visitor.mjs";

const kPush = "dom.push.connection.enabled";

describe("the states in Firefox", () => {
  let folder;
  let site;
  let visitor;
  let firefox;

  before(async () => {
    folder = temporaryFolder();
    mkdirSync(join(folder, "keys"));
    chmodSync(join(folder, "keys"), 0o777);  // the servers' user writes here
    site = await startSite();
    visitor = await startVisitor("firefox", site, { permission: "ask" });
    firefox = visitor.firefox;
  });
  after(async () => {
    await visitor?.close();
    await site?.stop();
    rmSync(folder, { recursive: true });
  });

  /** The page says so in these words, and offers a press or none. */
  async function stands(state, words, press) {
    await visitor.reached(state);
    await visitor.says("[data-lamppost-status]", words);
    assert.equal(await visitor.visible("[data-lamppost-subscribe]"), press);
    await visitor.picture(`state-${state}`);
  }
  const press = () => visitor.click("[data-lamppost-subscribe]");

  test("default, then asking, then, when the question stays open, where it is to be found", async () => {
    await visitor.open("/");
    await stands("default", /asks you to allow them/, true);

    await press();
    await until("the browser's question", async () => (await firefox.questions()).length === 1);
    await stands("asking", /Choose “Allow”/, true);
    await stands("quieted", /address bar/, true);
  });

  test("blocked by the visitor, with the way back, and no further question", async () => {
    await firefox.block();

    await stands("blocked", /blocks notifications/, true);
    await visitor.click("details[data-lamppost-when=blocked] summary");
    assert.match(await visitor.text("details[data-lamppost-when=blocked]"), /Firefox: the lock/);
    await press();
    await stands("blocked", /blocks notifications/, true);
    assert.deepEqual(await firefox.questions(), []);
    await visitor.open("/town/");
    await until("the bell", () => visitor.visible(".lamppost-bell"));
    await visitor.click(".lamppost-bell");
    await visitor.says(".lamppost-panel .lamppost-status", /blocks notifications/);
    await visitor.picture("state-blocked-bell");
  });

  test("site-error while the site has no key, and a press later makes it good", async () => {
    await firefox.forgetAnswers();
    const rows = await site.sql("SELECT id, HEX(point), created_at FROM vapid_key");
    await site.sql("DELETE FROM vapid_key");
    await visitor.open("/");
    await visitor.reached("default");
    await press();
    await until("the browser's question", async () => (await firefox.questions()).length === 1);
    await firefox.allow();
    await stands("site-error", /try again/i, true);

    for (const [id, point, at] of rows) await site.sql(`INSERT INTO vapid_key VALUES (${id}, UNHEX('${point}'), ${at})`);
    await press();

    await stands("on", /are on/, false);
  });

  test("granted-off after turning off", async () => {
    await visitor.click("[data-lamppost-unsubscribe]");

    await stands("granted-off", /turn them on any time/, true);
  });

  test("service-error while Firefox keeps away from its push service, and a press later makes it good", async () => {
    await firefox.set(kPush, false);
    await press();
    await stands("service-error", /reach its push service/, true);

    await firefox.set(kPush, true);
    await press();

    await stands("on", /are on/, false);
    assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), 1);
  });

  test("stale-key when the site's key is another and Firefox can't renew; the next visit can", async () => {
    const settings = join(folder, "new.conf");
    writeFileSync(settings, `vapid_key_file = ${join(folder, "keys/new.pem")}\n`);
    const made = await site.lamppostCommand(["keys", "new"], [settings]);
    assert.equal(made.code, 0, made.err);
    const { endpoint } = await visitor.subscription();
    await firefox.set(kPush, false);
    await visitor.open("/");
    await stands("stale-key", /renewed/, true);

    await firefox.set(kPush, true);
    await visitor.open("/");

    await until("a new subscription", async () => ![undefined, endpoint].includes((await visitor.subscription())?.endpoint));
    await stands("on", /are on/, false);
    await until("the server to have it alone", async () =>
      (await site.sql("SELECT endpoint FROM subscription")).join() === (await visitor.subscription()).endpoint);
  });

  // Firefox lets private windows subscribe since it lets workers into them; older ones say "private".
  test("a private window is a visitor of its own", async () => {
    await firefox.openPrivateWindow();
    await visitor.open("/");
    await visitor.reached("default");
    await press();
    await until("the browser's question", async () => (await firefox.questions()).length === 1);
    await firefox.allow();

    await visitor.reached("on");
    assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), 2);
  });

  test("nothing went wrong on the way but what was made to", async () => {
    assert.deepEqual(await visitor.problems(), []);
  });
});
