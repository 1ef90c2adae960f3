import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PGlite } from "@electric-sql/pglite";
import { StoreUnavailableError } from "../../src/store/faults.js";
import { StoreInUseError } from "../../src/store/lock-file.js";
import { NewerSchemaError } from "../../src/store/migrations/index.js";
import { openStore, type Store } from "../../src/store/open-store.js";

// One folder, opened again and again: creating a database takes seconds, opening one a fraction of a second.
let parent: string;
let dataDir: string;
let store: Store;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "crmesh-store-"));
  dataDir = join(parent, "not", "yet");
  store = await openStore({ dataDir });
});
afterAll(async () => {
  await store.close();
  await rm(parent, { recursive: true, force: true });
});

const lock = (): string => join(dataDir, "lock");

async function reopen(): Promise<void> {
  await store.close();
  store = await openStore({ dataDir });
}

/** Runs a statement on the database behind the closed store. */
async function behindItsBack(sql: string): Promise<void> {
  const database = await PGlite.create(join(dataDir, "db"));
  await database.query(sql);
  await database.close();
}

test("the folder is the owner's alone", async () => {
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect((await stat(lock())).mode & 0o777).toBe(0o600);
});

test("reopening keeps the data and migrates nothing twice", async () => {
  const { id } = await store.workspaces.ensure("kept");
  await reopen();
  expect(await store.workspaces.get(id)).toMatchObject({ id, name: "kept" });
});

test("a second opener is told who has the folder, and does the first no harm", async () => {
  const refusal = await openStore({ dataDir }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StoreInUseError);
  expect(String(refusal)).toContain(`is in use by process ${process.pid}. Stop that process first.`);
  await expect(store.ping()).resolves.toBeUndefined();
});

test("closing gives the folder free, also when repeated; every call then says that the store is unavailable", async () => {
  const closed = store;
  await closed.close();
  await expect(stat(lock())).rejects.toThrow("ENOENT");

  store = await openStore({ dataDir });
  await closed.close();
  expect(await readFile(lock(), "utf8")).toMatch(new RegExp(`^${process.pid} `));

  const calls: (() => Promise<unknown>)[] = [
    () => closed.ping(),
    () => closed.workspaces.ensure("x"),
    () => closed.apiKeys.findByHash("x"),
    () => closed.apiKeys.list(),
    () => closed.endUsers.get("ws", "live", "eu"),
    () => closed.connections.disconnect("ws", "live", "con", { type: "DISCONNECTED", actor: { kind: "END_USER" } }),
  ];
  for (const call of calls) {
    const fault = await call().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(StoreUnavailableError);
    expect((fault as Error).cause).toBeInstanceOf(Error);
  }
});

test("a database of a newer crmesh is refused and left alone", async () => {
  await store.close();
  await behindItsBack("insert into kysely_migration values ('9999-future', '2099-01-01T00:00:00.000Z')");
  const refusal = await openStore({ dataDir }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(NewerSchemaError);
  expect(String(refusal)).toContain('newer crmesh: its migration "9999-future" is unknown');

  await behindItsBack("delete from kysely_migration where name = '9999-future'");
  store = await openStore({ dataDir });
});

test("a database that cannot be opened does not keep the folder locked", async () => {
  const broken = join(parent, "broken");
  await mkdir(broken);
  await writeFile(join(broken, "db"), "not a database");
  await expect(openStore({ dataDir: broken })).rejects.toThrow(StoreUnavailableError);
  await expect(stat(join(broken, "lock"))).rejects.toThrow("ENOENT");
});
