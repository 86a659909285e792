// The API's description, as /admin/api.yaml has it: operations by subject, with what they take and answer.
import { ApiError } from "./api.js";
import { copyable } from "./copyable.js";
import { inline } from "./inline_text.js";
import { make, place } from "./make.js";
import { groups } from "./openapi.js";
import { showing } from "./showing.js";

async function load() {
  const [response] = await Promise.all([fetch("/admin/api.yaml").catch(() => { throw new ApiError(0); }), script("/admin/vendor/js-yaml-4.3.2/js-yaml.min.js")]);
  if (!response.ok) throw new ApiError(response.status);
  return globalThis.jsyaml.load(await response.text(), { schema: globalThis.jsyaml.CORE_SCHEMA });
}

const script = (src) => new Promise((resolve, reject) => {
  const made = make("script", { src });
  made.addEventListener("load", resolve);
  made.addEventListener("error", () => reject(new ApiError(0)));
  document.head.append(made);
});

const text = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
const paragraphs = (words) => words.trim().split(/\n\s*\n/).filter(Boolean).map((one) => make("p", {}, inline(one)));

// Refusals all have one shape, told at the top of the document.
const refuses = (status) => Number(status) >= 400;

function body({ type, schema, example }, what) {
  return [
    make("p", { class: "note" }, type),
    schema && make("pre", { tabindex: "0", "aria-label": `${what}: members` }, make("code", {}, schema)),
    example !== undefined && copyable(text(example), `example of ${what}`),
  ];
}

function operation({ id, method, path, summary, description, parameters, bodies, responses }) {
  const what = `${method} ${path}`;
  return make("details", { class: "operation", id },
    make("summary", {}, make("span", { class: "method", "data-method": method }, method), " ", make("code", {}, path), " ", make("span", {}, summary)),
    paragraphs(description),
    parameters.length > 0 && [make("h3", {}, "Parameters"), make("ul", {}, parameters.map((one) =>
      make("li", {}, make("code", {}, one.name), ` (${one.place}${one.required ? ", required" : ""}) ${one.type}`, one.description && [": ", inline(one.description)])))],
    bodies.length > 0 && [make("h3", {}, "Body"), bodies.map((one) => body(one, `the body of ${what}`))],
    make("h3", {}, "Answers"),
    responses.map((one) => [make("p", {}, make("strong", {}, one.status), " ", inline(one.description)), one.bodies.map((each) => body(refuses(one.status) ? { ...each, schema: "" } : each, `answer ${one.status} of ${what}`))].flat()).flat());
}

function show(document) {
  const list = groups(document);
  return [
    paragraphs(document.info?.description ?? ""),
    make("p", { class: "note" }, `OpenAPI ${document.openapi}, ${list.reduce((total, { operations }) => total + operations.length, 0)} operations. `, make("a", { href: "/admin/api.yaml", download: "lamppost-api.yaml" }, "Download the document")),
    list.map(({ tag, about, operations }) => make("section", {}, make("h2", {}, tag.charAt(0).toUpperCase() + tag.slice(1)), paragraphs(about), operations.map(operation))),
  ].flat();
}

showing(place("api"), load, show).then(() => {
  const wanted = place(decodeURIComponent(location.hash.slice(1)));
  if (wanted) wanted.open = true;
  wanted?.scrollIntoView();
});
