import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";

/**
 * A CRM with a limit, in a thread of its own, so that callers who are busy do not delay its clock. It counts what arrives,
 * also what it refuses. What it has answered once, it answers again by itself.
 */
const { target, allowed, windowMs } = workerData;
const STATED = { "x-hubspot-ratelimit-max": allowed, "x-hubspot-ratelimit-interval-milliseconds": windowMs };
const REFUSAL = { status: "error", errorType: "RATE_LIMIT", policyName: "TEN_SECONDLY_ROLLING", message: "Too many" };
const arrivals = [];
let refused = 0;
const agent = new http.Agent({ keepAlive: true });
const answers = new Map();

const server = http.createServer((request, response) => {
  const now = performance.now();
  arrivals.push(now);
  if (arrivals.filter((at) => at > now - windowMs).length > allowed) {
    refused += 1;
    return void response.writeHead(429, { "content-type": "application/json" }).end(JSON.stringify(REFUSAL));
  }
  const { method, headers, url } = request;
  const known = method === "GET" && answers.get(url);
  if (known) return void response.writeHead(200, known.headers).end(known.body);
  const outgoing = http.request(`${target}${url}`, { method, headers, agent }, async (answer) => {
    const body = Buffer.concat(await Array.fromAsync(answer));
    const { "content-type": type } = answer.headers;
    const found = { body, headers: { "content-type": type, "content-length": body.length, ...STATED } };
    if (answer.statusCode === 200) answers.set(url, found);
    response.writeHead(answer.statusCode, found.headers).end(body);
  });
  outgoing.on("error", () => response.destroy());
  request.pipe(outgoing);
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage({ port: server.address().port }));
parentPort.on("message", () => parentPort.postMessage({ arrivals, refused }));
