import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commandLine } from "../support/command-line.js";
import { newDataFolder } from "../support/data-folder.js";

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataFolder();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const crmesh = (args: string[], options?: { isTerminal?: boolean }) =>
  commandLine(args, { CRMESH_DATA_DIR: dataDir }, options);
const refused = (message: string) => ({ code: 1, stdout: "", stderr: `crmesh: ${message}\n` });

test("a workspace is created, listed and renamed", async () => {
  expect(await crmesh(["workspaces", "list"])).toEqual({
    code: 0,
    stdout: "",
    stderr: 'There are no workspaces. Create one: crmesh workspaces create "Your product"\n',
  });
  expect(await crmesh(["workspaces", "rename", "default", "Acme"])).toEqual(
    refused('There is no workspace named "default". There are none yet.'),
  );
  expect(await crmesh(["workspaces", "create", "default"])).toMatchObject({ code: 0 });
  expect(await crmesh(["workspaces", "create", "other"])).toMatchObject({ code: 0 });
  expect(await crmesh(["workspaces", "create", "other"])).toEqual(refused('A workspace named "other" already exists.'));

  expect(await crmesh(["workspaces", "rename", "default", " Acme "])).toEqual({
    code: 0,
    stdout: '"default" is now "Acme".\n',
    stderr: "",
  });
  const { stdout } = await crmesh(["workspaces", "list"]);
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/^ws_\w+\tAcme\t2\d{3}-/),
    expect.stringMatching(/^ws_\w+\tother\t2\d{3}-/),
    "",
  ]);
  expect((await crmesh(["workspaces", "list"], { isTerminal: true })).stdout).toMatch(
    /^ID +NAME +CREATED\nws_\w+ +Acme +2/,
  );
  expect(JSON.parse((await crmesh(["workspaces", "list", "--json"])).stdout)).toMatchObject([
    { name: "Acme", createdAt: expect.stringMatching(/^2/) },
    { name: "other" },
  ]);

  expect(await crmesh(["workspaces", "rename", "default", "Again"])).toEqual(
    refused('There is no workspace named "default". The workspaces are "Acme", "other".'),
  );
  expect(await crmesh(["workspaces", "rename", "Acme", "other"])).toEqual(
    refused('A workspace named "other" already exists.'),
  );
});

test("a long list of workspaces is cut in an error", async () => {
  for (const name of ["c", "d", "e", "f", "g"]) await crmesh(["workspaces", "create", name]);
  expect((await crmesh(["workspaces", "rename", "nobody", "x"])).stderr).toMatch(
    /The workspaces are "Acme", "other", "c", "d", "e" and 2 more\.\n$/,
  );
});

test.each([
  [["keys", "create", "--env", "test", "--name", " "]],
  [["keys", "create", "--env", "test", "--name", ""]],
  [["keys", "create", "--env", "test", "--name", "two\nlines"]],
  [["keys", "create", "--env", "test", "--name", "x".repeat(201)]],
  [["keys", "create", "--env", "test", "--name", "x", "--workspace", ""]],
  [["keys", "revoke", ""]],
  [["workspaces", "create", " "]],
  [["workspaces", "rename", "", "New"]],
  [["workspaces", "rename", "Acme", " "]],
  [["workspaces", "rename", "Acme", "a\ttab"]],
  [["serve", "--host", ""]],
])("%j is refused before the store is opened", async (args) => {
  // A data folder that cannot exist: to open the store would be another error.
  const { code, stdout, stderr } = await commandLine(args, { CRMESH_DATA_DIR: "/dev/null/data" });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: .* Expected a (name|text)/s);
});
