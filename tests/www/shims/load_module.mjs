// A module of www/ for a test: its files end in .js and lie outside of any package, which node 18
// would take for CommonJS. What it imports from beside itself comes along, each file once.
import { readFileSync } from "node:fs";

const kRoot = new URL("../../../www/", import.meta.url);
const loaded = new Map(); // the address that stands for a file, by its own

function addressOf(file) {
  if (!loaded.has(file.href)) {
    const source = readFileSync(file, "utf8")
      .replace(/^((?:import|export) [^"]*? from |import )"(\.[^"]+)"/gm, (_, start, path) => `${start}"${addressOf(new URL(path, file))}"`);
    loaded.set(file.href, `data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
  }
  return loaded.get(file.href);
}

export function loadModule(path) {
  return import(addressOf(new URL(path.replace(/^\//, ""), kRoot)));
}
