// The form's fields: their values, counters, errors, and the preview beside them.

/** Lengths up to which nearly all screens, and most screens, show the whole text. */
export const FIELDS = { title: { all: 30, most: 50 }, body: { all: 120, most: 150 }, url: null };

const part = (id) => document.getElementById(id);

/** {title, body, url} as they stand in the form. */
export function valuesOf(form) {
  return Object.fromEntries(Object.keys(FIELDS).map((name) => [name, form.elements[name].value]));
}

export function fill(form, values) {
  for (const name of Object.keys(FIELDS)) form.elements[name].value = values[name];
}

export function showCounts(form) {
  for (const [name, limit] of Object.entries(FIELDS)) {
    if (!limit) continue;
    const length = Array.from(form.elements[name].value).length; // what a person counts, not UTF-16 units
    const count = part(`${name}-count`);
    count.dataset.fit = length <= limit.all ? "all" : length <= limit.most ? "most" : "few";
    const words = { all: `fits everywhere up to ${limit.all}`, most: "some screens will cut it", few: "most screens will cut it" };
    count.textContent = `${length} character${length === 1 ? "" : "s"}, ${words[count.dataset.fit]}`;
  }
}

export function showPreview({ title, body }) {
  part("preview-heading").textContent = title || "Title";
  part("preview-body").textContent = body;
  part("preview-site").textContent = location.host;
}

/** At the field that it is about, or at the form as a whole if `name` is "". The focus goes there. */
export function showError(form, name, words, signIn = false) {
  const field = form.elements[name];
  const place = part(field ? `${name}-error` : "problem");
  place.replaceChildren(words);
  place.hidden = false;
  if (signIn) {
    const link = document.createElement("a");
    link.href = "/admin/";
    link.textContent = "Sign in again";
    place.append(" ", link);
  }
  field?.setAttribute("aria-invalid", "true");
  (field ?? part("send")).focus();
  place.scrollIntoView({ block: "nearest" });
}

/** All errors, or with `name` that field's and the form's own. */
export function clearErrors(form, name) {
  for (const one of name ? [name] : Object.keys(FIELDS)) {
    form.elements[one].removeAttribute("aria-invalid");
    const place = part(`${one}-error`);
    place.replaceChildren();
    place.hidden = true;
  }
  part("problem").replaceChildren();
}
