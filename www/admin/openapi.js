// An OpenAPI 3.1 document as the lists that its page shows. Pure; follows $ref inside of the document only.

const METHODS = ["get", "post", "put", "patch", "delete", "head"];

/** What `value` refers to, if it is a reference; itself if not. */
export function resolved(document, value) {
  let found = value;
  for (let steps = 0; found?.$ref && steps < 20; steps += 1) {
    const path = String(found.$ref).replace(/^#\//, "").split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    found = path.reduce((at, part) => (at !== null && typeof at === "object" && Object.hasOwn(at, part) ? at[part] : undefined), document);
  }
  return found;
}

/** [{tag, about, operations: [{method, path, id, summary, description, parameters, body, responses}]}], in the document's order. */
export function groups(document) {
  const tags = document.tags ?? [];
  const byTag = new Map(tags.map(({ name }) => [name, []]));
  const about = (tag) => tags.find(({ name }) => name === tag)?.description ?? "";
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS.filter((one) => item[one])) {
      const operation = item[method];
      const tag = operation.tags?.[0] ?? "Other";
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push({
        method: method.toUpperCase(),
        path,
        id: `${method}${path.replace(/[^a-zA-Z0-9]+/g, "-")}`.replace(/-$/, ""),
        summary: operation.summary ?? "",
        description: operation.description ?? "",
        parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => parameter(document, one)),
        bodies: contents(document, resolved(document, operation.requestBody)),
        responses: Object.entries(operation.responses ?? {}).map(([status, one]) => response(document, status, one)),
      });
    }
  }
  return [...byTag].filter(([, operations]) => operations.length).map(([tag, operations]) => ({ tag, about: about(tag), operations }));
}

function parameter(document, given) {
  const { name, in: place, required = false, description = "", schema } = resolved(document, given) ?? {};
  return { name: String(name), place: String(place), required, description, type: typeName(document, schema) };
}

function response(document, status, given) {
  const found = resolved(document, given) ?? {};
  return { status, description: found.description ?? "", bodies: contents(document, found) };
}

function contents(document, holder) {
  return Object.entries(holder?.content ?? {}).map(([type, { schema, example, examples }]) => ({
    type,
    schema: outline(document, schema),
    example: example ?? Object.values(examples ?? {}).map((one) => resolved(document, one)?.value)[0] ?? resolved(document, schema)?.example,
  }));
}

function typeName(document, given) {
  const schema = resolved(document, given);
  if (!schema) return "";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return options.map((one) => typeName(document, one)).join(" | ");
  if (schema.type === "array") return `${typeName(document, schema.items) || "any"}[]`;
  const types = [schema.type ?? (schema.properties || schema.allOf ? "object" : "any")].flat().join(" | ");
  return schema.format ? `${types} (${schema.format})` : types;
}

const kDeep = 6; // a schema may hold itself

/** A schema as indented lines, one a member: `name?: type  description`. */
export function outline(document, given, depth = 0) {
  const schema = resolved(document, given);
  if (!schema || depth > kDeep) return "";
  if (schema.allOf) return schema.allOf.map((one) => outline(document, one, depth)).filter(Boolean).join("\n");
  if (schema.type === "array" && !schema.properties) return outline(document, schema.items, depth);
  return Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const about = resolved(document, one) ?? {};
    const optional = (schema.required ?? []).includes(name) ? "" : "?";
    const line = `${"  ".repeat(depth)}${name}${optional}: ${typeName(document, one)}`;
    const words = (one.description ?? about.description ?? "").replace(/\s+/g, " ").trim();
    const inner = outline(document, one, depth + 1);
    return [words ? `${line}  – ${words}` : line, inner].filter(Boolean).join("\n");
  }).join("\n");
}
