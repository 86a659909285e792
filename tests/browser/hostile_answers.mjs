// Answers of the API, made of its document, in which each text that may be any text is a hostile one: for pages to show.

import { ApiDocument } from "../live/api_document.mjs";

const MOST = 30; // of a list

class Maker {
  #turn = 0;

  constructor(api, texts) { Object.assign(this, { api, texts }); }

  #text() {
    this.#turn += 1;
    return this.texts[this.#turn % this.texts.length];
  }

  /** A value that the schema allows. `deep`: how many lists and objects are around it. */
  value(given, name = "", deep = 0) {
    const schema = given.$ref ? this.api.resolve(given.$ref.slice(1)).node : given;
    if (given.$ref) return this.value(schema, name, deep);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.value({ type: "object", ...part }, name, deep)));
    if (schema.anyOf) return this.value(schema.anyOf[0], name, deep);
    if (schema.const !== undefined) return schema.const;
    const [type] = [schema.type].flat();
    if (schema.enum) return schema.enum[(this.#turn += 1) % schema.enum.length];
    if (type === "object") return this.#object(schema, deep);
    if (type === "array") return Array.from({ length: this.#length(schema, deep) }, () => this.value(schema.items, name, deep + 1));
    if (type === "integer" || type === "number") return this.#number(schema, name);
    if (type === "boolean") return true;
    return name === "target" || name === "url" ? `/${encodeURIComponent(this.#text())}` : this.#text();
  }

  #length({ minItems, maxItems = MOST }, deep) { return minItems ?? Math.min(maxItems, deep > 1 ? 3 : MOST); }

  #object({ properties, additionalProperties }, deep) {
    if (properties) return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, this.value(schema, name, deep + 1)]));
    return Object.fromEntries(Array.from({ length: 5 }, () => [this.#text(), additionalProperties ? this.value(additionalProperties, "", deep + 1) : this.#text()]));
  }

  #number({ minimum = 0, multipleOf = 1 }, name) {
    this.#turn += 1;
    if (name === "next") return null;
    const number = /(_at|^at|^now|^day|_until)$/.test(name) ? Math.floor(Date.now() / 1000) - this.#turn * 86_400 : minimum + (this.#turn % 1000);
    return number - (number % multipleOf);
  }
}

/** Answers each GET and preview of the desk that `page` asks for. `ended`: what there is of a campaign has come to its end. */
export async function answerHostilely(page, texts) {
  const api = new ApiDocument({ isPlanned: true });
  const maker = new Maker(api, texts);
  await page.route("**/api/admin/**", (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    const operation = api.operations.find(({ method, path }) => method === request.method() && new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname));
    const status = operation?.statuses.find((each) => each < 300);
    const { node } = operation ? api.resolve(`${operation.pointer}/responses/${status}`) : {};
    const schema = node?.content?.["application/json"]?.schema;
    if (!schema || (operation.changes && operation.operationId !== "previewMessage")) return route.abort();
    return route.fulfill({ status, contentType: "application/json", body: JSON.stringify(maker.value(schema)) });
  });
}
