// Bad bodies by the hundred: what each call of the API must refuse, and under which name.
// A case is {what, body, code, field}; the body is an object, or the bytes as they go over the wire.

const named = (member) => ({ code: `bad_${member.replace(/^.*\./, "").replace(/\[.*$/, "")}`, field: member });
const missing = (member) => ({ code: `missing_${member.replace(/^.*\./, "")}`, field: member });

export const hostileEndpoints = [
  "", "x", "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "HTTPS://fcm.googleapis.com/x", "https:/fcm.googleapis.com/x",
  "javascript:alert(1)", "file:///etc/passwd", "//fcm.googleapis.com/x", "https://", "https:///127.0.0.1/", "https://fcm.googleapis.com",
  "https://127.0.0.1/x", "https://127.0.0.1:443/x", "https://[::1]/x", "https://[::ffff:127.0.0.1]/x", "https://0/x", "https://2130706433/x",
  "https://0x7f000001/x", "https://localhost/x", "https://localhost:22/x", "https://169.254.169.254/latest/meta-data/",
  "https://127.0.0.1/.google.com/", "https://evil.example/fcm.googleapis.com/x", "https://fcm.googleapis.com.evil.example/x",
  "https://evilfcm.googleapis.com/x", "https://storage.googleapis.com/x", "https://googleapis.com/x", "https://.push.apple.com/x",
  "https://push.apple.com.evil.example/x", "https://evilpush.apple.com/x", "https://notify.windows.com.evil.example/x",
  "https://permanently-removed.invalid/fcm/send/x", "https://fcm.googleapis.com./x", "https://fcm.googleapis.com:8443/x",
  "https://fcm.googleapis.com:/x", "https://fcm.googleapis.com:0/x", "https://fcm.googleapis.com:99999/x", "https://fcm.googleapis.com:443x/x",
  "https://user@fcm.googleapis.com/x", "https://user:password@fcm.googleapis.com/x", "https://fcm.googleapis.com@127.0.0.1/x",
  "https://fcm.googleapis.com\\@127.0.0.1/x", "https://fcm.googleapis.com:443@127.0.0.1/x", "https://fcm%2egoogleapis%2ecom/x",
  "https://fcm.googleapis.com%00.evil.example/x", "https://fcm.googleapis.com%2f@127.0.0.1/x", "https://fcm.googleapis.com/a b",
  " https://fcm.googleapis.com/x", "https://fcm.googleapis.com/x ", "https://fcm.googleapis.com/x\n", "https://fcm.googleapis.com/\tx",
  "https://fcm.googleapis.com/x\r\nTTL: 0", "https://fcm.googleapis.com/x#fragment", "https://fcm.googleapis.com/x\\y",
  "https://fcm.googleapis.com/\"x", "https://fcm.googleapis.com/'x", "https://fcm.googleapis.com/<x>", "https://fcm.googleapis.com/\u007f",
  "https://fcm.googleapis.com/%zz", "https://fcm.googleapis.com/%2", "https://fcm.googleapis.com/%", "https://fcm.googleapis.com/ü",
  "https://fcm.gοοgleapis.com/x", "https://fcm。googleapis。com/x", "https://_fcm.push.apple.com/x", "https://-.push.apple.com/x",
  `https://fcm.googleapis.com/${"x".repeat(2048 - 27 + 1)}`,
];

const wrongTexts = [1, 1.5, true, [], {}, ["x"]]; // where a text is wanted

const bytesOf = (count, first = 4) => Buffer.from(Array.from({ length: count }, (_, at) => (at === 0 ? first : at))).toString("base64url");

function badPoints(good) {
  const point = Buffer.from(good, "base64url");
  const changed = (change) => {
    const copy = Buffer.from(point);
    change(copy);
    return copy.toString("base64url");
  };
  return {
    "empty": "", "one byte": "BA", "the point at infinity": "AA", "64 bytes": point.subarray(0, 64).toString("base64url"),
    "66 bytes": Buffer.concat([point, Buffer.of(0)]).toString("base64url"),
    "compressed": Buffer.concat([Buffer.of(2 + (point[64] & 1)), point.subarray(1, 33)]).toString("base64url"),
    "hybrid": changed((copy) => { copy[0] = 6 + (copy[64] & 1); }),
    "off the curve": changed((copy) => { copy[64] ^= 1; }),
    "zeros": Buffer.concat([Buffer.of(4), Buffer.alloc(64)]).toString("base64url"),
    "beyond the field": Buffer.concat([Buffer.of(4), Buffer.alloc(64, 255)]).toString("base64url"),
    "both alphabets": `${good.slice(0, 20)}-_+/${good.slice(24)}`, "a space": `${good.slice(0, 20)} ${good.slice(21)}`,
    "too much padding": `${good}==`, "padding inside": `${good.slice(0, 20)}=${good.slice(21)}`, "a line break": `${good}\n`,
    "not base64": "!".repeat(87), "hexadecimal": point.toString("hex"), "letters beyond ASCII": "ä".repeat(43),
    "bits left over": `${good.slice(0, 86)}${good[86] === "B" ? "C" : "B"}`, "very long": "A".repeat(4000),
  };
}

function badSecrets(good) {
  return {
    "empty": "", "15 bytes": bytesOf(15), "17 bytes": bytesOf(17), "65 bytes": bytesOf(65), "both alphabets": `-_+/${good.slice(4)}`,
    "not base64": "!".repeat(22), "a space": ` ${good.slice(1)}`, "bits left over": "AAAAAAAAAAAAAAAAAAAAAB", "very long": "A".repeat(4000),
    "impossible length": good.slice(0, 21),
  };
}

/** A subscription's members, for one of the three shapes: `wrap` puts it in, `prefix` is how its fields are named then. */
export function badSubscriptions(good, wrap, prefix) {
  const cases = [];
  const add = (what, subscription, expected) => cases.push({ what, body: wrap(subscription), ...expected });
  const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([each]) => each !== name));
  const withKeys = (keys) => ({ ...good, keys: { ...good.keys, ...keys } });

  for (const endpoint of hostileEndpoints) add(`endpoint ${JSON.stringify(endpoint).slice(0, 80)}`, { ...good, endpoint }, named(`${prefix}endpoint`));
  for (const endpoint of wrongTexts) add(`endpoint ${JSON.stringify(endpoint)}`, { ...good, endpoint }, named(`${prefix}endpoint`));
  add("endpoint null", { ...good, endpoint: null }, missing(`${prefix}endpoint`));
  add("no endpoint", without(good, "endpoint"), missing(`${prefix}endpoint`));
  add("no keys", without(good, "keys"), missing(`${prefix}keys`));
  add("keys null", { ...good, keys: null }, missing(`${prefix}keys`));
  for (const keys of [1, "x", true, []]) add(`keys ${JSON.stringify(keys)}`, { ...good, keys }, named(`${prefix}keys`));
  for (const name of ["p256dh", "auth"]) {
    const field = `${prefix}keys.${name}`;
    add(`no ${name}`, { ...good, keys: without(good.keys, name) }, missing(field));
    for (const value of wrongTexts) add(`${name} ${JSON.stringify(value)}`, withKeys({ [name]: value }), named(field));
    const bad = name === "p256dh" ? badPoints(good.keys.p256dh) : badSecrets(good.keys.auth);
    for (const [what, value] of Object.entries(bad)) add(`${name}: ${what}`, withKeys({ [name]: value }), named(field));
  }
  return cases;
}

/** What stands beside the subscription in the third shape. */
export function badWrappings(good, foreignKey) {
  const bad = {
    language: ["x".repeat(36), "de AT", "de_AT'", "dé", "<b>", 1, [], {}],
    timezone: ["x".repeat(65), "Europe Vienna", "Europe/Wien'", "Zürich", 1, [], {}],
    key: ["x", bytesOf(64), bytesOf(66), foreignKey, "A".repeat(129), "!".repeat(87), 1, [], {}],
    replaces: [`https://fcm.googleapis.com/${"x".repeat(2048)}`, "https://fcm.googleapis.com/a b", "https://fcm.googleapis.com/ü", 1, [], {}],
    topics: ["news", 1, {}, [1], [["news"]], ["unknown"]],
    user: ["anna", 1, [], true, {}, { id: "anna", signature: "0".repeat(64) }], // no site's own until it has a secret
  };
  const cases = Object.entries(bad).flatMap(([name, values]) => values.map((value) => (
    { what: `${name} ${JSON.stringify(value).slice(0, 60)}`, body: { subscription: good, [name]: value }, ...named(name) })));
  for (const subscription of [1, "x", [], true]) cases.push({ what: `subscription ${JSON.stringify(subscription)}`, body: { subscription }, ...named("subscription") });
  cases.push({ what: "subscription null", body: { subscription: null }, ...named("subscription") });
  return cases;
}

/** The tutorial's shape: the text itself is no JSON of a subscription. */
export function badTexts(good) {
  const text = JSON.stringify(good);
  const bad = ["", "x", "null", "[]", "1", '"x"', text.slice(0, -1), `${text}x`, `${text}${text}`, `\ufeff${text}`,
    text.replace("{", '{"endpoint":"https://fcm.googleapis.com/x",'), text.replace("{", '{"x":"\\u0000",'),
    text.replace("{", '{"x":"\\ud800",'), text.replace("{", `{"x":${"[".repeat(40)}${"]".repeat(40)},`), good, 1, true, null, []];
  return bad.map((value) => ({ what: `subscription_json ${JSON.stringify(value).slice(0, 60)}`, body: { subscription_json: value }, ...named("subscription_json") }));
}

/** Not JSON, or none that we take, around an object that would be good. Every call must refuse these alike. */
export function badJson(good) {
  const text = JSON.stringify(good);
  const within = (member) => text.replace("{", `{${member},`);
  const bytes = (...list) => Buffer.concat(list.map((each) => Buffer.from(each)));
  const odd = {
    "nothing": "", "spaces": "   ", "a word": "hello", "a list": "[]", "a list around it": `[${text}]`, "a text": '"x"', "a number": "1", "null": "null",
    "broken off": text.slice(0, -1), "something after it": `${text}x`, "two of them": text + text, "a comma too many": text.replace(/}$/, ",}"),
    "single quotes": text.replaceAll('"', "'"), "a comment": `/* */${text}`, "NaN": within('"x":NaN'), "a number out of range": within('"x":1e999'),
    "a name without quotes": within("x:1"), "a raw line break in a text": within('"x":"a\nb"'), "a bad escape": within('"x":"\\x"'),
    "a member twice": within(`${JSON.stringify(Object.keys(good)[0])}:1`), "a member twice, one escaped": within('"x":1,"\\u0078":2'),
    "a member twice, deep inside": within('"x":{"y":[{"z":1,"z":2}]}'),
    "nested 33 deep": within(`"x":${"[".repeat(32)}${"]".repeat(32)}`), "nested 6000 deep": `${"[".repeat(6000)}${"]".repeat(6000)}`,
    "opened 15000 times": "[".repeat(15_000), "objects opened 3000 times": '{"a":'.repeat(3000),
    "NUL escaped": within('"x":"a\\u0000b"'), "NUL in a name": within('"a\\u0000":1'), "NUL": bytes(text.slice(0, -1), [0], "}"), "NUL after it": bytes(text, [0]),
    "half a surrogate pair": within('"x":"\\ud800"'), "the second half alone": within('"x":"\\udc00"'), "half a pair in a name": within('"\\ud800":1'),
    "a byte order mark": bytes([0xef, 0xbb, 0xbf], text), "UTF-16": Buffer.from(text, "utf16le"),
    "a byte that is not UTF-8": bytes('{"x":"', [0xff], '"}'), "a lone continuation byte": bytes('{"x":"', [0x80], '"}'),
    "an overlong slash": bytes('{"x":"', [0xc0, 0xaf], '"}'), "a surrogate in UTF-8": bytes('{"x":"', [0xed, 0xa0, 0x80], '"}'),
    "a character broken off": bytes('{"x":"', [0xe2, 0x82], '"}'), "beyond U+10FFFF": bytes('{"x":"', [0xf4, 0x90, 0x80, 0x80], '"}'),
    "bytes that are not UTF-8 in a name": bytes('{"', [0xff], '":1}'), "latin-1": Buffer.from('{"x":"ä"}', "latin1"),
  };
  return Object.entries(odd).map(([what, body]) => ({ what, body, code: "bad_json", field: "" }));
}

export function badRemovals() {
  const cases = [{ what: "no endpoint", body: {}, ...missing("endpoint") }, { what: "endpoint null", body: { endpoint: null }, ...missing("endpoint") }];
  for (const endpoint of ["", "   ", "https://fcm.googleapis.com/a b", "https://fcm.googleapis.com/\n", "https://fcm.googleapis.com/ü",
    `https://fcm.googleapis.com/${"x".repeat(2048)}`, ...wrongTexts]) {
    cases.push({ what: `endpoint ${JSON.stringify(endpoint).slice(0, 60)}`, body: { endpoint }, ...named("endpoint") });
  }
  return cases;
}

const hostileLinks = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "intent:x", "//evil.example/", "/\\evil.example", "/a b", "/a\n",
  "news", "http://evil.example/", `/${"x".repeat(2000)}`, 1, true, [], {}];

/** What a notification must not be. `send` stands in each of them: one that got through would show. */
export function badNotifications() {
  const bad = {
    title: ["", "   ", "x".repeat(501), "ü".repeat(251), ...wrongTexts],
    body: ["x".repeat(3001), ...wrongTexts],
    url: [...hostileLinks, "https://evil.example/", "https://localhost/"],
    icon: hostileLinks, image: hostileLinks.slice(0, 4), badge: hostileLinks.slice(0, 4),
    tag: ["x".repeat(65), 1], replace: ["x".repeat(65), 1], lang: ["x".repeat(36), 1], dir: ["up", "LTR", 1],
    renotify: [1, "yes", true], require_interaction: [1, "yes"], silent: [0, "no"], send: ["yes", 1, {}],
    ttl: [-1, 2_419_201, 1.5, "60", 1e300, true, []], urgency: ["urgent", "HIGH", 1],
    actions: ["x", {}, 1, [{ title: "a" }, { title: "b" }, { title: "c" }]],
    audience: [{}], send_at: [1], variants: [{}],
  };
  const cases = Object.entries(bad).flatMap(([name, values]) => values.map((value) => (
    { what: `${name} ${JSON.stringify(value).slice(0, 60)}`, body: { title: "Never to be seen", send: true, [name]: value }, ...named(name) })));
  const withAction = (action, expected) => cases.push(
    { what: `action ${JSON.stringify(action).slice(0, 60)}`, body: { title: "Never to be seen", send: true, actions: [action] }, ...expected });
  withAction(1, { code: "bad_actions", field: "actions[0]" });
  withAction({}, missing("actions[0].title"));
  withAction({ title: "x".repeat(65) }, named("actions[0].title"));
  withAction({ title: "a", url: "javascript:alert(1)" }, named("actions[0].url"));
  cases.push({ what: "no title", body: { body: "x", send: true }, ...missing("title") }, { what: "title null", body: { title: null, send: true }, ...missing("title") },
    { what: "too long altogether", body: { title: "x", body: "x".repeat(3000), url: `/${"x".repeat(1000)}`, send: true }, ...named("message") });
  return cases;
}
