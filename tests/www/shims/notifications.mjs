// The screen of a simulated browser: which options it knows, which it refuses, what replaces what
// (PROTOCOL.md, d10).

const EVERYWHERE = ["body", "lang", "dir", "tag", "icon", "silent", "data"];

/** What each browser makes of a notification; `replaces`: a notification with the same tag gives way. */
export const KINDS = {
  chromium: {
    agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    options: [...EVERYWHERE, "image", "badge", "renotify", "requireInteraction", "timestamp", "actions"],
    replaces: true,
  },
  firefox: {
    agent: "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    options: [...EVERYWHERE, "requireInteraction", "actions"],
    replaces: true,
  },
  safari: {
    agent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
    options: EVERYWHERE,
    replaces: false,
  },
};

export class Screen {
  constructor(kind) {
    this.kind = KINDS[kind];
    this.permission = "granted";
    this.refuses = null; // the name of an option that this browser throws at
    this.visible = [];
    this.history = [];
  }

  /** ServiceWorkerRegistration.showNotification. In `history` for ever, in `visible` until closed or replaced. */
  show(title, options = {}) {
    if (this.permission !== "granted") throw new TypeError("No notification permission has been granted");
    if (options.renotify && !options.tag) throw new TypeError("renotify without a tag");
    if (options.dir !== undefined && !["auto", "ltr", "rtl"].includes(options.dir)) throw new TypeError("dir");
    if (this.refuses && this.refuses in options) throw new TypeError(`${this.refuses} is not taken here`);

    const notification = { title: String(title), replaced: false, close: () => this.#remove(notification) };
    for (const name of this.kind.options) {
      if (name in options) notification[name] = structuredClone(options[name]);
    }
    const older = this.kind.replaces && options.tag ? this.visible.find(({ tag }) => tag === options.tag) : undefined;
    if (older) {
      this.#remove(older);
      notification.replaced = true;
    }
    // A sound, or a banner that slides in: what a person would call "it came twice".
    notification.alerts = !options.silent && (!older || options.renotify === true);
    this.visible.push(notification);
    this.history.push(notification);
    return notification;
  }

  #remove(notification) {
    this.visible = this.visible.filter((one) => one !== notification);
  }
}
