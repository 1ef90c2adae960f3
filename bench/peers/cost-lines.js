/** What a query of crmesh costs as it grows: by records, by fields, by connections, by custom fields. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contest } from "../contest.js";
import { CREATE_CONNECTION, UPSERT_END_USER } from "../operations.js";
import { startCrmesh } from "../stage.js";

/** Of each line the smallest size, the one in the middle and the largest. */
const SIZES = { records: [10, 55, 100], fields: [4, 32, 60], connections: [1, 6, 11], customFields: [5, 30, 55] };

const QUERIES = 48;

export const LINES = {
  records: { unit: "contact", rest: "of 6 fields" },
  fields: { unit: "field of one of 50 contacts", rest: "text, under an alias", per: 50 },
  connections: { unit: "connection", rest: "20 contacts of each" },
  customFields: { unit: "custom field of one of 50 contacts", rest: "key and value", per: 50 },
};

const RECORDS = `query ($size: Int!) {
  contacts(provider: "hubspot", first: $size) { nodes { id firstName lastName title emails { address } updatedAt } }
}`;
const CUSTOM = `{ contacts(provider: "hubspot", first: 50) { nodes { id customFields { key value } } } }`;

/** The same few fields again and again, so that each further one costs what the ones before it do. */
function fieldsQuery(size) {
  const names = ["firstName", "lastName", "fullName", "title"];
  const fields = Array.from({ length: size }, (_, index) => `f${index}: ${names[index % names.length]}`);
  return `{ contacts(provider: "hubspot", first: 50) { nodes { ${fields.join(" ")} } } }`;
}

function connectionsQuery(size) {
  const fields = Array.from({ length: size }, (_, index) => {
    const of = `provider: "hubspot", endUserId: "${endUserOf(index)}", first: 20`;
    return `c${index}: contacts(${of}) { nodes { id fullName title emails { address } } }`;
  });
  return `{ ${fields.join(" ")} }`;
}

const endUserOf = (index) => `bench-${index}`;

/** @returns for each line the CPU of each of its sizes, as `[size, ms]` of each round */
export async function measureCostLines(stage, { rounds, clients }) {
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-bench-"));
  try {
    const { crmesh, client } = stage;
    await connectEndUsers(stage, Math.max(...SIZES.connections));
    const wide = await startWide(stage, dataDir);
    const asking = {
      records: (size) => [crmesh, client, { query: RECORDS, variables: { size } }],
      fields: (size) => [crmesh, client, { query: fieldsQuery(size) }],
      connections: (size) => [crmesh, client, { query: connectionsQuery(size) }],
      customFields: (size) => [wide.crmesh, wide.client, { query: CUSTOM }, { "x-end-user-id": endUserOf(size) }],
    };
    const measured = {};
    for (const [line, ask] of Object.entries(asking)) {
      const contestants = [];
      for (const size of SIZES[line]) {
        const [server, asker, operation, headers] = ask(size);
        await asker.ask(operation, headers);
        const body = JSON.stringify(operation);
        contestants.push({ server, post: () => asker.post(body, headers) });
      }
      const cpu = await contest(contestants, { rounds, queries: QUERIES, clients, warmUp: rounds });
      measured[line] = SIZES[line].map((size, index) => ({ size, cpu: cpu[index] }));
    }
    wide.client.close();
    await wide.stop();
    return measured;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function connectEndUsers({ client, sandbox }, count) {
  for (let index = 0; index < count; index += 1) {
    await connect(client, endUserOf(index), sandbox.ready.credentials.hubspot);
  }
}

async function connect(client, endUserId, credentials) {
  await client.ask({ query: UPSERT_END_USER, variables: { id: endUserId } });
  await client.ask({ query: CREATE_CONNECTION, variables: { endUserId, provider: "hubspot", credentials } });
}

/** A crmesh of its own, because its HubSpot is another. */
async function startWide({ sandbox, start }, dataDir) {
  const crm = await start("peers/wide-crm-process.js", { origin: sandbox.ready.origins.hubspot });
  const [first] = SIZES.customFields;
  const tokenOf = (size) => ({ accessToken: `pat-sandbox-own-${size}` });
  const ready = { ...crm.ready, credentials: { hubspot: tokenOf(first) } };
  const { crmesh, client } = await startCrmesh(start, { ready }, { dataDir });
  for (const size of SIZES.customFields) await connect(client, endUserOf(size), tokenOf(size));
  const stop = async () => {
    await crmesh.stop();
    await crm.stop();
  };
  return { crmesh, client, stop };
}

/**
 * A straight line costs as much in its second half as in its first.
 * @param points `size` and `ms` of three sizes, the second of which is in the middle
 * @returns ms without any unit, µs for each, and the second half divided by the first
 */
export function lineOf(points, per = 1) {
  const [small, middle, large] = points;
  const perUnit = (large.ms - small.ms) / (large.size - small.size);
  return {
    base: small.ms - perUnit * small.size,
    perUnit: (perUnit / per) * 1_000,
    bend: (large.ms - middle.ms) / (middle.ms - small.ms),
  };
}
