import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { UsageError } from "../../src/cli/usage-error.js";
import { listWorkspaces, renameWorkspace } from "../../src/cli/workspaces.js";
import { openStore } from "../../src/store/open-store.js";
import { newDataFolder } from "../support/data-folder.js";

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataFolder();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test("a workspace is listed and renamed", async () => {
  const environment = { CRMESH_DATA_DIR: dataDir };
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const rename = (from: string, to: string) => renameWorkspace(environment, print, from, to);
  const store = await openStore({ dataDir });
  for (const workspace of ["default", "other"]) await store.workspaces.ensure(workspace);
  await store.close();

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
