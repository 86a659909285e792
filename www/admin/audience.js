// The choice of who gets it: the site's topics and saved audiences come from the server.
import { call } from "./api.js";
import { make, place } from "./make.js";
import { SERVICES } from "./services.js";

/** Offers what there is to choose; gives the names of the topics. What can't be read is left out and said. */
export async function offerAudiences() {
  place("only_service").append(...SERVICES.map(([name, label]) => make("option", { value: name }, label)));
  const [topics, segments] = await Promise.all([read("topics"), read("segments")]);
  const box = ({ name, label }) => make("label", {}, make("input", { type: "checkbox", name: "topics", value: name }), ` ${label || name}`);
  place("topics-list").replaceChildren(...(topics.length ? topics.map(box) : [make("p", { class: "note" }, "There are no topics yet. They are made on the page Settings.")]));
  place("segment").append(...segments.map(({ name, label, audience }) => make("option", { value: name }, `${label || name} (${audience})`)));
  return topics.map(({ name }) => name);
}

const read = (what) => call("GET", `/api/admin/${what}`).then((answer) => answer[what] ?? [], () => []);
