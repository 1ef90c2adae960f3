import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Kysely, PGliteDialect, sql } from "kysely";
import { PGlite } from "@electric-sql/pglite";
import { migrate, MigrationFailedError, MIGRATIONS, NewerSchemaError } from "../../src/store/migrations/index.js";
import type { Schema } from "../../src/store/schema.js";
import { newDataFolder } from "../support/data-folder.js";

let db: Kysely<Schema>;
const folders: string[] = [];

beforeAll(async () => {
  db = await newDatabase();
  await migrate(db);
});
afterAll(async () => {
  await db.destroy();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newDatabase(): Promise<Kysely<Schema>> {
  const folder = await newDataFolder();
  folders.push(folder);
  return new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: await PGlite.create(join(folder, "db")) }) });
}

const adding = (table: string) => ({
  up: async (trx: Kysely<unknown>) => {
    await trx.schema.createTable(table).addColumn("id", "text").execute();
  },
});

async function tables(): Promise<string[]> {
  return (await db.introspection.getTables()).map(({ name }) => name).sort();
}

test("migrating again changes nothing", async () => {
  await migrate(db);
  expect(await tables()).toEqual([
    "api_key",
    "connection",
    "connection_event",
    "end_user",
    "refresh_lease",
    "spent_connect_token",
    "workspace",
  ]);
});

test("what the first version stored is there after the second", async () => {
  const first = await newDatabase();
  try {
    await migrate(first, { "0001-initial": MIGRATIONS["0001-initial"]! });
    await sql`insert into workspace values ('ws', 'w', now())`.execute(first);
    await sql`insert into end_user values ('eu', 'ws', 'live', 'x', null, null, now(), now())`.execute(first);
    await sql`insert into connection values
      ('con', 'ws', 'live', 'eu', 'p', 'ACTIVE', 'jwe', 1, null, now(), now(), null)`.execute(first);
    await sql`insert into api_key values
      ('key', 'ws', 'live', 'k', 'hash', 'sk_live_…', '{}', now(), null, null)`.execute(first);
    await migrate(first);
    const connections = await first.selectFrom("connection").selectAll().execute();
    expect(connections).toMatchObject([
      {
        id: "con",
        credentials: "jwe",
        scopes: null,
        token_expires_at: null,
        account_generation: 1,
        redirect_url: null,
      },
    ]);
    const keys = await first.selectFrom("api_key").selectAll().execute();
    expect(keys).toMatchObject([{ id: "key", expires_at: null }]);
  } finally {
    await first.destroy();
  }
});

test("a failing migration leaves everything as it was, the migrations before it too", async () => {
  const failing = {
    up: async (trx: Kysely<unknown>) => {
      await sql`drop table connection`.execute(trx);
      await sql`select 1 / 0`.execute(trx);
    },
  };
  const before = await tables();
  const failure = migrate(db, { ...MIGRATIONS, "9001-fine": adding("fine"), "9002-failing": failing });
  await expect(failure).rejects.toThrow('The migration "9002-failing" failed. Nothing was changed.');
  await expect(failure).rejects.toThrow(MigrationFailedError);
  expect(await tables()).toEqual(before);
  // Nor is it remembered: the known migrations are still all there is.
  await expect(migrate(db)).resolves.toBeUndefined();
});

test("a database that is ahead of the code is refused", async () => {
  await migrate(db, { ...MIGRATIONS, "9001-later": adding("later") });
  const refusal = migrate(db);
  await expect(refusal).rejects.toThrow(NewerSchemaError);
  await expect(refusal).rejects.toThrow("9001-later");
});

test("the database itself keeps credentials and DISCONNECTED apart", async () => {
  await sql`insert into workspace values ('ws', 'w', now())`.execute(db);
  await sql`insert into end_user values ('eu', 'ws', 'live', 'x', null, null, now(), now())`.execute(db);
  const insert = (status: string, credentials: string | null) =>
    sql`insert into connection values
      ('con', 'ws', 'live', 'eu', 'p', ${status}, ${credentials}, 1, null, now(), now(), null)`.execute(db);
  await expect(insert("DISCONNECTED", "jwe")).rejects.toThrow("check constraint");
  await expect(insert("ACTIVE", null)).rejects.toThrow("check constraint");
});
