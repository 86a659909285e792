// The compose form's fields: their values, counters, errors, and the parts that belong to a choice.
import { EMPTY } from "./message.js";
import { make, place } from "./make.js";

/** Lengths up to which nearly all screens, and most screens, show the whole text. */
const LENGTHS = { title: { all: 30, most: 50 }, body: { all: 120, most: 150 } };

export function valuesOf(form) {
  return Object.fromEntries(Object.entries(EMPTY).map(([name, usual]) => [name, valueOf(form, name, usual)]));
}

function valueOf(form, name, usual) {
  if (Array.isArray(usual)) return Array.from(form.querySelectorAll(`[name="${name}"]:checked`), (box) => box.value);
  const field = form.elements[name];
  return typeof usual === "boolean" ? field.checked : (field?.value ?? usual);
}

export function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name];
    if (Array.isArray(value)) for (const box of form.querySelectorAll(`[name="${name}"]`)) box.checked = value.includes(box.value);
    else if (typeof value === "boolean") field.checked = value;
    else if (field && field.value !== value) field.value = value; // where it is the same the caret stays
  }
  openWhatIsUsed(form, values);
}

/** The folded parts that hold something are open. */
function openWhatIsUsed(form, values) {
  for (const part of form.querySelectorAll("details")) {
    const used = Array.from(part.querySelectorAll("[name]")).some(({ name }) => name in EMPTY && values[name] !== EMPTY[name]);
    if (used) part.open = true;
  }
}

/** What belongs to a choice is there only with it. */
export function showParts(form, values) {
  const parts = { "topics-part": values.to === "topics", "segment-part": values.to === "segment", "expression-part": values.to === "text",
    "only-part": values.to !== "text", "at-part": values.when === "later", "until-part": values.ttl === "until" };
  for (const [id, there] of Object.entries(parts)) document.getElementById(id).hidden = !there;
}

export function showCounts(values) {
  for (const name of ["title", "body"]) {
    const length = Array.from(values[name]).length; // what a person counts, not UTF-16 units
    const { all, most } = LENGTHS[name];
    const count = document.getElementById(`${name}-count`);
    count.dataset.fit = length <= all ? "all" : length <= most ? "most" : "few";
    const words = { all: `fits everywhere up to ${all}`, most: "some screens will cut it", few: "most screens will cut it" };
    count.textContent = `${length} character${length === 1 ? "" : "s"}, ${words[count.dataset.fit]}`;
  }
}

/** At the field that it is about, or at the form as a whole if there is none of that name. With `focus` the focus goes there. */
export function showError(form, name, words, { focus = true, link } = {}) {
  const field = form.elements[name];
  const target = field instanceof RadioNodeList ? field[0] : field;
  const note = target ? errorOf(target, name) : place("problem");
  note.replaceChildren(words, ...(link ? [" ", make("a", { href: link.href }, link.words)] : []));
  target?.setAttribute("aria-invalid", "true");
  const folded = target?.closest("details");
  if (folded) folded.open = true;
  if (!focus) return;
  (target ?? place("send")).focus();
  note.scrollIntoView({ block: "nearest" });
}

function errorOf(field, name) {
  const id = `${name}-error`;
  const there = document.getElementById(id);
  if (there) return there;
  const note = make("p", { id, class: "error", role: "alert" });
  const last = field.closest(".choices, .picture") ?? document.getElementById(`${name}-count`) ?? document.getElementById(`${name}-help`) ?? field;
  last.after(note);
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  return note;
}

/** All errors, or with `name` that field's and the form's own. */
export function clearErrors(form, name) {
  const notes = name ? [document.getElementById(`${name}-error`)] : form.querySelectorAll(".error");
  for (const note of notes) note?.replaceChildren();
  for (const field of form.querySelectorAll(name ? `[name="${name}"]` : "[aria-invalid]")) field.removeAttribute("aria-invalid");
  place("problem").replaceChildren();
}
