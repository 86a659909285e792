// www/admin/api.yaml as a test reads it: its operations, and what a request and an answer must be by it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";
import { parse } from "yaml";
import { checkout } from "../rig/lamppost.mjs";

export const file = join(checkout, "www/admin/api.yaml");
const METHODS = ["get", "post", "put", "patch", "delete"];
const escaped = (part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1");

/** The routes of the server, as "GET /api/admin/campaigns/{}". */
export const routes = [...readFileSync(join(checkout, "lib/web/api.cpp"), "utf8").matchAll(/api\.add\(\s*Method::(\w+),\s*"([^"]+)"/g)]
  .map(([, method, path]) => `${method.toUpperCase()} ${path}`);
export const routeOf = ({ name }) => name.replaceAll(/\{\w+\}/g, "{}");

// To a program's author more members are no breach, so that the document leaves objects open; to us they are undocumented.
function closed(node) {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closed(value)]));
  return copy.type === "object" && copy.properties && copy.additionalProperties === undefined ? { ...copy, additionalProperties: false } : copy;
}

class Schemas {
  #ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });

  constructor(document) {
    this.#ajv.addVocabulary(Object.keys(document)); // the document is the root in which the schemas lie
    this.#ajv.addSchema(document, "api");
  }

  /** Fails with `what` unless the value is as the schema at that place of the document says. */
  assertValid(value, pointer, what) {
    const validate = this.#ajv.getSchema(`api#${pointer}`);
    assert.ok(validate, `${what}: there is no schema at ${pointer}`);
    assert.ok(validate(value), `${what}: ${this.#ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 2000)}`);
  }
}

export class ApiDocument {
  #given;
  #answered;

  /** isPlanned: with what is documented before it is there. */
  constructor({ isPlanned = false } = {}) {
    this.document = parse(readFileSync(file, "utf8"));
    this.#given = new Schemas(this.document);
    this.#answered = new Schemas(closed(this.document));
    const all = Object.entries(this.document.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => ({
      name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, pointer: `/paths/${escaped(path)}/${method}`, ...item[method],
      isAdmin: item[method].security === undefined, changes: method !== "get", statuses: Object.keys(item[method].responses).map(Number),
    })));
    this.operations = all.filter((each) => isPlanned || !each["x-planned"] || routes.includes(routeOf(each)));
  }

  has(id) { return this.operations.some(({ operationId }) => operationId === id); }

  operation(name) {
    const found = this.operations.find((each) => each.name === name || each.operationId === name);
    assert.ok(found, `${name} is not documented`);
    return found;
  }

  /** What stands at a place, and the place itself, with references followed. */
  resolve(pointer) {
    const node = pointer.split("/").slice(1).reduce((at, part) => at?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], this.document);
    return node?.$ref ? this.resolve(node.$ref.slice(1)) : { node, pointer };
  }

  /** The places of the schemas of all examples: {value, pointer, what}. */
  *examples(node = this.document, pointer = "") {
    if (typeof node !== "object" || node === null) return;
    if (node.schema && node.example !== undefined) yield { value: node.example, pointer: `${pointer}/schema`, what: pointer };
    if (node.schema) for (const [name, { value }] of Object.entries(node.examples ?? {})) yield { value, pointer: `${pointer}/schema`, what: `${pointer} ${name}` };
    if (Array.isArray(node.examples)) for (const value of node.examples) yield { value, pointer, what: pointer };
    for (const [name, value] of Object.entries(node)) {
      if (name !== "example" && name !== "examples") yield* this.examples(value, `${pointer}/${escaped(name)}`);
    }
  }

  assertExample({ value, pointer, what }) { this.#given.assertValid(value, pointer, what); }

  /** The type of an operation's body, the place of its schema, and its examples by name; none if it has no body. */
  body(operation) {
    if (!operation.requestBody) return null;
    const { node, pointer } = this.resolve(`${operation.pointer}/requestBody`);
    const [type, media] = Object.entries(node.content)[0];
    if (!media.schema) return { type, examples: [] };
    const examples = media.examples ? Object.entries(media.examples).map(([name, { value }]) => [name, value]) : [["", media.example]];
    return { type, pointer: `${pointer}/content/${escaped(type)}/schema`, examples };
  }

  /** That a request which was taken is one that the document allows. */
  assertTaken(operation, { json, headers = {} }) {
    const body = this.body(operation);
    if (json !== undefined) this.#given.assertValid(json, body.pointer, `${operation.name}, its body`);
    for (const at of (operation.parameters ?? []).keys()) {
      const { node, pointer } = this.resolve(`${operation.pointer}/parameters/${at}`);
      if (node.in === "header" && headers[node.name] !== undefined) this.#given.assertValid(headers[node.name], `${pointer}/schema`, `${operation.name}, ${node.name}`);
    }
  }

  /** That an answer {status, headers, text} is as documented for the operation. */
  assertAnswer(operation, answer) {
    const what = `${operation.name} ${answer.status}`;
    assert.ok(operation.statuses.includes(answer.status), `${what} is not documented: ${answer.text.slice(0, 500)}`);
    this.assertIs(`${operation.pointer}/responses/${answer.status}`, answer, what);
  }

  /** That an answer is the response at a place of the document. */
  assertIs(place, { headers, text }, what) {
    const { node, pointer } = this.resolve(place);
    this.#assertHeaders(node, pointer, headers, what);
    if (!node.content) return assert.equal(text, "", what);
    const type = headers["content-type"]?.split(";")[0];
    assert.ok(node.content[type], `${what}: ${type} is not documented`);
    if (!node.content[type].schema) return assert.notEqual(text, "", what);
    const schema = `${pointer}/content/${escaped(type)}/schema`;
    if (type === "application/json") return this.#answered.assertValid(JSON.parse(text), schema, what);
    if (type !== "application/x-ndjson") return;
    assert.ok(text.endsWith("\n"), `${what}: the last line has no end`);
    for (const line of text.trimEnd().split("\n")) this.#answered.assertValid(JSON.parse(line), schema, what);
  }

  #assertHeaders(response, at, headers, what) {
    for (const name of Object.keys(response.headers ?? {})) {
      const { node, pointer } = this.resolve(`${at}/headers/${escaped(name)}`);
      const value = headers[name.toLowerCase()];
      if (node.required) assert.ok(value, `${what} has no ${name}`);
      if (value !== undefined) this.#answered.assertValid(node.schema.type === "integer" ? Number(value) : value, `${pointer}/schema`, `${what}, ${name}`);
    }
  }
}
