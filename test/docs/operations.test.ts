import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openVault } from "../../src/store/open-vault.js";
import { openStore } from "../../src/store/open-store.js";
import { newDataFolder } from "../support/data-folder.js";
import { printedCommands, runPrinted } from "../support/printed-commands.js";

const PAGE = "docs/operations.md";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const [backUp, restore, check] = printedCommands(PAGE, "### Embedded database");
const CREDENTIALS = { accessToken: "pat-before" };

let folder: string;
let dataDir: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "crmesh-backup-"));
  dataDir = await newDataFolder();
  environment = { CRMESH_DATA_DIR: dataDir };
});
afterEach(async () => {
  for (const one of [folder, dataDir, `${dataDir}.before-restore`]) await rm(one, { recursive: true, force: true });
});

/** Opens the data folder as a server does, and closes it afterwards. */
async function opened<Result>(use: (parts: Awaited<ReturnType<typeof open>>) => Promise<Result>): Promise<Result> {
  const parts = await open();
  try {
    return await use(parts);
  } finally {
    await parts.store.close();
  }
}

async function open() {
  const store = await openStore({ dataDir });
  const { vault } = await openVault({ store, encryptionKey: undefined, dataDir });
  return { store, vault };
}

/** A workspace with a key, an end user and a connection. */
function fill(): Promise<{ connectionId: string; workspaceId: string }> {
  return opened(async ({ store, vault }) => {
    const { id: workspaceId } = await store.workspaces.ensure("acme");
    const tenant = { workspaceId, environment: "live" as const };
    const { id: endUserId } = await store.endUsers.upsert({ ...tenant, externalId: "ann" });
    const connectionId = store.connections.newId();
    const credentials = await vault.encrypt(connectionId, CREDENTIALS);
    const connection = { id: connectionId, ...tenant, endUserId, provider: "hubspot", credentials };
    await store.connections.create(connection, { type: "CREATED", actor: { kind: "CRMESH" } });
    await store.apiKeys.create({ ...tenant, name: "of acme", scopes: [] });
    return { connectionId, workspaceId };
  });
}

describe("the embedded database", () => {
  test("is backed up and restored by the printed commands, with its key", async () => {
    const { connectionId, workspaceId } = await fill();
    expect(await runPrinted(backUp!, folder, environment)).toEqual({ code: 0, output: "" });
    expect((await readdir(folder)).sort()).toEqual(["crmesh-backup.tar.gz", "crmesh-encryption.key"]);
    for (const file of await readdir(folder)) expect((await stat(join(folder, file))).mode & 0o077).toBe(0);

    // What happens after the backup, and what then destroys the folder.
    await opened(({ store }) => store.workspaces.ensure("after the backup"));
    await writeFile(join(dataDir, "encryption.key"), "damaged");

    expect(await runPrinted(restore!, folder, environment)).toEqual({ code: 0, output: "" });
    expect((await stat(dataDir)).mode & 0o077).toBe(0);
    expect((await runPrinted(check!, folder, environment)).code).toBe(0);
    await opened(async ({ store, vault }) => {
      expect((await store.workspaces.list()).map(({ name }) => name)).not.toContain("after the backup");
      expect((await store.apiKeys.list()).map(({ name }) => name)).toContain("of acme");
      const connection = await store.connections.get(workspaceId, "live", connectionId);
      expect(await vault.decrypt(connectionId, connection!.credentials!)).toEqual(CREDENTIALS);
    });
    expect(existsSync(`${dataDir}.before-restore`)).toBe(true);
  });

  test("is neither copied nor replaced while a process uses it", async () => {
    await opened(async () => {
      for (const block of [backUp!, restore!]) {
        const { code, output } = await runPrinted(block, folder, environment);
        expect([code, output]).toEqual([1, `Stop crmesh first: ${dataDir} is in use.\n`]);
      }
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("with a wrong key is found by the printed check", async () => {
    await fill();
    await runPrinted(backUp!, folder, environment);
    await writeFile(join(folder, "crmesh-encryption.key"), `1:${Buffer.alloc(32, 1).toString("base64")}\n`);
    await runPrinted(restore!, folder, environment);
    const { code, output } = await runPrinted(check!, folder, environment);
    expect(code).not.toBe(0);
    expect(output).toMatch(/unreadable/);
  });
});

describe("the log", () => {
  const LINES = [
    {
      requestId: "5f0b6f3e-0d8e-4b7e-9d0c-3f6d3c1d2a10",
      provider: "hubspot",
      code: "PROVIDER_ERROR",
      msg: "Provider failed",
    },
    { requestId: "5f0b6f3e-0d8e-4b7e-9d0c-3f6d3c1d2a10", msg: "Request" },
    { requestId: "other", provider: "hubspot", code: "PROVIDER_ERROR", msg: "Provider failed" },
    { requestId: "other", provider: "odoo", code: "PROVIDER_UNAVAILABLE", msg: "Provider failed" },
  ].map((line) => JSON.stringify(line));
  const [ofRequest, ofProviders] = printedCommands(PAGE, "## Logs");

  test("is searched by the printed commands", async () => {
    await writeFile(join(folder, "crmesh.log"), `${LINES.join("\n")}\n`);
    expect(await runPrinted(ofRequest!, folder, {})).toEqual({ code: 0, output: `${LINES[0]}\n${LINES[1]}\n` });
    const { output } = await runPrinted(ofProviders!, folder, {});
    expect(output.replaceAll(/ +|\t/g, " ")).toBe(
      ' 2 "provider":"hubspot" "code":"PROVIDER_ERROR"\n 1 "provider":"odoo" "code":"PROVIDER_UNAVAILABLE"\n',
    );
  });
});

const RULES = join(ROOT, "examples/monitoring/alerts.yml");
test("every alert has a row that says what it means and what to do, and no other has", () => {
  const defined = [...readFileSync(RULES, "utf8").matchAll(/^ *- alert: (\w+)$/gm)].map(([, name]) => name!);
  const rows = [...readFileSync(join(ROOT, PAGE), "utf8").matchAll(/^\| `(Crmesh\w+)` +\|(.+)\|(.+)\|$/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(defined.sort());
  for (const [, , meaning, advice] of rows) expect(meaning!.trim() && advice!.trim()).not.toBe("");
});
