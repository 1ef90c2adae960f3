import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { ApiKeyAuthenticator } from "../../src/connections/access/api-key-authenticator.js";
import { LOOKUP_TTL_MS } from "../../src/connections/access/known-rows.js";
import { openStore, type Store } from "../../src/store/open-store.js";
import { PostgresChanges } from "../../src/store/postgres-changes.js";
import { systemClock, type Clock } from "../../src/upstream/clock.js";
import { eventually } from "../support/eventually.js";
import { startRelay, type Relay } from "../replicas/support/relay.js";
import { createDatabase, type TestDatabase } from "./database.js";

/** Tells the time, and how much a test has moved it. Its pauses are short, because beats of a real database are awaited. */
class AheadClock implements Clock {
  aheadMs = 0;

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic() + this.aheadMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(Math.min(ms, 20), signal);
  }
}

let database: TestDatabase;
/** Another replica. */
let other: Store;
let workspaceId: string;
beforeAll(async () => {
  database = await createDatabase();
  other = await openStore({ dataDir: null, databaseUrl: database.url });
  workspaceId = (await other.workspaces.ensure("w")).id;
});
afterAll(async () => {
  await other.close();
  await database.drop();
});

let clock: AheadClock;
let line: Relay;
let changes: PostgresChanges;
let losses: unknown[];
let reads: number;
let authenticator: ApiKeyAuthenticator;
beforeEach(async () => {
  clock = new AheadClock();
  line = await startRelay(database.url);
  losses = [];
  reads = 0;
  // The announcements have a line of their own, so that a test can cut it while the database answers.
  changes = new PostgresChanges({
    config: { connectionString: line.url },
    clock,
    onLost: (error) => losses.push(error),
  });
  const findByHash = (hash: string) => {
    reads += 1;
    return other.apiKeys.findByHash(hash);
  };
  authenticator = new ApiKeyAuthenticator({
    store: { apiKeys: { findByHash, touch: async () => {} }, changes },
    refused: [],
    clock,
    onBackgroundError: (error) => losses.push(error),
  });
  changes.subscribe((change) => authenticator.noteChange(change));
});
afterEach(async () => {
  await changes.close();
  await line.close();
});

/** Waits until this process has heard all changes up to a moment after now. */
async function hears(): Promise<void> {
  const moments: number[] = [];
  await eventually(() => {
    moments.push(clock.monotonic());
    return moments.some((at) => changes.heardUntil(at) > at) || undefined;
  });
}

const newKey = () => other.apiKeys.create({ workspaceId, environment: "live", name: "k", scopes: [] });
const use = ({ secret }: { secret: string }) =>
  authenticator.authenticate(`Bearer ${secret}`).then(
    () => "OK",
    ({ code }: { code: string }) => code,
  );

test("while changes are announced, a key is read once, and refused as soon as another replica revokes it", async () => {
  const key = await newKey();
  await hears();
  expect(await use(key)).toBe("OK");
  for (let turn = 0; turn < 2; turn += 1) {
    clock.aheadMs += 4 * LOOKUP_TTL_MS;
    await hears();
    expect(await use(key)).toBe("OK");
  }
  expect(reads).toBe(1);
  await other.apiKeys.revoke(key.record.id);
  await eventually(async () => (await use(key)) === "INVALID_API_KEY" || undefined);
  expect(losses).toEqual([]);
});

test("while nothing is announced, a revoked key is refused after the life of what is known", async () => {
  const key = await newKey();
  await hears();
  expect(await use(key)).toBe("OK");
  line.cut();
  await eventually(() => losses[0]);
  await other.apiKeys.revoke(key.record.id);
  clock.aheadMs += LOOKUP_TTL_MS;
  expect([await use(key), reads]).toEqual(["INVALID_API_KEY", 2]);
  // Several attempts fail, and one is told.
  expect(losses).toHaveLength(1);
});

test("what was read before announcements were lost is not trusted when they come back", async () => {
  const key = await newKey();
  await hears();
  expect(await use(key)).toBe("OK");
  line.cut();
  await eventually(() => losses[0]);
  await other.apiKeys.revoke(key.record.id);
  line.mend();
  clock.aheadMs += LOOKUP_TTL_MS;
  await hears();
  expect(await use(key)).toBe("INVALID_API_KEY");
});

test("a connection that the database ends is replaced", async () => {
  await hears();
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%pg_notify%' and pid <> pg_backend_pid()",
  );
  await eventually(() => losses[0]);
  await hears();
  const key = await newKey();
  expect(await use(key)).toBe("OK");
  await other.apiKeys.revoke(key.record.id);
  await eventually(async () => (await use(key)) === "INVALID_API_KEY" || undefined);
});

test("a database that does not answer does not hold up the end", async () => {
  await hears();
  line.cut();
  await changes.close();
  expect(changes.heardUntil(7)).toBe(7);
});
