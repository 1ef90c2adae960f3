import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createKey } from "../../src/cli/keys.js";
import { UsageError } from "../../src/cli/usage-error.js";
import { listWorkspaces, renameWorkspace } from "../../src/cli/workspaces.js";
import { newDataFolder } from "../support/data-folder.js";

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataFolder();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test("a workspace is listed, and renamed as end users are to see it", async () => {
  const environment = { CRMESH_DATA_DIR: dataDir };
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const rename = (from: string, to: string) => renameWorkspace(environment, print, from, to);
  for (const workspace of ["default", "other"])
    await createKey(environment, print, { env: "test", name: "n", workspace });
  printed.length = 0;

  await rename("default", " Acme ");
  await listWorkspaces(environment, print);
  expect(printed).toEqual([
    '"default" is now "Acme".',
    expect.stringMatching(/^ws_\w+\tAcme\t2\d{3}-/),
    expect.stringMatching(/^ws_\w+\tother\t2\d{3}-/),
  ]);

  await expect(rename("default", "Again")).rejects.toThrow(new UsageError('There is no workspace named "default".'));
  await expect(rename("Acme", "other")).rejects.toThrow(new UsageError('A workspace named "other" already exists.'));
  await expect(rename("Acme", " ")).rejects.toThrow(UsageError);
});
