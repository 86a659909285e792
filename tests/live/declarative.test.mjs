// What Lamppost really sends, decrypted, is a declarative message that WebKit and Gecko take whole (PROTOCOL.md, d8),
// whatever the message holds, up to the last byte.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { geckoFaults, ownFaults, webkitFaults } from "../www/declarative.mjs";
import { startSite } from "./site.mjs";

let site;
before(async () => { site = await startSite({ config: "default_icon = /icons/icon-192.png\nreport_events = on\nclick_origins = https://listed.example\n" }); });
after(async () => { await site?.stop(); });

const kMessages = {
  "a title alone": { title: "T" },
  "a relative link": { title: "T", body: "B", url: "/news/7?a=1&b=ü#top" },
  "a listed foreign link": { title: "T", url: "https://listed.example/x" },
  "everything": { title: "Bridge", body: "Open", url: "/a", icon: "/icons/lamp.svg", image: "/i.png", badge: "/icons/badge-96.png", tag: "t",
    lang: "de-AT", dir: "auto", renotify: true, require_interaction: true, silent: true, urgency: "high",
    actions: [{ title: "Read", url: "/r" }, { title: "Map", url: "https://listed.example/m" }] },
  "from the right to the left": { title: "فتح الجسر", body: "ابتداء من السبت", lang: "ar", dir: "rtl" },
  "emoji, quotes and line ends": { title: "🌫 \"Fog\" \\ <b>", body: "a\nb\tc\u2028d 👩‍👩‍👧" },
  "replace": { title: "2 : 1", replace: "game 7", renotify: true },
  "an action without a link": { title: "T", actions: [{ title: "Home" }] },
  "a picture elsewhere": { title: "T", image: "https://pictures.example/p.jpg", icon: "https://pictures.example/i.png" },
};

/** Sends to one browser and gives the payload that it decrypts; or the status and the error when it is refused. */
async function sent(message) {
  const [answer] = [await site.admin("/api/admin/campaigns", { json: { ...message, send: true, force: true } })];
  const body = await answer.json();
  const [{ payload } = {}] = site.service.received().slice(-1);
  return { status: answer.status, body, payload: payload?.toString() };
}

for (const [what, message] of Object.entries(kMessages)) {
  test(`both parsers take: ${what}`, async () => {
    await site.clear();
    await site.subscribe(1);

    const { status, body, payload } = await sent(message);

    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(webkitFaults(payload), []);
    assert.deepEqual(geckoFaults(payload, `${site.lamppost.origin}/push/`), []);
    assert.deepEqual(ownFaults(payload), []);
    assert.equal(JSON.parse(payload).notification.data.report, true);
  });
}

test("the longest message that is taken fits with its absolute links, one byte more is refused", async () => {
  await site.clear();
  await site.subscribe(1);
  const links = { title: "t".repeat(500), url: `/${"u".repeat(300)}`, actions: [{ title: "A", url: "/a" }] };
  const rest = Buffer.byteLength((await sent({ ...links, body: "x" })).payload) - 1;

  const longest = await sent({ ...links, body: "x".repeat(3993 - rest) });
  const tooLong = await sent({ ...links, body: "x".repeat(3994 - rest) });

  assert.deepEqual([longest.status, Buffer.byteLength(longest.payload)], [200, 3993]);
  assert.deepEqual([webkitFaults(longest.payload), geckoFaults(longest.payload, `${site.lamppost.origin}/push/`)], [[], []]);
  assert.equal(tooLong.status, 400);
});

test("/push/preferences is served with the policy, and as the page of that name", async () => {
  const answer = await site.public("/push/preferences");

  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^text\/html/);
  assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
  assert.match(await answer.text(), /\/push\/preferences\/preferences\.js/);
});
