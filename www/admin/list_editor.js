// A short list that is edited as a whole: rows of fields, in an order, saved together. Topics and segments are such lists.
import { call } from "./api.js";
import { button, make } from "./make.js";
import { showing } from "./showing.js";
import { atField, trouble } from "./trouble.js";

let rows = 0; // ids of fields must differ on the whole page

/** One row's fields: [{name, label, kind: "text"|"checkbox", keep, ...attributes}]; `keep`: fixed once it is stored. */
function rowOf(fields, item, stored) {
  const id = `row-${(rows += 1)}`;
  const inputs = {};
  const parts = fields.map(({ name, label, kind = "text", keep, hint, ...attributes }) => {
    const input = make("input", { id: `${id}-${name}`, name, type: kind, readonly: Boolean(keep && stored), "aria-describedby": `${id}-${name}-error`, autocomplete: "off", ...attributes });
    if (kind === "checkbox") input.checked = Boolean(item[name]);
    else input.value = item[name] ?? "";
    inputs[name] = input;
    const error = make("p", { id: `${id}-${name}-error`, class: "error", role: "alert", hidden: true });
    const title = make("label", { for: input.id }, label);
    return make("div", { class: `field ${kind}` }, kind === "checkbox" ? [input, title] : [title, input], error, hint?.(input));
  });
  return { inputs, parts, stored };
}

function valuesOf({ inputs }) {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.type === "checkbox" ? input.checked : input.value.trim()]));
}

function clearError(input) {
  input.removeAttribute("aria-invalid");
  document.getElementById(`${input.id}-error`).hidden = true;
}

function showErrorAt(row, name, words) {
  const input = row.inputs[name];
  const place = document.getElementById(`${input.id}-error`);
  place.textContent = words;
  place.hidden = false;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

/**
 * holder   where it stands
 * path     the API's address of the list; `member` its name in there
 * one      what a row is called: "topic"
 * fields   as above
 * limit    how many rows there may be
 * empty    a sentence for when there is none
 * warning  gives the sentence that must be agreed to before stored rows of these names go
 * confirm  asks it; gives a promise of yes or no
 */
export function listEditor({ holder, path, member, one, fields, limit, empty, warning, confirm }) {
  const list = make("ol", { class: "rows" });
  const nothing = make("p", { class: "note" }, empty);
  const said = make("div", { role: "status" });
  const problem = make("div", { role: "alert", class: "problem" });
  const state = { rows: [], loaded: "[]" };

  const items = () => state.rows.map(valuesOf);
  const changed = () => JSON.stringify(items()) !== state.loaded;

  function draw() {
    list.replaceChildren(...state.rows.map((row, index) => make("li", { class: "row" }, row.parts, make("div", { class: "actions" },
      button("↑", () => move(index, -1), { class: "outline small", "aria-label": `Move ${one} ${index + 1} up`, disabled: index === 0 }),
      button("↓", () => move(index, 1), { class: "outline small", "aria-label": `Move ${one} ${index + 1} down`, disabled: index === state.rows.length - 1 }),
      button("Remove", () => remove(index), { class: "outline small danger", "aria-label": `Remove ${one} ${index + 1}` })))));
    nothing.hidden = state.rows.length > 0;
    adder.disabled = state.rows.length >= limit;
    said.replaceChildren(changed() ? "Not saved yet." : "");
  }
  function move(index, by) {
    const [row] = state.rows.splice(index, 1);
    state.rows.splice(index + by, 0, row);
    draw();
    const buttons = list.children[index + by].querySelectorAll(".actions button:not([disabled])");
    (by < 0 ? buttons[0] : [...buttons].at(-2)).focus();
  }
  function remove(index) {
    state.rows.splice(index, 1);
    draw();
    (list.children[Math.min(index, state.rows.length - 1)]?.querySelector("input") ?? adder).focus();
  }
  function add() {
    const row = rowOf(fields, {}, false);
    state.rows.push(row);
    draw();
    Object.values(row.inputs)[0].focus();
  }
  const adder = button(`Add a ${one}`, add, { class: "outline" });

  function take(answer) {
    state.rows = answer[member].map((item) => rowOf(fields, item, true));
    state.loaded = JSON.stringify(items());
    state.answer = JSON.stringify(answer[member]);
    draw();
    return [nothing, list, problem, make("p", { class: "actions" }, adder, " ", button("Save", save, { "aria-label": `Save ${member}` }), " ", said)];
  }

  async function save() {
    problem.replaceChildren();
    state.rows.flatMap(({ inputs }) => Object.values(inputs)).forEach(clearError);
    try {
      const latest = (await call("GET", path))[member];
      if (JSON.stringify(latest) !== state.answer) {
        problem.replaceChildren(`Somebody else has changed the ${member} meanwhile. `, button("Show theirs, drop mine", load, { class: "outline small" }));
        return;
      }
      const kept = new Set(items().map(({ name }) => name));
      const gone = latest.map(({ name }) => name).filter((name) => !kept.has(name));
      if (gone.length && warning && !(await confirm(warning(gone)))) return;
      holder.replaceChildren(...take(await call("PUT", path, { [member]: items() })));
      said.replaceChildren("Saved.");
    } catch (error) {
      complain(error);
    }
  }

  // The API names a row's member: "topics[2].name".
  function complain(error) {
    const [, index, name] = error.field?.match(/\[(\d+)\](?:\.(\w+))?$/) ?? [];
    const row = state.rows[index];
    if (row) return showErrorAt(row, name in row.inputs ? name : Object.keys(row.inputs)[0], atField(error));
    return problem.replaceChildren(`${trouble(error).words} What you changed is still here; nothing of it is saved.`);
  }

  function load() {
    return showing(holder, () => call("GET", path), take);
  }
  holder.addEventListener("input", ({ target }) => {
    clearError(target);
    said.replaceChildren(changed() ? "Not saved yet." : "");
  });
  addEventListener("beforeunload", (event) => { if (changed()) event.preventDefault(); });
  return load();
}
