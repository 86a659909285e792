// The leanest push service that there is: it reads each message and answers 201, for whatever endpoint. A process of
// its own, so that what it costs is not the sender's. Whether the messages are right is for the tests to say, which
// have tests/rig/push_service.mjs; here that would only stand in the way of the measured.
//
//   const sink = await startPushSink(folder);   sink.origin, sink.caFile; await sink.delay(50); await sink.count();
//   await sink.stop();

import { fork } from "node:child_process";
import { constants, createSecureServer } from "node:http2";
import { fileURLToPath } from "node:url";
import { authorityFile, serverCertificate } from "../../rig/push/tls.mjs";

/** A folder is needed for the certificates. */
export async function startPushSink(folder) {
  const child = fork(fileURLToPath(import.meta.url), [folder]);
  const answer = () =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`the push sink ended with ${code}`));
      child.once("exit", ended);
      child.once("message", (message) => {
        child.off("exit", ended);
        resolve(message);
      });
    });
  const ask = (question) => {
    child.send(question);
    return answer();
  };
  const ready = await answer();
  return {
    ...ready,
    /** From now on it answers after so many milliseconds. */
    delay: (ms) => ask({ delay: ms }),
    /** How many messages it has accepted since it was last asked. */
    count: () => ask({ count: true }),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.disconnect();
      }),
  };
}

// As nginx does after 1000 requests, and sooner than node, which ends a connection at about 1000 RST_STREAMs (libcurl
// 7.88 ends each request with one) and calls streams refused that it has handed to us.
const REQUESTS_A_CONNECTION = 800;
const GRACE = 200; // ms between the last answer and the end of a connection

/** False: the stream came before our GOAWAY went out, and is not processed. */
function isTaken(stream) {
  const session = stream.session;
  if (session.last !== undefined && stream.id > session.last) {
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
    return false;
  }
  session.taken = (session.taken ?? 0) + 1;
  session.open = (session.open ?? 0) + 1;
  if (session.taken === REQUESTS_A_CONNECTION) {
    session.last = stream.id;
    session.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
  }
  stream.on("close", () => {
    session.open -= 1;
    if (session.last !== undefined && session.open === 0) setTimeout(() => session.destroy(), GRACE);
  });
  return true;
}

async function serve(folder) {
  const caFile = await authorityFile(folder);
  const certificate = await serverCertificate(folder, "good");
  let delay = 0;
  let count = 0;
  const server = createSecureServer({
    ...certificate,
    allowHTTP1: true,
    settings: { maxConcurrentStreams: 100 },
    maxSessionMemory: 1024,
  });
  const ignore = () => {}; // what broke on the way is missing in the sender's counts, which are looked at
  const accept = (body, answer) => {
    body.resume();
    body.on("end", () => {
      if (body.rstCode) return; // one that was cancelled ends too
      count += 1;
      if (delay > 0) setTimeout(answer, delay);
      else answer();
    });
  };
  server.on("stream", (stream) => {
    stream.on("error", ignore);
    if (!isTaken(stream)) return;
    accept(stream, () => stream.respond({ ":status": 201, ttl: "60", location: "/m/1" }, { endStream: true }));
  });
  server.on("request", (request, response) => {
    if (request.httpVersionMajor === 2) return; // a stream, see above
    accept(request, () => response.writeHead(201, { "content-length": 0, ttl: "60", location: "/m/1" }).end());
  });
  server.on("sessionError", ignore);
  process.on("message", (question) => {
    if (question.delay !== undefined) delay = question.delay;
    process.send(count);
    if (question.count) count = 0;
  });
  process.on("disconnect", () => process.exit(0));
  server.listen(0, "127.0.0.1", 4096, () => {
    const { port } = server.address();
    process.send({ port, origin: `https://localhost:${port}`, caFile });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(process.argv[2]);
