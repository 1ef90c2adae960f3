import { connect, createServer, type AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { Client } from "pg";
import { StoreUnavailableError } from "../../src/store/faults.js";
import { migrate, MigrationFailedError, MIGRATIONS, NewerSchemaError } from "../../src/store/migrations/index.js";
import { openStore, type Store } from "../../src/store/open-store.js";
import { openPostgresDriver } from "../../src/store/postgres-driver.js";
import type { Schema } from "../../src/store/schema.js";
import { eventually } from "../support/eventually.js";
import { createDatabase, type TestDatabase } from "./database.js";

/** Kysely's own, taken while it migrates. */
const MIGRATION_LOCK = "3853314791062309107";

let database: TestDatabase;
const stores: Store[] = [];

beforeEach(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await database.drop();
});

async function open(): Promise<Store> {
  const store = await openStore({ dataDir: null, databaseUrl: database.url });
  stores.push(store);
  return store;
}

const applied = async () =>
  (await database.query("select name from kysely_migration order by name")).map(({ name }) => name);
const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => null,
    (error: unknown) => error,
  );

describe("migrations", () => {
  test("of several replicas that start at once on an empty database, one migrates and all open it", async () => {
    const opened = await Promise.all([open(), open(), open(), open()]);
    expect(await applied()).toEqual(Object.keys(MIGRATIONS));
    const ids = await Promise.all(opened.map(async (store) => (await store.workspaces.ensure("one")).id));
    expect(new Set(ids).size).toBe(1);
  });

  test("a newer schema is refused and left alone", async () => {
    await (await open()).close();
    await database.query("insert into kysely_migration values ('9999-future', '2099-01-01T00:00:00.000Z')");
    const refusal = await failureOf(open());
    expect(refusal).toBeInstanceOf(NewerSchemaError);
    expect(String(refusal)).toContain('"9999-future"');
    expect(await applied()).toEqual([...Object.keys(MIGRATIONS), "9999-future"]);
  });

  test("a newer schema that another replica makes while this one waits for the lock is refused too", async () => {
    await (await open()).close();
    const newer = new Client({ connectionString: database.url });
    await newer.connect();
    await newer.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    const refusal = failureOf(open());
    await eventually(async () => {
      const { rows } = await newer.query("select 1 from pg_locks where locktype = 'advisory' and not granted");
      return rows[0] as unknown;
    });
    await newer.query("insert into kysely_migration values ('9999-future', '2099-01-01T00:00:00.000Z')");
    await newer.end();
    expect(await refusal).toBeInstanceOf(NewerSchemaError);
  });

  test("one that fails leaves everything as it was, and the next start is well", async () => {
    await (await open()).close();
    const { migrationDialect } = await openPostgresDriver(database.url);
    const db = new Kysely<Schema>({ dialect: migrationDialect! });
    const fine = { up: async (trx: Kysely<unknown>) => void (await sql`create table fine (id text)`.execute(trx)) };
    const failing = {
      up: async (trx: Kysely<unknown>) => {
        await sql`drop table connection cascade`.execute(trx);
        await sql`select 1 / 0`.execute(trx);
      },
    };
    const failure = await failureOf(migrate(db, { ...MIGRATIONS, "9001-fine": fine, "9002-failing": failing }));
    await db.destroy();
    expect(failure).toBeInstanceOf(MigrationFailedError);
    expect(String(failure)).toContain('The migration "9002-failing" failed. Nothing was changed.');
    const tables = await database.query("select tablename from pg_tables where tablename in ('fine', 'connection')");
    expect(tables).toEqual([{ tablename: "connection" }]);
    await expect((await open()).ping()).resolves.toBeUndefined();
  });

  test("one that fails on an empty database leaves no table of ours", async () => {
    const { migrationDialect } = await openPostgresDriver(database.url);
    const db = new Kysely<Schema>({ dialect: migrationDialect! });
    const failing = { up: async (trx: Kysely<unknown>) => void (await sql`select 1 / 0`.execute(trx)) };
    expect(await failureOf(migrate(db, { ...MIGRATIONS, "9002-failing": failing }))).toBeInstanceOf(
      MigrationFailedError,
    );
    await db.destroy();
    expect(await database.query("select tablename from pg_tables where tablename = 'workspace'")).toEqual([]);
  });
});

describe("a database that cannot be opened is said in a sentence, without the password", () => {
  const at = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    url.password = "hunter2";
    change(url);
    return url.href;
  };
  const cases: [what: string, url: () => string | Promise<string>, sentence: RegExp][] = [
    [
      "a wrong password",
      () => at(() => {}),
      /crmesh_\w+ on 127.0.0.1:\d+ cannot be opened: password authentication failed/,
    ],
    [
      "no such database",
      () => database.url.replace(database.name, "crmesh_nosuch"),
      /crmesh_nosuch on .* cannot be opened: database "crmesh_nosuch" does not exist\.$/,
    ],
    [
      "nobody listens",
      async () => at((url) => void (url.port = String(freePort))),
      /cannot be opened: connect ECONNREFUSED/,
    ],
    ["no such host", () => at((url) => void (url.hostname = "crmesh.invalid")), /cannot be opened: getaddrinfo E\w+/],
    [
      "a URL that is none",
      () => "postgres://user:hunter2@host:port/db",
      /of DATABASE_URL cannot be opened: Invalid URL/,
    ],
    ["a password badly encoded", () => "postgres://user:hunter2%ff@127.0.0.1/db", /of DATABASE_URL cannot be opened/],
  ];
  let freePort = 0;
  beforeEach(async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    freePort = (server.address() as AddressInfo).port;
    await new Promise((resolve) => server.close(resolve));
  });

  test.each(cases)("%s", async (_what, url, sentence) => {
    const databaseUrl = await url();
    const failure = await failureOf(openStore({ dataDir: null, databaseUrl }));
    expect(failure).toBeInstanceOf(StoreUnavailableError);
    expect((failure as Error).message).toMatch(sentence);
    const told = inspect(failure, { depth: null, showHidden: true });
    expect(told).not.toContain("hunter2");
    expect(told).not.toContain(new URL(database.url).password);
  });
});

describe("a database in trouble", () => {
  const SHORT = { connectMs: 10_000, statementMs: 100, migrationMs: 1_000, graceMs: 2_000 };
  const drivers: { destroy(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const driver of drivers.splice(0)) await driver.destroy();
  });

  /** Passes bytes on to the database until told to be silent, and then swallows them. */
  async function line() {
    const sockets = new Set<{ destroy(): void }>();
    let silent = false;
    const { hostname, port } = new URL(database.url);
    const server = createServer((incoming) => {
      const outgoing = connect(Number(port), hostname);
      for (const [from, to] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        sockets.add(from);
        from.on("data", (data) => void (silent || to.write(data)));
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroy());
      }
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = new URL(database.url);
    url.port = String((server.address() as AddressInfo).port);
    drivers.push({
      destroy: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    return { url: url.href, silence: (value: boolean) => void (silent = value) };
  }

  async function connected(url: string, poolSize: number) {
    const driver = await openPostgresDriver(url, poolSize, SHORT);
    const db = new Kysely<Schema>({ dialect: driver.dialect });
    drivers.unshift({ destroy: () => db.destroy() });
    return (text: string) => sql.raw(text).execute(db);
  }

  test("a server that says nothing is unavailable, not waited for", async () => {
    const { url, silence } = await line();
    silence(true);
    const failure = await failureOf(openPostgresDriver(url, 1, { ...SHORT, connectMs: 200 }));
    expect(failure).toBeInstanceOf(StoreUnavailableError);
    expect(String(failure)).toMatch(/cannot be opened: .*timeout/i);
  });

  test("a statement that is stuck is given up, and its connection serves on", async () => {
    const query = await connected(database.url, 1);
    await query("select 1");
    expect(await failureOf(query("select pg_sleep(60)"))).toMatchObject({ code: "57014" });
    expect((await query("select 7 as seven")).rows).toEqual([{ seven: 7 }]);
  });

  test("a connection on which no answer comes is given up, and no late answer is taken for another's", async () => {
    const { url, silence } = await line();
    const query = await connected(url, 1);
    await query("select 1");
    silence(true);
    expect(await failureOf(query("select 1 as one"))).toMatchObject({ message: "Query read timeout" });
    silence(false);
    expect((await query("select 7 as seven")).rows).toEqual([{ seven: 7 }]);
  });

  test("connections that the server ends, idle or in use, are replaced", async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 5 }, () => store.ping()));
    const kill =
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'crmesh'";
    const locker = new Client({ connectionString: database.url });
    await locker.connect();
    await locker.query("begin; lock table workspace");
    const waiting = failureOf(store.workspaces.ensure("waiting"));
    await eventually(async () => (await database.query("select 1 from pg_locks where not granted"))[0]);
    await database.query(kill);
    expect(await waiting).toBeInstanceOf(StoreUnavailableError);
    await locker.end();
    // An idle one is known to be gone only once that has arrived.
    await eventually(() =>
      store.ping().then(
        () => true,
        () => undefined,
      ),
    );
    await expect(store.workspaces.ensure("later")).resolves.toMatchObject({ name: "later" });
  });

  test("more callers than connections wait for each other", async () => {
    const store = await openStore({ dataDir: null, databaseUrl: database.url, databasePoolSize: 2 });
    stores.push(store);
    const made = await Promise.all(Array.from({ length: 50 }, (_, at) => store.workspaces.ensure(`w${at}`)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(50);
    const [{ count }] = (await database.query(
      "select count(*)::int from pg_stat_activity where application_name = 'crmesh' and datname = current_database()",
    )) as [{ count: number }];
    expect(count).toBeLessThanOrEqual(2);
  });
});

test("housekeeping deletes a great many events, in steps", async () => {
  const store = await open();
  await database.query(`insert into connection_event
    select 'evt_0' || lpad(n::text, 25, '0'), 'ws', 'live', 'eu', 'con', 'hubspot', 'REFRESHED', 'CRMESH', null, null, null, null, now()
    from generate_series(1, 12000) n`);
  await database.query(
    "insert into connection_event select 'evt_7' || id, 'ws', 'live', 'eu', 'con', 'p', 'CREATED', 'CRMESH', null, null, null, null, now() from connection_event limit 3",
  );
  await store.housekeep({ eventsBefore: new Date() });
  expect(await database.query("select count(*)::int as left from connection_event")).toEqual([{ left: 3 }]);
});

test("housekeeping deletes leases that have ended", async () => {
  const store = await open();
  const { id: workspaceId } = await store.workspaces.ensure("w");
  const endUser = await store.endUsers.upsert({ workspaceId, environment: "live", externalId: "x" });
  const place = { workspaceId, environment: "live", endUserId: endUser.id, credentials: "jwe" } as const;
  for (const [provider, ttlMs] of [
    ["hubspot", 0],
    ["odoo", 3_600_000],
  ] as const) {
    const id = store.connections.newId();
    await store.connections.create({ ...place, id, provider }, { type: "CREATED", actor: { kind: "END_USER" } });
    await store.refreshLeases.take(id, provider, ttlMs);
  }
  await store.housekeep({ eventsBefore: new Date(0) });
  expect(await database.query("select holder from refresh_lease")).toEqual([{ holder: "odoo" }]);
});
