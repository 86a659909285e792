// What the doctor found, as text to put into a mail or an issue. Pure. The API names no secrets.

export const MARKS = { ok: "✔", warning: "⚠", failed: "✖" };
export const STATES = { ok: "Fine", warning: "Warning", failed: "Failed" };

const ORDER = ["failed", "warning", "ok"];

/** The worst first; what is alike stays in the doctor's order. */
export const worstFirst = (checks) => [...checks].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));

/** "2 failed, 1 warning, 9 fine". */
export function verdict(checks) {
  const of = (state) => checks.filter((one) => one.state === state).length;
  const [failed, warnings, fine] = ["failed", "warning", "ok"].map(of);
  if (!checks.length) return "Nothing was checked";
  if (!failed && !warnings) return `All ${fine} checks are fine`;
  return [failed && `${failed} failed`, warnings && `${warnings} warning${warnings === 1 ? "" : "s"}`, fine && `${fine} fine`].filter(Boolean).join(", ");
}

export function report(checks, { version = "", at = new Date() } = {}) {
  const lines = worstFirst(checks).map(({ name, state, detail, remedy }) => {
    const first = `${MARKS[state] ?? "?"} ${name}: ${detail || STATES[state] || state}`;
    return remedy && state !== "ok" ? `${first}\n  → ${remedy}` : first;
  });
  return [`Lamppost ${version}, ${at.toISOString()}: ${verdict(checks)}`, ...lines].join("\n");
}
