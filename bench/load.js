import autocannon from "autocannon";
import { TWENTY_CONTACTS } from "./operations.js";

const CLIENTS = [1, 8, 32, 128];
const WARM_UP_SECONDS = 1;

/** (d) Requests per second and memory under a growing number of clients, each of which waits for its answer. */
export async function measureLoad({ crmesh, headers }, report, { seconds }) {
  const load = (connections, duration) =>
    autocannon({
      url: crmesh.ready.url,
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(TWENTY_CONTACTS),
      connections,
      duration,
    });
  const rows = [];
  for (const clients of CLIENTS) {
    await load(clients, WARM_UP_SECONDS);
    const { requests, latency, errors, non2xx } = await load(clients, seconds);
    if (errors + non2xx > 0) throw new Error(`${errors + non2xx} requests of ${clients} clients failed.`);
    const { rssMb } = await crmesh.ask("usage");
    rows.push([clients, Math.round(requests.average), latency.p50, latency.p99, Math.round(rssMb)]);
  }
  report.heading("(d) Load: queries of 20 contacts, all of one end user");
  report.table(["clients", "requests per second", "p50, ms", "p99, ms", "memory (RSS) after it, MB"], rows);
}
