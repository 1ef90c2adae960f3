import { setTimeout as delay } from "node:timers/promises";
import { Client } from "../client.js";
import { CREATE_CONNECTION, UPSERT_END_USER } from "../operations.js";

const END_USERS = ["hostile-0", "hostile-1"];
const POLITE = "polite";
/** The CRM where many contacts are known, and meet. */
const CROWDED = "hubspot";
/** Contacts who take part in one meeting: from each of them an edge leads back to all others. */
const CROWD = 300;
/** Ids that one request takes at most. */
const MANY = 1_000;

/**
 * Makes the tenants and reads what the cases are made of, over HTTP as any caller would.
 *
 * @param server { url, keys: { live, test, polite }, liveCredentials, demoCredentials, politeCredentials } where `live` and
 * `polite` are keys of two workspaces, `test` is the demo's, and credentials are slug → those that createConnection takes
 */
export async function openTargets({ url, keys, liveCredentials, demoCredentials, politeCredentials }) {
  const as = (key, endUser) => new Client(url, { authorization: `Bearer ${key}`, "x-end-user-id": endUser });
  const live = as(keys.live, END_USERS[0]);
  const demo = as(keys.test, "demo");
  const polite = as(keys.polite, POLITE);
  try {
    for (const endUser of END_USERS) await connect(live, endUser, liveCredentials);
    await connect(polite, POLITE, politeCredentials);
    const own = await readTenant(live, Object.keys(liveCredentials));
    const manyContacts = await readMany(live, CROWDED);
    const { records, connections } = await readTenant(polite, Object.keys(politeCredentials));
    return {
      keys,
      endUsers: END_USERS,
      providers: Object.keys(liveCredentials),
      ...own,
      manyContacts,
      crowdedMeeting: await crowdedMeeting(live, manyContacts.slice(0, CROWD)),
      demo: { endUsers: ["demo"], ...(await readTenant(demo, Object.keys(demoCredentials))) },
      foreign: { connection: connections[0], records: Object.values(records).flat() },
    };
  } finally {
    for (const client of [live, demo, polite]) client.close();
  }
}

/** Gives connections that a fault has ended their credential back; those that stand refuse it, which is well. */
export async function mendConnections({ url, keys, demoCredentials, liveCredentials }) {
  const tenants = [
    ["demo", keys.test, demoCredentials],
    ...END_USERS.map((endUser) => [endUser, keys.live, liveCredentials]),
  ];
  for (const [endUserId, key, credentials] of tenants) {
    const client = new Client(url, { authorization: `Bearer ${key}`, "x-end-user-id": endUserId });
    for (const [provider, given] of Object.entries(credentials)) {
      const body = JSON.stringify({ query: CREATE_CONNECTION, variables: { endUserId, provider, credentials: given } });
      await client.post(body).catch((error) => {
        // 409 and 503 are the answers to a connection that stands, and to a circuit that is open.
        if (!/answered (409|503|429|502)/.test(error.message)) throw error;
      });
    }
    client.close();
  }
}

/** The small query of a caller who does nothing wrong, again and again beside the hostile ones; its answer must not change. */
export class PoliteTenant {
  asked = 0;
  /** Answers that were wrong, as sentences. */
  wrong = [];
  slowestMs = 0;
  #client;
  #stopped = null;
  #stopping = false;

  constructor({ url, keys }) {
    this.#client = new Client(url, { authorization: `Bearer ${keys.polite}`, "x-end-user-id": POLITE });
  }

  async start() {
    const body = JSON.stringify({
      query: `{ contacts(provider: "hubspot", first: 3) { nodes { id fullName emails { address } } } endUser(endUserId: "${POLITE}") { id connections { status } } }`,
    });
    const right = await this.#client.post(body);
    if (JSON.parse(right).errors) throw new Error(`The first answer of the polite tenant has errors: ${right}`);
    this.#stopped = this.#run(body, right);
  }

  async stop() {
    this.#stopping = true;
    await this.#stopped;
    this.#client.close();
  }

  async #run(body, right) {
    while (!this.#stopping) {
      const startedAt = performance.now();
      const answer = await this.#client.post(body).catch((error) => String(error));
      this.asked += 1;
      this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
      if (answer !== right) this.wrong.push(answer.slice(0, 300));
      // A caller of this kind is no load.
      await delay(20);
    }
  }
}

async function connect(client, endUserId, credentials) {
  await client.ask({ query: UPSERT_END_USER, variables: { id: endUserId } });
  for (const [provider, given] of Object.entries(credentials)) {
    await client.ask({ query: CREATE_CONNECTION, variables: { endUserId, provider, credentials: given } });
  }
}

async function readTenant(client, slugs) {
  const records = { contacts: [], leads: [], meetings: [] };
  const cursors = [];
  for (const provider of slugs) {
    for (const [listing, ids] of Object.entries(records)) {
      const document = `{ ${listing}(provider: "${provider}", first: 20) { nodes { id } pageInfo { endCursor } } }`;
      const page = JSON.parse(await client.post(JSON.stringify({ query: document })).catch(() => "{}")).data?.[listing];
      // Two CRMs have no leads.
      if (!page) continue;
      ids.push(...page.nodes.map(({ id }) => id));
      cursors.push(page.pageInfo.endCursor);
    }
  }
  const { data } = await client.ask({ query: "{ connections { id } }" });
  return { records, cursors: cursors.filter(Boolean), connections: data.connections.map(({ id }) => id) };
}

/** @returns the id of a new meeting of all these contacts */
async function crowdedMeeting(client, contactIds) {
  const { data } = await client.ask({
    query: `mutation ($p: String, $input: MeetingInput!) { createMeeting(provider: $p, input: $input) { id } }`,
    variables: {
      p: CROWDED,
      input: { title: "Crowd", startAt: "2026-11-23T09:00:00Z", endAt: "2026-11-23T10:00:00Z", contactIds },
    },
  });
  return data.createMeeting.id;
}

async function readMany(client, provider) {
  const ids = [];
  for (let after = null; ids.length < MANY;) {
    const { data } = await client.ask({
      query:
        "query ($p: String, $after: String) { contacts(provider: $p, first: 100, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }",
      variables: { p: provider, after },
    });
    ids.push(...data.contacts.nodes.map(({ id }) => id));
    if (!data.contacts.pageInfo.hasNextPage) break;
    after = data.contacts.pageInfo.endCursor;
  }
  return ids.slice(0, MANY);
}
