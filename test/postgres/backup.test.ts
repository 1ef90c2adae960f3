import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openStore } from "../../src/store/open-store.js";
import { openVault } from "../../src/store/open-vault.js";
import { printedCommands, runPrinted } from "../support/printed-commands.js";
import { createDatabase, type TestDatabase } from "./database.js";

const [backUp, restore, check] = printedCommands("docs/operations.md", "### PostgreSQL");
const KEY = `1:${Buffer.alloc(32, 3).toString("base64")}`;
const CREDENTIALS = { accessToken: "pat-before" };

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  [folder, database] = await Promise.all([mkdtemp(join(tmpdir(), "crmesh-dump-")), createDatabase()]);
});
afterAll(async () => {
  await database.query("drop database if exists crmesh_restored with (force)");
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test("a database is backed up while it is used, and restored into a new one, by the printed commands", async () => {
  const restored = new URL(database.url);
  restored.pathname = "/crmesh_restored";
  const environment = { DATABASE_URL: database.url, RESTORED_URL: restored.href, CRMESH_ENCRYPTION_KEY: KEY };
  const store = await openStore({ dataDir: null, databaseUrl: database.url });
  const { vault } = await openVault({ store, encryptionKey: KEY, dataDir: null });
  const { id: workspaceId } = await store.workspaces.ensure("acme");
  const tenant = { workspaceId, environment: "live" as const };
  const { id: endUserId } = await store.endUsers.upsert({ ...tenant, externalId: "ann" });
  const id = store.connections.newId();
  await store.connections.create(
    { id, ...tenant, endUserId, provider: "hubspot", credentials: await vault.encrypt(id, CREDENTIALS) },
    { type: "CREATED", actor: { kind: "CRMESH" } },
  );

  // The store is open.
  expect(await runPrinted(backUp!, folder, environment)).toEqual({ code: 0, output: "" });
  await store.workspaces.ensure("after the backup");
  await store.close();
  expect(await runPrinted(restore!, folder, environment)).toMatchObject({ code: 0 });
  expect(await runPrinted(check!, folder, environment)).toMatchObject({ code: 0 });

  const copy = await openStore({ dataDir: null, databaseUrl: restored.href });
  try {
    expect((await copy.workspaces.list()).map(({ name }) => name)).toEqual(["acme"]);
    const connection = await copy.connections.get(workspaceId, "live", id);
    expect(await vault.decrypt(id, connection!.credentials!)).toEqual(CREDENTIALS);
    expect(await copy.connections.listByEndUser(workspaceId, "live", endUserId)).toHaveLength(1);
  } finally {
    await copy.close();
  }
});
