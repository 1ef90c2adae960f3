import autocannon from "autocannon";
import { TWENTY_CONTACTS } from "./operations.js";

const CLIENTS = [1, 8, 32, 128];
const WARM_UP_SECONDS = 1;

/**
 * (d) Requests per second, times and memory under a growing number of clients, each of which waits for its answer: with
 * connections that stand, and with a new one for each request.
 */
export async function measureLoad({ crmesh, headers }, report, { seconds }) {
  report.heading("(d) Load: queries of 20 contacts, all of one end user");
  const rows = [];
  for (const clients of CLIENTS) {
    for (const way of ["standing", "arriving"]) {
      const { requests, p50, p99 } = await load({ url: crmesh.ready.url, headers, clients, seconds, way });
      rows.push([
        clients,
        way,
        Math.round(requests / seconds),
        p50,
        p99,
        Math.round((await crmesh.ask("usage")).rssMb),
      ]);
    }
  }
  report.table(["clients", "connections", "requests per second", "p50, ms", "p99, ms", "memory (RSS), MB"], rows);
}

/** Loads a server for some seconds, over connections that stand, or over connections that arrive with each request. */
async function load({ url, headers, clients, seconds, way }) {
  const isArriving = way === "arriving";
  const send = (duration) =>
    autocannon({
      url,
      method: "POST",
      headers: { ...headers, "content-type": "application/json", ...(isArriving ? { connection: "close" } : {}) },
      body: JSON.stringify(TWENTY_CONTACTS),
      connections: clients,
      duration,
      ...(isArriving ? { reconnectRate: 1 } : {}),
    });
  await send(WARM_UP_SECONDS);
  const { requests, latency, errors, non2xx } = await send(seconds);
  if (errors + non2xx > 0) throw new Error(`${errors + non2xx} requests of ${clients} clients failed.`);
  return { requests: requests.total, p50: latency.p50, p99: latency.p99 };
}
