// The checklist of the first run, the doctor's report, the API's page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadModule } from "./shims/load_module.mjs";

const { isFirstRun, steps } = await loadModule("admin/checklist.js");
const { report, verdict, worstFirst } = await loadModule("admin/report.js");
const { groups, outline, resolved } = await loadModule("admin/openapi.js");
const { pieces } = await loadModule("admin/inline_text.js");
const { configLine } = await loadModule("admin/snippets.js");

const fine = { checks: [{ name: "site", state: "ok" }, { name: "cron", state: "warning" }] };
const settings = { vapid_public_key: "BKey", settings: [{ key: "vapid_subject", value: "mailto:a@example.org" }] };
const done = (known) => steps(known).map((one) => one.done);

test("each step is done when the API says so", () => {
  const campaigns = { campaigns: [] };

  assert.deepEqual(done({ doctor: { checks: [{ name: "https", state: "failed" }] }, settings: { settings: [] }, stats: { active: 0 }, campaigns, tested: false }), [false, false, false, false]);
  assert.deepEqual(done({ doctor: fine, settings, stats: { active: 1 }, campaigns, tested: true }), [true, true, true, true]);
  assert.equal(done({ doctor: fine, settings: { ...settings, settings: [] }, stats: { active: 1 }, campaigns })[1], false);
});

test("a step that could not be looked at is neither done nor undone", () => {
  assert.deepEqual(done({ doctor: null, settings: null, stats: null, campaigns: null, tested: false }), [null, null, null, null]);
});

test("what the doctor found is named at the first step", () => {
  const [{ text }] = steps({ doctor: { checks: [{ name: "https", state: "failed" }, { name: "key", state: "failed" }] }, settings, stats: null, campaigns: null });

  assert.equal(text, "The doctor found 2 things to mend: https, key.");
});

test("without HTTPS the site isn't ready, whatever the doctor says", () => {
  const [{ done: ready, text }] = steps({ doctor: fine, settings, stats: null, campaigns: null, secure: false });

  assert.equal(ready, false);
  assert.match(text, /HTTPS only/);
});

test("the first run ends with the first accepted message", () => {
  assert.equal(isFirstRun({ campaigns: { campaigns: [] } }), true);
  assert.equal(isFirstRun({ campaigns: { campaigns: [{ counts: { accepted: 0 } }] } }), true);
  assert.equal(isFirstRun({ campaigns: { campaigns: [{ counts: { accepted: 1 } }] } }), false);
  assert.equal(isFirstRun({ campaigns: null }), false);
});

const CHECKS = [{ name: "key", state: "ok", detail: "2 keys", remedy: "" }, { name: "cron", state: "warning", detail: "last tick 3 hours ago", remedy: "add the line to crontab" }, { name: "apple", state: "failed", detail: "403 BadJwtToken", remedy: "check vapid_subject" }];

test("the doctor's worst comes first, and its report is text", () => {
  assert.deepEqual(worstFirst(CHECKS).map(({ name }) => name), ["apple", "cron", "key"]);
  assert.equal(verdict(CHECKS), "1 failed, 1 warning, 1 fine");
  assert.equal(verdict([CHECKS[0]]), "All 1 checks are fine");
  assert.equal(verdict([]), "Nothing was checked");
  assert.equal(report(CHECKS, { version: "0.9.0", at: new Date(0) }), [
    "Lamppost 0.9.0, 1970-01-01T00:00:00.000Z: 1 failed, 1 warning, 1 fine",
    "✖ apple: 403 BadJwtToken", "  → check vapid_subject", "⚠ cron: last tick 3 hours ago", "  → add the line to crontab", "✔ key: 2 keys"].join("\n"));
});

const DOCUMENT = {
  openapi: "3.1.0",
  tags: [{ name: "Messages" }, { name: "Unused" }],
  components: {
    parameters: { Id: { name: "id", in: "path", required: true, schema: { type: "integer" } } },
    responses: { Refused: { description: "What is wrong" } },
    schemas: {
      Message: { type: "object", required: ["title"], properties: { title: { type: "string", description: "What\n it says" }, actions: { type: "array", items: { $ref: "#/components/schemas/Action" } } } },
      Action: { type: "object", properties: { title: { type: "string" }, again: { $ref: "#/components/schemas/Action" } } },
    },
  },
  paths: {
    "/api/admin/campaigns/{id}": {
      parameters: [{ $ref: "#/components/parameters/Id" }],
      get: { tags: ["Messages"], summary: "One", responses: { 200: { description: "It", content: { "application/json": { schema: { $ref: "#/components/schemas/Message" }, example: { title: "x" } } } }, 404: { $ref: "#/components/responses/Refused" } } },
    },
    "/api/health": { get: { responses: {} } },
  },
};

test("operations are grouped by tag, with what they refer to", () => {
  const [messages, other] = groups(DOCUMENT);
  const [get] = messages.operations;

  assert.deepEqual([messages.tag, other.tag], ["Messages", "Other"]);
  assert.deepEqual([get.method, get.path, get.id], ["GET", "/api/admin/campaigns/{id}", "get-api-admin-campaigns-id"]);
  assert.deepEqual(get.parameters, [{ name: "id", place: "path", required: true, description: "", type: "integer" }]);
  assert.deepEqual(get.responses.map(({ status, description }) => [status, description]), [["200", "It"], ["404", "What is wrong"]]);
  assert.deepEqual(get.responses[0].bodies[0].example, { title: "x" });
});

test("a schema is outlined a member a line, and one that holds itself comes to an end", () => {
  const lines = outline(DOCUMENT, { $ref: "#/components/schemas/Message" }).split("\n");

  assert.deepEqual(lines.slice(0, 4), ["title: string  – What it says", "actions?: object[]", "  title?: string", "  again?: object"]);
  assert.ok(lines.length < 30);
});

test("a reference to nothing, or in a circle, is nothing", () => {
  assert.equal(resolved({}, { $ref: "#/components/schemas/None" }), undefined);
  assert.equal(resolved({ a: 1 }, { $ref: "#/__proto__/polluted" }), undefined);
  assert.doesNotThrow(() => resolved({ a: { $ref: "#/a" } }, { $ref: "#/a" }));
});

test("code and strong words of the document are told apart, what isn't closed is text", () => {
  assert.deepEqual(pieces("**Any** `path` is * or ` or **").map(({ kind, words }) => `${kind}|${words}`), ["strong|Any", "| ", "code|path", "| is * or ` or **"]);
  assert.deepEqual(pieces("<b>x</b>"), [{ kind: "", words: "<b>x</b>" }]);
});

test("a setting is shown as its line", () => {
  assert.equal(configLine({ key: "site_name", value: "The Gazette" }), "site_name = The Gazette");
});
