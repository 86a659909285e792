// The message as one of the systems draws it, roughly; what it drops is there too, greyed, and said below.
import { make, place } from "./make.js";
import { PLATFORMS, shownOn } from "./platforms.js";

let chosen = PLATFORMS[0];

/** The choice of a system; `changed` is called after each. */
export function offerPlatforms(changed) {
  const radio = (platform, index) => {
    const input = make("input", { type: "radio", name: "platform", value: platform.id, checked: index === 0 });
    input.addEventListener("change", () => {
      chosen = platform;
      changed();
    });
    return make("label", {}, input, make("span", {}, platform.label));
  };
  place("platforms").replaceChildren(...PLATFORMS.map(radio));
}

const picture = (src, words, attributes) => {
  const image = make("img", { src, alt: "", ...attributes });
  image.addEventListener("error", () => image.replaceWith(make("p", { class: "broken" }, `${words} can’t be loaded.`)));
  return image;
};

export function showPreview(message) {
  const shown = shownOn(chosen, message);
  const off = (part) => (part in shown.dropped ? "off-here" : false);
  const buttons = (message.actions ?? []).map(({ title }) => make("span", { class: "button" }, "actions" in shown.dropped ? make("s", {}, title) : title));
  const icon = off("icon") || !message.icon ? "/icons/lamp.svg" : message.icon;
  place("preview").dataset.platform = chosen.id;
  place("preview").replaceChildren(
    make("div", { class: "words" },
      picture(icon, "The icon", { class: "icon", width: 40, height: 40 }),
      make("div", { lang: message.lang, dir: message.dir ?? "auto" },
        make("p", { class: "heading" }, shown.title || "Title"),
        make("p", { class: "body" }, shown.body),
        make("p", { class: "site" }, location.host))),
    ...(message.image ? [picture(message.image, "The picture", { class: `large ${off("image") || ""}` })] : []),
    ...(buttons.length ? [make("p", { class: `buttons ${off("actions") || ""}` }, ...buttons)] : []));
  place("preview-dropped").replaceChildren(
    ...(shown.isCut ? [make("li", {}, `${chosen.by} cuts the text about here.`)] : []),
    ...Object.values(shown.dropped).map((words) => make("li", {}, words)));
}
