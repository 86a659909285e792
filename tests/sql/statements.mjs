// Every SQL statement of the product: those of sql/*.sql, and those that stand in C++ as literals.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const FIRST_WORDS = "SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|ALTER|DROP|RENAME|TRUNCATE|GRANT|REVOKE|SET|SHOW"
  + "|START|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|LOCK|UNLOCK|CALL|DO|ANALYZE|OPTIMIZE|FLUSH|KILL|USE";
const BEGINS = new RegExp(`^\\s*(?:${FIRST_WORDS})\\s`);
// What a sentence to a person would not hold.
const PART = /\b(?:SELECT|WHERE|VALUES|FROM|ORDER BY|INSERT INTO|ON DUPLICATE KEY|SET SESSION)\b/;

/** The statements of a .sql file: {text, line}. */
export function statementsOfSql(text) {
  const statements = [];
  let statement = "", line = 1, begun = 1;
  const end = () => {
    if (statement.trim() !== "") statements.push({ text: statement.trim(), line: begun });
    statement = "";
  };
  for (const [token] of text.matchAll(/--[ \t\n][^\n]*|'(?:[^'\\]|\\.)*'|`[^`]*`|"[^"]*"|\/\*[^]*?\*\/|[^]/g)) {
    if (/^(?:--|\/\*)/.test(token)) statement += " ";
    else if (token === ";") end();
    else if (statement !== "" || token.trim() !== "") {
      if (statement.trim() === "") begun = line;
      statement += token;
    }
    line += token.split("\n").length - 1;
  }
  end();
  return statements;
}

// The literals of a C++ source, those that follow each other as one: {text, line}. A name between two of them, or after
// the last, stands for a number.
function literalsOfCpp(commented) {
  if (/\bR"/.test(commented)) throw new Error("a raw string literal: not read here, write it as an ordinary one");
  const tokens = /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\[^\n])'|"((?:[^"\\\n]|\\[^\n])*)"/g;
  const source = commented.replace(tokens, (token) => (token.startsWith("/") ? token.replace(/[^\n]/g, " ") : token));
  const literals = [];
  let last = null; // {text, line}, and `until`: where it ends
  for (const token of source.matchAll(tokens)) {
    if (token[1] === undefined) continue;
    const text = token[1].replace(/\\(.)/g, (_, c) => ({ n: "\n", t: "\t" })[c] ?? c);
    const between = last && source.slice(last.until, token.index);
    if (last && /^\s*$/.test(between)) last.text += text;
    else if (last && /^\s*\+\s*[a-z_]\w*\s*\+\s*$/.test(between)) last.text += `1${text}`;
    else literals.push(last = { text, line: source.slice(0, token.index).split("\n").length });
    last.until = token.index + token[0].length;
  }
  for (const literal of literals) {
    if (/^\s*\+\s*[a-z_]\w*\s*[,;)]/.test(source.slice(literal.until))) literal.text += "1";
  }
  return literals;
}

const isOpen = (text) => (text.match(/\(/g) ?? []).length > (text.match(/\)/g) ?? []).length;

/** The statements of a C++ source: {text, line}. One that is put together goes on until its brackets are closed. */
export function statementsOfCpp(source) {
  const statements = [];
  const literals = literalsOfCpp(source);
  for (let literal = literals.shift(); literal; literal = literals.shift()) {
    const { line } = literal;
    let { text } = literal;
    if (!BEGINS.test(text)) {
      if (PART.test(text)) throw new Error(`line ${line}: part of a statement without its beginning: ${text}`);
      continue;
    }
    while (isOpen(text)) {
      const next = literals.shift();
      if (!next) throw new Error(`line ${line}: a statement without its end: ${text}`);
      text += next.text;
    }
    statements.push({ text, line });
  }
  return statements;
}

/** All of a checkout: {file, line, text}. Only lib/mysql can speak to a database, which the ctest `layers` sees to. */
export function statementsOf(checkout) {
  const found = [];
  for (const folder of ["sql", "lib/mysql"]) {
    for (const name of readdirSync(join(checkout, folder)).sort()) {
      const read = /\.sql$/.test(name) ? statementsOfSql : /\.(?:cpp|h)$/.test(name) ? statementsOfCpp : null;
      if (!read) continue;
      const file = join(folder, name);
      try {
        for (const statement of read(readFileSync(join(checkout, file), "utf8"))) found.push({ file, ...statement });
      } catch (error) {
        throw new Error(`${file}: ${error.message}`, { cause: error });
      }
    }
  }
  return found;
}
