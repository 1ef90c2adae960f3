import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { Client } from "./client.js";
import { closedLoop } from "./contest.js";
import { TWENTY_CONTACTS } from "./operations.js";
import { median, spread } from "./statistics.js";
import { startWorkers } from "./workers-process.js";

const CLIENTS = 32;
const BODY = JSON.stringify(TWENTY_CONTACTS);
const NAME = "(d) two workers ÷ one, each with a core";
const BOUND = 1.7;
const AT_LEAST = { atLeast: true };
/** Of which /proc counts the CPU of a process. */
const TICKS_PER_SECOND = 100;

/**
 * What a second worker adds, with CRMESH_TEST_DATABASE_URL: two servers, of one and of two workers, are loaded in turn. On a
 * machine of two cores, the CRM and the clients need a part of them, so that two workers cannot have a core each. What counts is
 * therefore how many requests the busiest process of a server answers in a second of its CPU: as many would be answered in each
 * second if it had a core for itself. CPU is read from /proc, so on Linux only.
 * @returns a goal, without values if it was not measured
 */
export async function measureWorkers({ sandbox, start }, report, { rounds, queries }) {
  const { CRMESH_TEST_DATABASE_URL: databaseUrl } = process.env;
  if (!databaseUrl) {
    report.text("\nWorkers were not measured: CRMESH_TEST_DATABASE_URL is not set.");
    return { name: NAME, values: [], bound: BOUND, ...AT_LEAST };
  }
  const crm = await start("peers/wide-crm-process.js", { origin: sandbox.ready.origins.hubspot });
  const encryptionKey = `bench:${randomBytes(32).toString("base64")}`;
  const options = { databaseUrl, encryptionKey, origin: crm.ready.origins.hubspot };
  const servers = [];
  const measured = [[], []];
  try {
    for (const workers of [1, 2]) {
      const { url, headers, ...server } = await startWorkers({ ...options, workers });
      servers.push({ ...server, client: new Client(url, headers) });
    }
    // The first rounds warm the processes up and are not counted.
    for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
      for (const [index, server] of servers.entries()) {
        const once = await loadOnce(server, queries);
        if (round >= 0) measured[index].push(once);
      }
    }
  } finally {
    for (const { client, stop } of servers) {
      client.close();
      await stop();
    }
    await crm.stop();
  }
  report.heading("(d) One worker and two");
  report.table(
    [
      "workers",
      "requests per second",
      "least and most",
      "ms of CPU per request",
      "requests in a second of the busiest process",
    ],
    measured.map((loads, index) => {
      const of = (name) => loads.map((one) => one[name]);
      const perSecond = of("perSecond");
      return [
        index + 1,
        ...[median(perSecond).toFixed(0), spread(perSecond, 0)],
        ...[median(of("cpuMs")).toFixed(2), median(of("ofBusiest")).toFixed(0)],
      ];
    }),
  );
  const [one, two] = measured;
  const values = two.map(({ ofBusiest }, round) => ofBusiest / one[round].ofBusiest);
  report.text("");
  report.table(
    ["two ÷ one, median of the rounds", "least and most", "bound", ""],
    [
      [
        median(values).toFixed(2),
        spread(values, 2),
        `≥ ${BOUND}`,
        report.verdict(NAME, median(values), BOUND, AT_LEAST),
      ],
    ],
  );
  return { name: NAME, values, bound: BOUND, ...AT_LEAST };
}

async function loadOnce({ pid, client }, queries) {
  const before = await cpuOfFamily(pid);
  const startedAt = performance.now();
  await closedLoop(() => client.post(BODY), queries, CLIENTS);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (await cpuOfFamily(pid)).map((after, index) => after - before[index]);
  const total = cpu.reduce((sum, one) => sum + one, 0);
  return {
    perSecond: queries / seconds,
    cpuMs: (total / queries) * 1_000,
    ofBusiest: queries / Math.max(...cpu),
  };
}

/** @returns seconds of CPU of a process, and of each that it has started */
async function cpuOfFamily(pid) {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8")));
  const children = lists.flatMap((list) => list.trim().split(" ").filter(Boolean));
  return Promise.all([pid, ...children].map(cpuOf));
}

async function cpuOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may have spaces. The 14th and 15th fields are the times in user and kernel mode.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
