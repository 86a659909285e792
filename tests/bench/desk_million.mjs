// That the desk answers within a second when a million are subscribed: lists, searches, counts, numbers, the first bytes of
// the export. Each call's first answer, and the middle one of five.
//
//   LAMPPOST_BINARY=... tests/rig/with_mariadb.sh node tests/bench/desk_million.mjs [COUNT [PART OF THE CALLS' NAMES]]

import { startAdminPool } from "./rig/admin_pool.mjs";
import { argument, withBench } from "./rig/bench.mjs";
import { sql } from "./rig/database.mjs";
import { Figures, median } from "./rig/figures.mjs";

const MOST = 1000; // ms
const TIMES = 5;
const count = argument(1, 1_000_000);
const wanted = process.argv[3] ?? "";
const half = Math.floor(count / 2);
const list = (query) => ["GET", `/api/admin/subscriptions?${query}`];
const audience = (expression) => ["POST", "/api/admin/preview", { json: { title: "Measured", audience: expression } }];

const calls = {
  "the list of subscribers": list(""),
  "the list from the middle": list(`after=${half}&limit=200`),
  "the list of who has left": list("state=gone"),
  "the list of who has paused": list("state=paused"),
  "the list of a push service": list("service=windows"),
  "the list of a language": list("lang=de"),
  "the list of a language that nobody has": list("lang=fi"),
  "the list of a topic": list("topic=news"),
  "the list of a rare topic of a push service": list("topic=chess&service=apple&lang=fr"),
  "the list by an id": list(`q=${half}`),
  "the list by a user": list("q=user-77"),
  "the list by an endpoint's end": list("q=zzzzzz"),
  "the first bytes of the export": ["GET", "/api/admin/subscriptions/export", { isBrief: true }],
  "the preview for everybody": audience(""),
  "the preview for a language": audience("lang:de"),
  "the preview for a topic": audience("news"),
  "the preview for a rare topic": audience("chess"),
  "the preview for who came lately": audience("joined:30d"),
  "the preview for many conditions": audience("(news || chess) && !lang:de && (service:fcm || service:apple) && seen:90d && !user:\"user-7\""),
  "the numbers of 30 days": ["GET", "/api/admin/stats?days=30"],
  "the numbers of 400 days": ["GET", "/api/admin/stats?days=400"],
  "the campaigns": ["GET", "/api/admin/campaigns"],
};

// What makes subscribers different: where they are, what they read, when they came, what they chose.
const origin = (n) => `ELT(1 + (${n} % 20 > 13) + (${n} % 20 > 17) + (${n} % 20 > 18), 'https://fcm.googleapis.com', 'https://updates.push.services.mozilla.com',
  'https://web.push.apple.com', 'https://wns2-par02p.notify.windows.com')`;
const various = {
  language: (n) => `ELT(1 + ${n} % 5, 'en', 'de-AT', 'fr', 'de', '')`,
  created: (n) => `UNIX_TIMESTAMP() - (${n} % 900) * 86400`,
  seen: (n) => `UNIX_TIMESTAMP() - (${n} % 90) * 86400`,
  gone: (n) => `IF(${n} % 50 = 0, UNIX_TIMESTAMP() - (${n} % 14) * 86400, NULL)`,
};

function choose() {
  sql(`
    INSERT INTO topic (name, label, is_default, place) VALUES ('news', 'News', 1, 0), ('chess', 'Chess', 0, 1);
    INSERT INTO subscription_topic SELECT id, 'news' FROM subscription WHERE id % 2 = 0;
    INSERT INTO subscription_topic SELECT id, 'chess' FROM subscription WHERE id % 1000 = 0;
    INSERT INTO preference (subscription_id, user_id, paused_until)
      SELECT id, CONCAT('user-', id), IF(id % 400 = 7, UNIX_TIMESTAMP() + 86400, NULL) FROM subscription WHERE id % 10 = 7;
    ANALYZE TABLE subscription, subscription_topic, preference`);
}

await withBench(async (bench) => {
  const figures = new Figures("desk");
  bench.seed(count, { origin, various });
  choose();
  const pool = await startAdminPool(bench.folder, bench.config);
  try {
    for (const [what, call] of Object.entries(calls).filter(([name]) => name.includes(wanted))) {
      const taken = [], refused = [];
      for (let i = 0; i < TIMES; i += 1) {
        const { status, text, first, whole } = await pool.ask(...call);
        taken.push(call[2]?.isBrief ? first : whole);
        if (status !== 200) refused.push(`${status} ${text}`);
      }
      figures.tell(median(taken), `ms for ${what}`);
      figures.atMost(taken[0], MOST, `ms for ${what}, the first time`);
      if (refused.length > 0) figures.atMost(refused.length, 0, `times ${what} was refused: ${refused[0]}`);
    }
  } finally {
    await pool.stop();
  }
});
