// The service's handle for programs in other languages: JSON over HTTP on loopback.
//
//   POST   /subscriptions  {"count", "vapidKey", "keyPairs", "host"}   -> [toJSON(), ...]
//   DELETE /subscriptions  {"endpoints"}                               they answer 410 from now on
//   POST   /script         {"rules", "host", "endpoints"}              rules of script.mjs, one or a list
//   DELETE /script         {"host", "endpoints"}                       back to the truth
//   POST   /hosts          {"port", "certificate", "streams", ...}     -> {"origin"}
//   POST   /hosts/stop, /hosts/start, /hosts/break  {"host", "fault"}  connections refused, taken, broken
//   GET    /tally (cheap), /statistics, /received?endpoint=, /counts, /twice, /refusals, /agents, /config
//   POST   /forget                                                     all counts start anew

import { createServer } from "node:http";

const BODY_LIMIT = 64 * 1024 * 1024; // rules for a million endpoints

const CALLS = {
  "POST /subscriptions": (service, { count, ...options }) => service.createSubscriptions(count, options),
  "DELETE /subscriptions": (service, { endpoints }) => service.unsubscribe(endpoints),
  "POST /script": (service, { rules, ...where }) => service.script(rules, where),
  "DELETE /script": (service, where) => service.clearScript(where),
  "POST /hosts": async (service, options) => ({ origin: (await service.addHost(options)).origin }),
  "POST /hosts/stop": (service, { host }) => service.host(host).stop(),
  "POST /hosts/start": (service, { host }) => service.host(host).start(),
  "POST /hosts/break": (service, { host, fault }) => service.host(host).breakConnections(fault),
  "GET /tally": (service) => service.tally(),
  "GET /statistics": (service) => service.statistics(),
  "GET /received": (service, none, query) => service.received(query.get("endpoint") ?? undefined),
  "GET /counts": (service) => service.counts(),
  "GET /twice": (service) => service.twice(),
  "GET /refusals": (service) => service.refusals(),
  "GET /agents": (service) => service.agents(),
  "GET /config": (service) => ({ config: service.config() }),
  "POST /forget": (service) => service.forget(),
};

/** Listens on 127.0.0.1:`port` (0: any) and returns {url, stop()}. */
export async function startControl(service, port) {
  const server = createServer((request, response) => {
    answer(service, request).then(
      (value) => reply(response, 200, value ?? {}),
      (error) => reply(response, error.status ?? 400, { error: error.message }),
    );
  });
  await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Error(`control on 127.0.0.1:${port}: ${error.message}`)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(service, request) {
  const { pathname, searchParams } = new URL(request.url, "http://control");
  const call = CALLS[`${request.method} ${pathname}`];
  if (!call) throw Object.assign(new Error(`${request.method} ${pathname}: no such call`), { status: 404 });
  const text = await bodyOf(request);
  return call(service, text === "" ? {} : JSON.parse(text), searchParams);
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error(`the body is longer than ${BODY_LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reply(response, status, value) {
  const text = JSON.stringify(value);
  // One connection a call: none can be found dead by a caller who was busy meanwhile.
  response.writeHead(status, {
    "content-type": "application/json", "content-length": Buffer.byteLength(text), "connection": "close",
  });
  response.end(text);
}
