// From the schema of a body and an example of it: bodies that the schema forbids, one fault each, and the largest that it
// allows. The server must refuse the ones by the name of the member, and take the others.

function both(one, other) {
  const properties = { ...one.properties };
  for (const [name, more] of Object.entries(other.properties ?? {})) properties[name] = { ...properties[name], ...more };
  return { ...one, ...other, required: [...(one.required ?? []), ...(other.required ?? [])], properties };
}

/** The schema with its references and allOf put together, and of a choice with null the other part. */
function whole(document, schema) {
  if (schema.$ref) return whole(document, document.resolve(schema.$ref.slice(1)).node);
  if (schema.allOf) return schema.allOf.map((part) => whole(document, part)).reduce(both);
  if (schema.anyOf) return whole(document, schema.anyOf.find((part) => part.type !== "null"));
  return schema;
}

const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([each]) => each !== name));
const typesOf = (schema) => [schema.type ?? []].flat();

function* wrongValues(schema) {
  const is = (type) => typesOf(schema).includes(type);
  if (is("string")) yield* [1, true, [], {}];
  if (is("boolean")) yield* ["yes", 1];
  if (is("integer")) yield* ["1", 1.5, true];
  if (is("object")) yield* [1, "x", []];
  if (is("array")) yield* [1, "x", {}];
  if (schema.enum) yield* ["nonsense", 7];
  if (schema.maxLength !== undefined) yield "x".repeat(schema.maxLength + 1);
  if (schema.minLength !== undefined) yield "";
  if (schema.pattern !== undefined) yield "\u0001 ?";
  if (schema.minimum !== undefined) yield schema.minimum - 1;
  if (schema.maximum !== undefined) yield schema.maximum + 1;
}

/** {what, body, code, field} for each; `field` is the member's whole name. */
export function* violations(document, schema, example, prefix = "", wrap = (value) => value) {
  const { properties = {}, required = [] } = whole(document, schema);
  const refused = (name, value, code = "bad") => ({
    what: `${prefix}${name}: ${JSON.stringify(value)?.slice(0, 60) ?? "not there"}`, field: `${prefix}${name}`, code: `${code}_${name}`,
    body: wrap(value === undefined ? without(example, name) : { ...example, [name]: value }),
  });
  for (const name of required) yield refused(name, undefined, "missing");
  for (const [name, given] of Object.entries(properties)) {
    const inner = whole(document, given), there = example[name];
    for (const value of wrongValues(inner)) yield refused(name, value);
    if (inner.type === "array" && there?.length > 0) {
      if (inner.maxItems !== undefined) yield refused(name, Array(inner.maxItems + 1).fill(there[0]));
      if (whole(document, inner.items).properties) {
        yield* violations(document, inner.items, there[0], `${prefix}${name}[0].`, (value) => wrap({ ...example, [name]: [value, ...there.slice(1)] }));
      }
    }
    if (inner.properties && there) yield* violations(document, inner, there, `${prefix}${name}.`, (value) => wrap({ ...example, [name]: value }));
  }
}

/** {what, query, code, field} for each parameter of the query that is wrong. */
export function* queryViolations(document, operation) {
  for (const at of (operation.parameters ?? []).keys()) {
    const { node: { name, in: place, schema } } = document.resolve(`${operation.pointer}/parameters/${at}`);
    if (place !== "query") continue;
    const values = typesOf(schema).includes("integer") ? ["x", "1x", "-1", "1.5"] : [];
    if (schema.minimum > 0) values.push(schema.minimum - 1);
    if (schema.maximum !== undefined) values.push(schema.maximum + 1);
    if (schema.enum) values.push("nonsense");
    if (schema.maxLength !== undefined) values.push("x".repeat(schema.maxLength + 1));
    if (schema.pattern !== undefined) values.push("%01%20%3F");
    if (typesOf(schema).includes("string")) values.push("%ff", "%zz", "%00");
    for (const value of values) yield { what: `${name}=${value}`, query: `?${name}=${value}`, code: `bad_${name}`, field: name };
  }
}

/** {what, body} with each member at its limit, beside only what is required. */
export function* extremes(document, schema, example) {
  const { properties, required } = whole(document, schema);
  const least = Object.fromEntries(required.map((name) => [name, example[name]]));
  for (const [name, given] of Object.entries(properties)) {
    const { maxLength, minimum, maximum, pattern } = whole(document, given);
    if (example[name] === undefined) continue;
    const values = [minimum, maximum, maxLength && !pattern ? String(example[name]).padEnd(maxLength, "x") : undefined];
    for (const value of values.filter((each) => each !== undefined)) yield { what: `${name}: ${String(value).slice(0, 40)}`, body: { ...least, [name]: value } };
  }
}
