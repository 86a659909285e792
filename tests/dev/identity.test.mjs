// The README's lines that sign who a visitor is: each gives the HMAC-SHA-256 that the server expects.
// All four interpreters must be here; ./dev test installs them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "lamppost-identity-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "secret");
const secret = "a1b2".repeat(16);
writeFileSync(file, `${secret}\n`);

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const lineOf = (language) => readme.match(new RegExp(`\`\`\`${language}\\n(.*)\\n\`\`\``))[1];

// How each interpreter gets `id` and `file` ahead of the README's line.
const kRun = {
  sh: (line, id) => ["bash", ["-euo", "pipefail", "-c", line], { id, file }],
  js: (line, id) => [process.execPath, ["-e", `const id = ${JSON.stringify(id)}, file = ${JSON.stringify(file)}; ${line}`]],
  python: (line, id) => ["python3", ["-c", `import sys; id, file = sys.argv[1:]\n${line}`, id, file]],
  php: (line, id) => ["php", ["-r", `$id = $argv[1]; $file = $argv[2]; ${line.replace("<?php ", "")}`, id, file]],
};

for (const [language, run] of Object.entries(kRun)) {
  test(`the ${language} line signs as the server does`, () => {
    const line = lineOf(language);

    for (const id of ["reader-7", "Jörg Ünal", "a'b\"c $HOME `x`"]) {
      const [program, args, env = {}] = run(line, id);
      const signed = execFileSync(program, args, { env: { ...process.env, ...env }, encoding: "utf8" }).trim();
      assert.equal(signed, createHmac("sha256", secret).update(id).digest("hex"), id);
    }
  });
}
