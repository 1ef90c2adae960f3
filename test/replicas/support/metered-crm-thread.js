import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";

/** A CRM with a limit, in a thread of its own, so that callers who are busy do not delay its clock. */
const { target, allowed, windowMs } = workerData;
const arrivals = [];
let refused = 0;
const agent = new http.Agent({ keepAlive: true });
const server = http.createServer((request, response) => {
  const now = performance.now();
  arrivals.push(now);
  if (arrivals.filter((at) => at > now - windowMs).length > allowed) {
    refused += 1;
    const body = { status: "error", errorType: "RATE_LIMIT", policyName: "TEN_SECONDLY_ROLLING", message: "Too many" };
    return void response.writeHead(429, { "content-type": "application/json" }).end(JSON.stringify(body));
  }
  const { method, headers, url } = request;
  const outgoing = http.request(`${target}${url}`, { method, headers, agent }, (answer) => {
    const stated = { "x-hubspot-ratelimit-max": allowed, "x-hubspot-ratelimit-interval-milliseconds": windowMs };
    response.writeHead(answer.statusCode, { ...answer.headers, ...stated });
    answer.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  request.pipe(outgoing);
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage({ port: server.address().port }));
parentPort.on("message", () => parentPort.postMessage({ arrivals, refused }));
