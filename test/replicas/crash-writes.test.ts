import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { openStore, type Store } from "../../src/store/open-store.js";
import { openVault } from "../../src/store/open-vault.js";
import { createDatabase } from "../postgres/database.js";
import { DEMO_KEY } from "../support/test-server.js";
import { Processes } from "../support/processes.js";
import { Replica } from "./support/replica.js";
import { secretsIn } from "./support/secrets.js";

const WRITES = 1_000;
const AT_A_TIME = 40;
/** Acknowledgements after which the server is killed: in the middle, with others under way. */
const KILLED_AFTER = WRITES / 2;

const processes = new Processes();
const cleanups: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await processes.end();
  for (const cleanup of cleanups) await cleanup();
});

/** Where a server keeps its data. */
interface Keeping {
  environment: Record<string, string>;
  /** For the process that looks afterwards. */
  store: Parameters<typeof openStore>[0];
  encryptionKey: string | undefined;
}

async function embedded(): Promise<Keeping> {
  const dataDir = await mkdtemp(join(tmpdir(), "crmesh-crash-"));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  return { environment: { CRMESH_DATA_DIR: dataDir }, store: { dataDir }, encryptionKey: undefined };
}

async function postgres(): Promise<Keeping> {
  const database = await createDatabase();
  cleanups.push(() => database.drop());
  const encryptionKey = `crash:${randomBytes(32).toString("base64")}`;
  return {
    environment: { DATABASE_URL: database.url, CRMESH_ENCRYPTION_KEY: encryptionKey },
    store: { dataDir: null, databaseUrl: database.url },
    encryptionKey,
  };
}

/** With the sandbox CRMs inside, as somebody starts it who tries crmesh out. */
async function start({ environment }: Keeping): Promise<Replica> {
  const settings = { PORT: "0", CRMESH_LOG_LEVEL: "debug", CRMESH_RATE_LIMIT: "1000000" };
  return Replica.of(processes.start(["serve"], { ...settings, ...environment }));
}

const CREATE = `mutation ($endUser: UpsertEndUserInput!, $connection: CreateConnectionInput!) {
  upsertEndUser(input: $endUser) { id }
  createConnection(input: $connection) { id status }
}`;
const endUserOf = (at: number) => `customer-${at}`;
/** Everybody's Odoo has an address of its own; the sandbox goes by the database. */
const credentialsOf = (at: number) => ({
  url: `https://odoo-${at}.example.com`,
  database: "demo",
  login: "admin@demo.example",
  apiKey: "odoo-sandbox-demo",
});

async function create(replica: Replica, at: number): Promise<string> {
  const endUserId = endUserOf(at);
  const connection = { endUserId, provider: "odoo", credentials: credentialsOf(at) };
  const variables = { endUser: { endUserId }, connection };
  const data = await replica.data<{ createConnection: { id: string } }>(CREATE, { key: DEMO_KEY, variables });
  return data.createConnection.id;
}

/** Writes until the server is killed in the middle. @returns what it has acknowledged, by number */
async function writeUntilKilled(replica: Replica): Promise<Map<number, string>> {
  const acknowledged = new Map<number, string>();
  let [next, killed] = [0, false];
  const writer = async () => {
    while (next < WRITES && !killed) {
      const at = next++;
      try {
        acknowledged.set(at, await create(replica, at));
      } catch (error) {
        // The ones under way at the kill are lost to their callers; before it, nothing may fail.
        if (!killed) throw error;
      }
      if (acknowledged.size === KILLED_AFTER && !killed) {
        killed = true;
        await replica.process.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, writer));
  return acknowledged;
}

interface Kept {
  id: string;
  status: string;
  credentials: unknown;
  events: string[];
}

/** What the store holds of each end user that there may be, by number. */
async function readAll({ store: options, encryptionKey }: Keeping): Promise<Map<number, Kept[]>> {
  const store: Store = await openStore(options);
  try {
    const { vault } = await openVault({ store, encryptionKey, dataDir: options.dataDir });
    const { id: workspaceId } = await store.workspaces.ensure("demo");
    const kept = new Map<number, Kept[]>();
    for (let at = 0; at < WRITES; at += 1) {
      const endUser = await store.endUsers.find(workspaceId, "test", endUserOf(at));
      if (!endUser) continue;
      const connections = await store.connections.listByEndUser(workspaceId, "test", endUser.id);
      const query = { workspaceId, environment: "test", endUserId: endUser.id, limit: 10 } as const;
      const events = await store.events.listByEndUser(query);
      const read = connections.map(async ({ id, status, credentials }) => ({
        id,
        status,
        credentials: await vault.decrypt(id, credentials!),
        events: events.filter(({ connectionId }) => connectionId === id).map(({ type }) => type),
      }));
      kept.set(at, await Promise.all(read));
      // None without its change.
      expect(events).toHaveLength(connections.length);
    }
    return kept;
  } finally {
    await store.close();
  }
}

describe(`kill -9 during ${WRITES} connection writes`, () => {
  test.each([
    ["embedded", embedded],
    ["PostgreSQL", postgres],
  ])("%s: all that was acknowledged is there, whole, and is served again", async (_name, keep) => {
    const keeping = await keep();
    const acknowledged = await writeUntilKilled(await start(keeping));
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLED_AFTER);
    expect(acknowledged.size).toBeLessThan(WRITES);

    const kept = await readAll(keeping);
    for (const [at, id] of acknowledged) expect(kept.get(at)?.map((connection) => connection.id)).toEqual([id]);
    // What was not acknowledged is there as a whole or not at all.
    for (const [at, connections] of kept) {
      for (const { status, credentials, events } of connections) {
        expect({ status, credentials, events }).toEqual({
          status: "ACTIVE",
          credentials: { ...credentialsOf(at), api: "JSON-RPC", uid: expect.any(String) },
          events: ["CREATED"],
        });
      }
    }

    const again = await start(keeping);
    const [last] = [...acknowledged.keys()].slice(-1) as [number];
    const { contacts } = await again.data<{ contacts: { nodes: unknown[] } }>(
      "{ contacts(first: 2) { nodes { id } } }",
      {
        key: DEMO_KEY,
        endUserId: endUserOf(last),
        provider: "odoo",
      },
    );
    expect(contacts.nodes).toHaveLength(2);
    expect(await create(again, WRITES)).toMatch(/^con_/);
    expect(await again.process.stop()).toEqual({ code: 0, signal: null });
  });
});

test("no process has written a secret", () => {
  expect(processes.output).toContain("Upstream call");
  expect(secretsIn(processes.output)).toEqual([]);
});
