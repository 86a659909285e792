// A module of www/ for a test: its files end in .js and lie outside of any package, which node 18
// would take for CommonJS. For modules that import nothing.
import { readFileSync } from "node:fs";

export function loadModule(path) {
  const source = readFileSync(new URL(`../../../www/${path}`, import.meta.url), "utf8");
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
}
