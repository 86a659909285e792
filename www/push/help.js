// Help where a press does nothing: notifications are blocked, or the site must be on the Home Screen first;
// and a code that carries this page over to a phone.
import { button, el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const say = (key, values) => window.Lamppost.text(key, values);

// The visitor's own browser first.
function order() {
  const agent = navigator.userAgent;
  const places = ["chrome", "firefox", "safari", "ios", "android"];
  let own = "chrome";
  if (/iP(hone|ad|od)/.test(agent)) own = "ios";
  else if (/Android/.test(agent)) own = "android";
  else if (/Firefox\//.test(agent)) own = "firefox";
  else if (!/Chrome\//.test(agent) && /Safari\//.test(agent)) own = "safari";
  return [own, ...places.filter((one) => one !== own)];
}

export function blockedHelp(site) {
  return el("details", { class: "lamppost-help", "data-lamppost-when": "blocked", hidden: true },
    el("summary", {}, say("help.blocked")),
    el("ul", {}, ...order().map((place) => el("li", {}, say(`help.${place}`, { site })))));
}

// The signs that Safari's own buttons bear, so that they are recognised.
function sign(path) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["class", "lamppost-sign"], ["aria-hidden", "true"]]) drawing.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

export function iosSteps(site) {
  const steps = [
    ["ios.share", "M12 15V3m-4 4 4-4 4 4M7 10H5v11h14V10h-2"],
    ["ios.add", "M4 4h16v16H4zM12 8v8m-4-4h8"],
    ["ios.open", "M5 5h14v14H5zM9 15l6-6m-5 0h5v5"],
  ];
  return el("ol", { class: "lamppost-steps", "data-lamppost-when": "ios-needs-install", hidden: true },
    ...steps.map(([key, path]) => el("li", {}, sign(path), el("span", {}, say(key, { site })))));
}

/** The code of `address` as a drawing: modules become one path. */
async function drawn(address) {
  const { default: qrcode } = await import("./vendor/qrcode-generator-2.0.4/qrcode.js");
  const code = qrcode(0, "M");
  code.addData(address);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if (code.isDark(y, x)) path += `M${x} ${y}h1v1h-1z`;
  }
  const drawing = sign(path);
  drawing.setAttribute("viewBox", `-4 -4 ${size + 8} ${size + 8}`); // the quiet zone that readers need
  drawing.setAttribute("class", "lamppost-qr");
  drawing.removeAttribute("aria-hidden");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", say("phone.code", { address }));
  return drawing;
}

/** On a computer: a button that shows this page's address for a phone's camera. */
export function phoneCode() {
  if (matchMedia("(pointer: coarse)").matches || window.Lamppost.state() === "ios-needs-install") return undefined;
  const place = el("div", { class: "lamppost-phone", hidden: true });
  const opener = button(say("phone.open"), {
    class: "lamppost-link", "aria-expanded": "false",
    async onclick() {
      const address = location.href.split("#")[0];
      if (!place.firstChild) place.append(await drawn(address), el("p", {}, say("phone.how")));
      place.hidden = !place.hidden;
      opener.setAttribute("aria-expanded", String(!place.hidden));
      place.scrollIntoView({ block: "nearest" }); // within a small panel
    },
  });
  return el("div", {}, opener, place);
}
