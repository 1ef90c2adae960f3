import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Kysely, sql } from "kysely";
import type { Driver } from "../../src/store/driver.js";
import { openEmbeddedDriver } from "../../src/store/embedded-driver.js";
import { MIGRATIONS } from "../../src/store/migrations/index.js";
import { createPreparedDatabase } from "../../src/store/prepared-database.js";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "crmesh-driver-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** Runs a query and closes the database. */
async function ask<Row>(driver: Driver, query: string): Promise<Row[]> {
  const db = new Kysely<unknown>({ dialect: driver.dialect });
  const { rows } = await sql.raw<Row>(query).execute(db);
  await db.destroy();
  await driver.release();
  return rows;
}

const MIGRATED = "select name from kysely_migration order by name";

test("a new database begins as a copy of the prepared one, with all migrations", async () => {
  const prepared = await createPreparedDatabase();
  const readPrepared = () => Promise.resolve(prepared);
  const migrations = Object.keys(MIGRATIONS).map((name) => ({ name }));
  expect(await ask(await openEmbeddedDriver(dataDir, readPrepared), MIGRATED)).toEqual(migrations);
  // What the first start has stored is there at the second.
  expect(await ask(await openEmbeddedDriver(dataDir, readPrepared), MIGRATED)).toEqual(migrations);
  expect(await readdir(dataDir)).toEqual(["db"]);
  expect(await ask(await openEmbeddedDriver(null, readPrepared), MIGRATED)).toEqual(migrations);
});

test("an incomplete database of a start that was killed is created anew", async () => {
  await mkdir(join(dataDir, "db"));
  await writeFile(join(dataDir, "db/PG_VERSION"), "18\n");
  await writeFile(join(dataDir, "db.unfinished"), "");
  const driver = await openEmbeddedDriver(dataDir);
  expect(await ask(driver, "select count(*)::int as count from pg_database")).toEqual([{ count: 3 }]);
  expect(await readdir(dataDir)).toEqual(["db"]);
});

test("a database that a start could not create is marked as incomplete", async () => {
  const unreadable = () => Promise.resolve(new Blob(["no archive"]));
  await expect(openEmbeddedDriver(dataDir, unreadable)).rejects.toThrow("cannot be opened");
  expect(await readFile(join(dataDir, "db.unfinished"), "utf8")).toBe("");
  expect(await ask(await openEmbeddedDriver(dataDir), "select 1 as one")).toEqual([{ one: 1 }]);
});
