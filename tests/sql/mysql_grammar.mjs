// MySQL's own grammar, as MySQL Workbench has it, without a MySQL at hand: what it says of one statement.

import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
const { default: Parser } = load("ts-mysql-parser");
const { keywords } = load("ts-mysql-parser/dist/grammar/keywords/keyword_list_80.js");

// Every rule of the grammar that is for servers from 8.0 on is in force.
const VERSION = "8.4.0";

/** Reserved words of MySQL 8.0.16, which the grammar was made of. */
export const reservedIn80 = keywords.filter(({ isReserved }) => isReserved).map(({ word }) => word);

class Complaints { // as the parser wants its listeners
  constructor(list) { this.list = list; }
  syntaxError(_, __, line, column, message) { this.list.push(`${line}:${column} ${message}`); }
}

/** {complaints, names}: what it does not understand; and tables, columns, indexes and aliases, as they are written. */
export function readStatement(text) {
  const complaints = [];
  const parser = new Parser({
    version: VERSION, parserErrorListener: new Complaints(complaints), lexerErrorListener: new Complaints(complaints),
  });
  const { tree, parser: grammar, tokenStream } = parser.parse(text);
  const rest = tokenStream.getTokens().slice((tree.stop?.tokenIndex ?? -1) + 1)
    .filter(({ channel, type, text: word }) => channel === 0 && type !== -1 && word !== ";");
  if (rest.length > 0) complaints.push(`nothing is expected before "${rest[0].text}"`);
  const names = new Set();
  const walk = (node) => {
    if (grammar.ruleNames[node.ruleIndex] === "identifier") names.add(node.text);
    for (let at = 0; at < node.childCount; at += 1) walk(node.getChild(at));
  };
  walk(tree);
  return { complaints, names: [...names] };
}
