// The five names under which push services are counted, as people know them.

const NAMES = {
  fcm: "Chrome and Android (Google)",
  mozilla: "Firefox (Mozilla)",
  apple: "Safari and iPhone (Apple)",
  windows: "Edge on Windows (Microsoft)",
  other: "Others",
};

export const SERVICES = Object.entries(NAMES);

export const serviceName = (service) => NAMES[service] ?? String(service ?? "");

const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** "German (de)"; a tag that nobody knows stands for itself. */
export function languageName(tag) {
  if (!tag) return "Not known";
  try {
    const name = languages.of(tag);
    return name ? `${name} (${tag})` : tag;
  } catch {
    return tag; // not a language tag at all
  }
}
