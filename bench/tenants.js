import { Client } from "./client.js";
import { closedLoop, contest, ratiosOf } from "./contest.js";
import { CREATE_CONNECTION, TWENTY_CONTACTS, UPSERT_END_USER } from "./operations.js";
import { median, middleHalf } from "./statistics.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIRST_BOUND = 2;
const IN_TURN_BOUND = 1.2;
const CLIENTS = 8;
const END_USER = "customer";
const BODY = JSON.stringify(TWENTY_CONTACTS);
const headersOf = (key) => ({ authorization: `Bearer ${key}`, "x-end-user-id": END_USER });

/**
 * (j) Many tenants, each a workspace with a key, an end user and a connection to HubSpot: the first query of a tenant in a
 * process against the second, and the CPU of queries of all tenants in turn against those of one.
 * @returns the latter, as a goal that was measured
 */
export async function measureTenants({ sandbox, start }, report, { tenants, rounds, queries }) {
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-tenants-"));
  const options = { dataDir, origins: sandbox.ready.origins };
  try {
    const keys = await createTenants(start, options, sandbox, tenants);
    const crmesh = await start("crmesh-process.js", options);
    const client = new Client(crmesh.ready.url);
    // The process is warm, the tenants are not.
    await closedLoop(() => client.post(BODY, headersOf(keys[0])), 500, CLIENTS);
    await measureFirst(client, report, keys.slice(1, 301));
    const goal = await measureInTurn(crmesh, client, report, { keys, rounds, queries });
    client.close();
    await crmesh.stop();
    return goal;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** @returns a key of each tenant */
async function createTenants(start, options, sandbox, tenants) {
  const crmesh = await start("crmesh-process.js", options);
  const client = new Client(crmesh.ready.url);
  const names = Array.from({ length: tenants }, (_, number) => `tenant-${number}`);
  const keys = [];
  const create = async () => {
    const key = await crmesh.ask("createKey", names[keys.length]);
    keys.push(key);
    const headers = headersOf(key);
    await client.ask({ query: UPSERT_END_USER, variables: { id: END_USER } }, headers);
    const variables = { endUserId: END_USER, provider: "hubspot", credentials: sandbox.ready.credentials.hubspot };
    await client.ask({ query: CREATE_CONNECTION, variables }, headers);
  };
  for (let number = 0; number < tenants; number += 1) await create();
  client.close();
  await crmesh.stop();
  return keys;
}

async function measureFirst(client, report, keys) {
  const first = [];
  const second = [];
  for (const key of keys) {
    for (const times of [first, second]) {
      const startedAt = performance.now();
      await client.post(BODY, headersOf(key));
      times.push(performance.now() - startedAt);
    }
  }
  const ratio = median(first.map((time, index) => time / second[index]));
  report.heading("(j) The first query of a tenant in a process");
  report.table(
    ["", "median, ms", "middle half, ms"],
    [
      ["first query", median(first).toFixed(2), middleHalf(first, 2)],
      ["second query", median(second).toFixed(2), middleHalf(second, 2)],
    ],
  );
  report.text("");
  report.table(
    ["first ÷ second, median", "bound", ""],
    [[ratio.toFixed(2), `≤ ${FIRST_BOUND}`, report.verdict("(j) first query", ratio, FIRST_BOUND)]],
  );
}

async function measureInTurn(crmesh, client, report, { keys, rounds, queries }) {
  const [one] = keys;
  let turn = 0;
  const contestants = [
    { server: crmesh, post: () => client.post(BODY, headersOf(one)) },
    { server: crmesh, post: () => client.post(BODY, headersOf(keys[(turn += 1) % keys.length])) },
  ];
  // The first rounds, in which each tenant is asked once, are not counted.
  const warmUp = Math.ceil(keys.length / queries);
  const [ofOne, ofAll] = await contest(contestants, { rounds, queries, clients: CLIENTS, warmUp });
  const ratios = ratiosOf(ofAll, ofOne);
  const ratio = median(ratios);
  const name = `(j) ${keys.length} tenants in turn ÷ one`;
  report.heading(`(j) CPU of queries of ${keys.length} tenants in turn`);
  report.table(
    ["", "median per query, ms", "middle half of the rounds, ms"],
    [
      ["one tenant", median(ofOne).toFixed(2), middleHalf(ofOne, 2)],
      [`${keys.length} tenants in turn`, median(ofAll).toFixed(2), middleHalf(ofAll, 2)],
    ],
  );
  report.text("");
  report.table(
    ["in turn ÷ one, median of the rounds", "middle half", "bound", ""],
    [[ratio.toFixed(2), middleHalf(ratios, 2), `≤ ${IN_TURN_BOUND}`, report.verdict(name, ratio, IN_TURN_BOUND)]],
  );
  return { name, values: ratios, bound: IN_TURN_BOUND };
}
