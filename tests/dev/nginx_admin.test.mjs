// The admin locations: nobody gets to the admin pool without the password, by whatever spelling.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startNginx } from "./nginx_alone.mjs";
import { login, request } from "./raw_http.mjs";

let nginx;
before(async () => { nginx = await startNginx(); });
after(() => nginx.stop());

const right = login("admin", "password");

const spellings = [
  "/api/admin", "/api/admin/", "/api/admin/me", "/api/admin?x=1", "/api//admin/me", "//api/admin/me", "//api//admin//me",
  "/api/%61dmin/me", "/%61pi/admin/me", "/api%2fadmin/me", "/api/x/../admin/me", "/api/./admin/me", "/x/../api/admin/me",
  "/api/x/%2e%2e/admin/me", "/api/x%2f..%2fadmin/me", "/push/../api/admin/me",
  "/admin-api", "/admin-api/", "/admin-api/trigger-push-notifications", "//admin-api/x", "/%61dmin-api/x", "/x/../admin-api/x",
  "/admin/", "/admin/index.html", "/admin//index.html", "//admin/index.html", "/%61dmin/index.html",
  "/push/../admin/index.html", "/admin/x/../index.html", "/admin/index.html?x",
];

for (const path of spellings) {
  test(`${path} wants the password`, async () => {
    const before = nginx.admin.seen;

    const none = await request(nginx.port, path);
    const wrong = await request(nginx.port, path, { headers: [login("admin", "wrong")] });
    const stranger = await request(nginx.port, path, { headers: [login("boss", "password")] });

    for (const answer of [none, wrong, stranger]) {
      assert.equal(answer.status, 401);
      assert.match(answer.header("www-authenticate"), /^Basic realm="Lamppost admin"/);
      assert.doesNotMatch(answer.body, /<title>Admin/);
    }
    assert.equal(nginx.admin.seen, before);
  });
}

for (const path of ["/api/ADMIN/me", "/api/Admin/me", "/api/admin;x/me", "/api/admin%3bx/me", "/api/admin%20/me", "/api/administrator",
  "/api/admin.x/me", "/api/x?/../admin/me", "/api/%2561dmin/me"]) {
  test(`${path} is the public pool's, also with the password`, async () => {
    const before = nginx.admin.seen;

    const answer = await request(nginx.port, path, { headers: [right] });

    assert.equal(answer.status, 200);
    assert.equal(answer.json().pool, "public");
    assert.equal(nginx.admin.seen, before);
  });
}

test("a path that leaves the root is refused", async () => {
  for (const path of ["/../api/admin/me", "/api/../../admin/", "/%2e%2e/admin/"]) {
    assert.equal((await request(nginx.port, path, { headers: [right] })).status, 400);
  }
});

test("with the password the admin pool gets the gate, the user's name and nothing of the password", async () => {
  for (const path of ["/api/admin/me", "/admin-api/trigger-push-notifications", "/api/admin"]) {
    const { pool, params } = (await request(nginx.port, path, { headers: [right] })).json();

    assert.equal(pool, "admin");
    assert.equal(params.LAMPPOST_GATE, "admin");
    assert.equal(params.REMOTE_USER, "admin");
    assert.equal(params.HTTP_AUTHORIZATION ?? "", "");
    assert.equal(params.DOCUMENT_URI, path);
  }
});

test("the worker is told the decoded path", async () => {
  const { params } = (await request(nginx.port, "/api/x/../%61dmin//me?a=%2e", { headers: [right] })).json();

  assert.equal(params.DOCUMENT_URI, "/api/admin/me");
  assert.equal(params.QUERY_STRING, "a=%2e");
});

test("the public pool never gets a gate or a user, whatever the client sends", async () => {
  const headers = [right, "LAMPPOST_GATE: admin", "LAMPPOST-GATE: admin", "Lamppost-Gate: admin", "HTTP_LAMPPOST_GATE: admin",
    "REMOTE_USER: admin", "Remote-User: admin", "Proxy: http://127.0.0.1:9"];

  const { pool, params } = (await request(nginx.port, "/api/config", { headers })).json();

  assert.equal(pool, "public");
  assert.equal(params.LAMPPOST_GATE, undefined);
  assert.equal(params.REMOTE_USER, "");
  assert.equal(params.HTTP_AUTHORIZATION ?? "", "");
  assert.equal(params.HTTP_PROXY ?? "", "");
});

test("a forged gate does not open the admin locations", async () => {
  const answer = await request(nginx.port, "/api/admin/me", { headers: ["Lamppost-Gate: admin", "HTTP_LAMPPOST_GATE: admin"] });

  assert.equal(answer.status, 401);
});

test("/admin leads to /admin/ without naming a host", async () => {
  const answer = await request(nginx.port, "/admin");

  assert.equal(answer.status, 301);
  assert.equal(answer.header("location"), "/admin/");
});

test("the admin pages come with the password, are not kept, and hide what is hidden", async () => {
  const page = await request(nginx.port, "/admin/", { headers: [right] });
  const hidden = await request(nginx.port, "/admin/.hidden", { headers: [right] });

  assert.equal(page.status, 200);
  assert.match(page.body, /<title>Admin/);
  assert.equal(page.header("cache-control"), "no-store");
  assert.equal(hidden.status, 404);
});
