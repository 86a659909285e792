// Zoom to 400 % (WCAG 2.2, 1.4.10): a window of 1280 by 1024 px is then as one of 320 by 256 with four dots a pixel.
// Nothing is cut off there, and what has the focus is in sight (2.4.11).

/** Makes the page's window so. */
export async function zoom(chromium, page) {
  const tools = await chromium.context.newCDPSession(page);
  await tools.send("Emulation.setDeviceMetricsOverride", { width: 320, height: 256, deviceScaleFactor: 4, mobile: false });
}

/** What is cut off: reaches over the sides of the window, or holds more than it shows and can't be scrolled to it. */
export const cutOff = (page) => page.evaluate(() => {
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className?.baseVal ?? one.className} ${one.textContent.trim().slice(0, 30)}`;
  const found = [];
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) found.push("the page scrolls sideways");
  for (const one of document.querySelectorAll("body *:not(svg *):not(option)")) {
    if (one.getClientRects().length === 0 || one.matches(".skip:not(:focus)")) continue;
    const { left, right } = one.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) found.push(`${name(one)} from ${left} to ${right}`);
    const { overflowX, overflowY } = getComputedStyle(one);
    if (overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1) found.push(`${name(one)} holds ${one.scrollWidth} px in ${one.clientWidth}`);
    if (["hidden", "clip"].includes(overflowY) && one.scrollHeight > one.clientHeight + 1) found.push(`${name(one)} is cut at its foot`);
  }
  return found;
});

/**
 * Goes through the page by Tab; what had the focus and was not in sight, whole: covered by what stands still over the
 * page (bell, banner, panel, the line that says what was done), or outside of the window.
 */
export async function outOfSight(page) {
  const found = [];
  const seen = new Set();
  await page.evaluate(() => document.activeElement.blur());
  for (;;) {
    await page.keyboard.press("Tab");
    // The browser scrolls with the next frame.
    const { number, trouble } = await page.evaluate(async () => {
      await new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); });
      const one = document.activeElement;
      if (one === document.body) return {};
      window.focusable ??= [];
      if (!window.focusable.includes(one)) window.focusable.push(one);
      const { left, top, right, bottom, height } = one.getBoundingClientRect();
      const over = [...document.querySelectorAll(".lamppost-bell, .lamppost-banner, .lamppost-ground .lamppost-panel, .said:not(:empty)")]
        .filter((other) => other.getClientRects().length > 0 && !other.contains(one)).find((other) => {
          const rect = other.getBoundingClientRect();
          return rect.left < right - 1 && rect.right > left + 1 && rect.top < bottom - 1 && rect.bottom > top + 1;
        });
      const outside = height <= innerHeight && (top < -1 || bottom > innerHeight + 1);
      const trouble = over ? `under ${over.className}` : outside && `outside: ${top} to ${bottom}`;
      return { number: window.focusable.indexOf(one), trouble: trouble && `${one.outerHTML.slice(0, 80)} ${trouble}` };
    });
    if (number === undefined || seen.has(number)) return { found, count: seen.size };
    seen.add(number);
    if (trouble) found.push(trouble);
  }
}
