import { randomBytes } from "node:crypto";
import autocannon from "autocannon";
import { TWENTY_CONTACTS } from "./operations.js";
import { startWorkers } from "./workers.js";

const CLIENTS = [1, 8, 32, 128];
const WARM_UP_SECONDS = 1;
/** With workers, as many clients as use both cores, and as many as wait. */
const CLIENTS_OF_WORKERS = [32, 128];
const WORKERS = [1, 2];

/**
 * (d) Requests per second, times and memory under a growing number of clients, each of which waits for its answer: with
 * connections that stand, and with a new one for each request. With CRMESH_TEST_DATABASE_URL also with one and two workers.
 */
export async function measureLoad({ crmesh, sandbox, headers }, report, { seconds }) {
  report.heading("(d) Load: queries of 20 contacts, all of one end user");
  const rows = [];
  for (const clients of CLIENTS) rows.push(...(await rowsOf(crmesh.ready.url, headers, clients, seconds, crmesh)));
  report.table(["clients", "connections", "requests per second", "p50, ms", "p99, ms", "memory (RSS), MB"], rows);
  const { CRMESH_TEST_DATABASE_URL: databaseUrl } = process.env;
  if (!databaseUrl) return;
  const byWorkers = [];
  const encryptionKey = `bench:${randomBytes(32).toString("base64")}`;
  for (const workers of WORKERS) {
    const server = await startWorkers({ databaseUrl, encryptionKey, workers, sandbox });
    try {
      for (const clients of CLIENTS_OF_WORKERS) {
        const measured = await rowsOf(server.url, server.headers, clients, seconds);
        byWorkers.push(...measured.map((row) => [workers, ...row.slice(0, -1)]));
      }
    } finally {
      await server.stop();
    }
  }
  report.text("");
  report.table(["workers", "clients", "connections", "requests per second", "p50, ms", "p99, ms"], byWorkers);
}

/** The same load over connections that stand, and over connections that arrive with each request. */
async function rowsOf(url, headers, clients, seconds, crmesh) {
  const rows = [];
  for (const arriving of [false, true]) {
    const load = (duration) =>
      autocannon({
        url,
        method: "POST",
        headers: { ...headers, "content-type": "application/json", ...(arriving ? { connection: "close" } : {}) },
        body: JSON.stringify(TWENTY_CONTACTS),
        connections: clients,
        duration,
        ...(arriving ? { reconnectRate: 1 } : {}),
      });
    await load(WARM_UP_SECONDS);
    const { requests, latency, errors, non2xx } = await load(seconds);
    if (errors + non2xx > 0) throw new Error(`${errors + non2xx} requests of ${clients} clients failed.`);
    const memory = crmesh ? Math.round((await crmesh.ask("usage")).rssMb) : "";
    const way = arriving ? "arriving" : "standing";
    rows.push([clients, way, Math.round(requests.average), latency.p50, latency.p99, memory]);
  }
  return rows;
}
