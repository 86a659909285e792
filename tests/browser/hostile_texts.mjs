// Texts that a stranger, a visitor, an editor or a push service may send, and the trap for those that run.

/** {what, text}: what has tags has them with data-hostile, what runs calls ran(), what loads loads /hostile. */
export const hostileTexts = [
  { what: "a script", text: "<script data-hostile>ran('script')</script>" },
  { what: "a handler in an image", text: "\"><img data-hostile src=/hostile.png onerror=ran('image')>" },
  { what: "an SVG", text: "<svg data-hostile onload=ran('svg')><script>ran('svg script')</script><a xlink:href=javascript:ran('a')>x</a></svg>" },
  { what: "a URL that is a script", text: "javascript:ran('url')//%0aran('url')" },
  { what: "quotes that end an attribute", text: "' onmouseover='ran(1)' \" autofocus onfocus=\"ran(2)\" data-hostile ` onclick=`ran(3)" },
  { what: "templates", text: "{{constructor.constructor('ran(4)')()}} ${ran(5)} <%= ran(6) %> #{ran(7)} [[ran(8)]] {%raw%}" },
  { what: "ends of elements", text: "</title></textarea></style></script></noscript></template><base data-hostile href=/hostile/><meta data-hostile http-equiv=refresh content='0;url=/hostile'>" },
  { what: "frames and objects", text: "<iframe data-hostile srcdoc=\"<script>parent.ran('frame')</script>\"></iframe><object data-hostile data=/hostile></object><embed data-hostile src=/hostile>" },
  { what: "what opens by itself", text: "<details data-hostile open ontoggle=ran(9)><video data-hostile src=/hostile onerror=ran(10)><dialog data-hostile open>" },
  { what: "a style", text: "<style data-hostile>*{display:none}@import '/hostile.css'</style><link data-hostile rel=stylesheet href=/hostile.css>" },
  { what: "a form", text: "<form data-hostile action=/hostile><button data-hostile formaction=javascript:ran(11)>Send</button></form>" },
  { what: "entities", text: "&lt;b data-hostile&gt; &#60;script&#62;ran(12)&#60;/script&#62; &amp;lt; &nbsp; &notin" },
  { what: "names of JavaScript", text: "__proto__ constructor toString hasOwnProperty" },
  { what: "one name of JavaScript", text: "__proto__" },
  { what: "SQL and a header", text: "'; DROP TABLE campaign; -- \\' %27 %0d%0aSet-Cookie:%20hostile=1 \\u003cscript\\u003e" },
  { what: "right to left overrides without an end", text: "\u202egnp.exe \u2067\u2066 \u200f\u061c abc" },
  { what: "control characters", text: "\u0001\u0007\u0008\u001b[31mred\u001b]0;title\u0007\u007f\u0085\u009b end" },
  { what: "line ends of all kinds", text: "one\r\ntwo\u2028three\u2029four\u000bfive\tsix" },
  { what: "a word of 500 letters", text: "W".repeat(500) },
  { what: "a word of 160 ideograms", text: "街灯".repeat(80) },
  { what: "emoji and what joins them", text: "👩‍👩‍👧‍👦🏳️‍🌈🇦🇹👍🏿".repeat(6) },
  { what: "marks upon marks", text: [..."Zalgo comes"].map((letter) => letter + "\u0335\u0353\u035a\u0489".repeat(4)).join("") },
  { what: "what is not seen", text: "\u200b\u2060\ufeff\u00ad\u3164x\u{e0001}\u{e0041}" },
];

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu;

/** As much of a text as a member takes: `bytes` of UTF-8, `characters`; a `line` has no control characters. */
export function fitting(text, { bytes = Infinity, characters = Infinity, line = false }) {
  let fit = "";
  let count = 0;
  for (const character of line ? text.replaceAll(CONTROLS, "") : text) {
    if (count === characters || Buffer.byteLength(fit + character) > bytes) break;
    fit += character;
    count += 1;
  }
  return fit;
}

/** Runs ahead of a page's own scripts: whatever calls ran(), opens a dialog or breaks the policy is remembered. */
function setTrap() {
  window.trapped = [];
  window.ran = (what) => window.trapped.push(`ran ${what}`);
  for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => window.trapped.push(name);
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => window.trapped.push(`${violatedDirective} ${blockedURI}`));
}

/** Sets the trap on a page of chromium.mjs. */
export async function trap(page) {
  page.loaded = [];
  page.on("request", (request) => page.loaded.push(request.url()));
  page.on("dialog", async (dialog) => {
    page.problems.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.addInitScript(setTrap);
}

/** What has come of hostile texts on a page, in words; nothing at best. */
export async function harm(page) {
  const trapped = await page.evaluate(() => [
    ...window.trapped,
    ...[...document.querySelectorAll("[data-hostile], iframe, base, object, embed")].map((one) => `an element: ${one.outerHTML}`),
    ...[...document.querySelectorAll("*")].flatMap((one) => [...one.attributes].filter(({ name, value }) => /^on/.test(name) || (name !== "value" && /^\s*javascript:/i.test(value))))
      .map(({ name, value }) => `an attribute: ${name}=${value}`),
  ]);
  // That something is not there, or is refused, is no harm.
  const problems = page.problems.filter((problem) => !/^Failed to load resource/.test(problem));
  return [...trapped, ...problems, ...page.loaded.filter((url) => new URL(url).pathname.includes("hostile"))];
}
