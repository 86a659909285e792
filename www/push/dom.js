// Elements by script: text only, never markup; no style attributes, which the content security policy would stop.

/** el("p", {class: "a", onclick: fn}, "words", child): attributes that are undefined or false are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** A button that is no submit button of a form around it. */
export const button = (label, attributes, ...more) => el("button", { type: "button", ...attributes }, label, ...more);

let sheet;

/** Waits for the style sheet, so that nothing is seen undressed. Without it the parts still work. */
export function styled() {
  sheet ??= new Promise((resolve) => {
    document.head.append(el("link", { rel: "stylesheet", href: "/push/lamppost.css", onload: resolve, onerror: resolve }));
  });
  return sheet;
}
