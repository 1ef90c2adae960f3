import { Client } from "./client.js";
import { TWENTY_CONTACTS } from "./operations.js";
import { quantile } from "./statistics.js";

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
  const client = new Client(url, headers, { keepAlive: way === "standing" });
  const body = JSON.stringify(TWENTY_CONTACTS);
  const send = async (duration) => {
    const times = [];
    const endsAt = performance.now() + duration * 1_000;
    const loop = async () => {
      for (let now = performance.now(); now < endsAt;) {
        await client.post(body);
        times.push(performance.now() - now);
        now = performance.now();
      }
    };
    await Promise.all(Array.from({ length: clients }, loop));
    return times;
  };
  await send(WARM_UP_SECONDS);
  const times = await send(seconds);
  client.close();
  return { requests: times.length, p50: quantile(times, 0.5).toFixed(1), p99: quantile(times, 0.99).toFixed(1) };
}
