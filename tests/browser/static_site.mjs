// The pages of www/ on a loopback port, without nginx and without Lamppost: enough for a service worker.
// Whatever is not a file of www/ is an empty page, so that every link of a notification leads somewhere.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const kRoot = fileURLToPath(new URL("../../www", import.meta.url));
const kTypes = { ".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml" };

async function fileOf(path) {
  const file = join(kRoot, normalize(path));
  const found = await stat(file).catch((error) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  return found?.isFile() && kTypes[extname(file)] ? file : undefined;
}

/** Starts it; `config` is what GET /api/config answers, absent: 503. Gives {origin, stop}. */
export async function startStaticSite({ config } = {}) {
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.startsWith("/api/")) {
      answer.writeHead(config && pathname === "/api/config" ? 200 : 503, { "Content-Type": "application/json" });
      return answer.end(JSON.stringify(config ?? {}));
    }
    const file = await fileOf(pathname);
    if (!file) {
      answer.writeHead(200, { "Content-Type": "text/html" });
      return answer.end('<!doctype html><html lang="en"><title>a page</title><link rel="icon" href="data:,">');
    }
    answer.writeHead(200, { "Content-Type": kTypes[extname(file)] });
    return createReadStream(file).pipe(answer);
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  return {
    origin: `http://localhost:${server.address().port}`,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
