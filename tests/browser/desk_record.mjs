// What a simulated admin API holds besides campaigns: enough for every page of the desk to have something to show.

const kDay = 86400;
const kToday = Math.floor(Date.now() / 1000 / kDay) * kDay;
const kHosts = { fcm: "fcm.googleapis.com", mozilla: "updates.push.services.mozilla.com", windows: "wns2-par02p.notify.windows.com", apple: "web.push.apple.com" };
const kServices = [["fcm", 2901], ["mozilla", 402], ["windows", 310], ["apple", 175]].map(([service, active]) => ({ service, active }));

function subscriber(id) {
  const service = kServices[id % 4].service;
  return { id, service, host: kHosts[service], endpoint_tail: `${id}`.padStart(6, "x"), language: ["en", "de-AT", "fr"][id % 3], timezone: "Europe/Vienna",
    created_at: kToday - id * 3600, seen_at: kToday - (id % 9) * kDay, gone_at: null, paused_until: null, quiet_hours: null, topics: ["town"], user: "" };
}

function stats(days) {
  const list = Array.from({ length: days }, (_, index) => {
    const day = kToday - (days - 1 - index) * kDay;
    return { day, active: 3500 + index * 10, joined: 14 + (index % 5), left: 5 + (index % 3), accepted: index % 3 ? 0 : 3500, failed: index % 3 ? 0 : 12, gone: index % 3 ? 0 : 20, clicks: index % 3 ? 9 : 140 };
  });
  return { now: kToday + 3600, updated_at: kToday, active: 3788, today: { joined: 14, left: 5 }, days: list, services: kServices,
    languages: [{ language: "en", active: 2100 }, { language: "de", active: 1200 }, { language: "", active: 488 }],
    ages: [{ from_days: 0, to_days: 30, active: 900, gone: 40 }, { from_days: 30, to_days: 365, active: 2000, gone: 210 }, { from_days: 365, to_days: null, active: 888, gone: 300 }],
    hours: Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_hour, hour) => (hour > 5 ? (day + 1) * hour : 0))), weekly_pushes: 1.8 };
}

export function record() {
  return {
    me: { name: "ana", version: "1.0.0" },
    topics: [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport", default: false }],
    segments: [{ name: "locals", label: "Locals who read German", audience: "town && lang:de" }],
    drafts: [],
    images: new Map(),
    subscriptions: Array.from({ length: 120 }, (_, index) => subscriber(index + 1)),
    stats,
    doctor: { checks: [{ name: "database", state: "ok", detail: "answers in 1 ms", remedy: "" },
      { name: "timer", state: "warning", detail: "nothing has called lamppost resume for 20 minutes", remedy: "* * * * * lamppost resume" }] },
    settings: { settings: [{ key: "site_name", value: "The Lamppost", default: "", meaning: "What the site is called" }], vapid_public_key: "BKey", version: "1.0.0" },
  };
}
