// What every page must be, whoever looks at it: for everybody by axe, and as wide as the screen.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, in words. The policy lets no foreign script in, so it comes by the developer tools. */
export async function findings(page) {
  await page.evaluate(kAxe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** How far the page is wider than its window, px. */
export const overhang = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A picture, if LAMPPOST_PICTURES names a folder for them: of the whole page, or of what is in the window. */
export async function picture(page, name, { fullPage = true } = {}) {
  const folder = process.env.LAMPPOST_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
}
