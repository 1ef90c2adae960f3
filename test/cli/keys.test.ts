import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openStore } from "../../src/store/open-store.js";
import { commandLine } from "../support/command-line.js";
import { newDataFolder } from "../support/data-folder.js";

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataFolder();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const crmesh = (args: string[], options?: { isTerminal?: boolean }) =>
  commandLine(args, { CRMESH_DATA_DIR: dataDir }, options);

/** What a command prints that must succeed. */
async function printed(args: string[], options?: { isTerminal?: boolean }): Promise<string> {
  const { code, stdout, stderr } = await crmesh(args, options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

const create = (...args: string[]) => printed(["keys", "create", ...args]);
const list = async () => (await printed(["keys", "list"])).trimEnd();
const rowsOf = async (name: string) => (await list()).split("\n").filter((row) => row.includes(`\t${name}\t`));

test("a key needs a workspace that exists, or the order to create one", async () => {
  expect(await crmesh(["keys", "list"])).toEqual({
    code: 0,
    stdout: "",
    stderr: "There are no keys. Create one: crmesh keys create --env test --name first\n",
  });
  const attempt = (...args: string[]) => crmesh(["keys", "create", "--env", "test", "--name", "x", ...args]);

  const none = await attempt();
  expect(none).toMatchObject({ code: 1, stdout: "" });
  expect(none.stderr).toBe(
    'crmesh: There is no workspace yet. To create the first one, add --workspace "Your product" --create-workspace.\n',
  );
  expect(await attempt("--workspace", "acme", "--create-workspace")).toMatchObject({ code: 0 });
  // The only workspace is the default.
  expect((await attempt()).stdout).toContain(', workspace "acme", ');
  expect(await attempt("--workspace", "amce")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      'crmesh: There is no workspace named "amce". The workspaces are "acme". To create it, add --create-workspace.\n',
  });
  // An existing workspace is used, not made a second time.
  expect(await attempt("--workspace", "acme", "--create-workspace")).toMatchObject({ code: 0 });
  expect(await attempt("--workspace", "other", "--create-workspace")).toMatchObject({ code: 0 });
  expect(await attempt()).toEqual({
    code: 1,
    stdout: "",
    stderr: 'crmesh: There are several workspaces: "acme", "other". Choose one with --workspace.\n',
  });
  const store = await openStore({ dataDir });
  const workspaces = await store.workspaces.list();
  await store.close();
  expect(workspaces.map(({ name }) => name)).toEqual(["acme", "other"]);
});

test("a key is created, shown once, listed without its secret, and revoked", async () => {
  const made = await create(
    ...["--env", "live", "--name", " Billing ", "--workspace", "acme", "--scopes", "contacts:read, leads:read"],
  );
  const secret = /^sk_live_\w+$/m.exec(made)![0];
  const id = /key_\w+/.exec(made)![0];

  const [row] = await rowsOf("Billing");
  expect(row).toMatch(new RegExp(`^${id}\tsk_live_\\S+\tlive\tactive\tBilling\tcontacts:read,leads:read\t-\tacme$`));
  expect(await list()).not.toContain(secret);

  expect(await printed(["keys", "revoke", id])).toBe(`${id} is revoked.\n`);
  expect((await rowsOf("Billing"))[0]).toMatch(/\trevoked \d{4}-\d\d-\d\dT/);
});

test("a terminal gets a header and aligned columns", async () => {
  const lines = (await printed(["keys", "list"], { isTerminal: true })).trimEnd().split("\n");
  expect(lines[0]).toMatch(/^ID +KEY +ENVIRONMENT +STATE +NAME +SCOPES +MAX CALLS +WORKSPACE$/);
  expect(lines.length).toBe((await list()).split("\n").length + 1);
  const column = lines[0]!.indexOf("ENVIRONMENT");
  for (const line of lines.slice(1)) expect(line.slice(column)).toMatch(/^(live|test) /);
});

test("--json prints the same as data, and of a new key its secret", async () => {
  const arguments_ = ["--env", "test", "--name", "Script", "--workspace", "acme", "--max-calls", "7", "--json"];
  const made = JSON.parse(await create(...arguments_)) as Record<string, unknown>;
  expect(made).toMatchObject({
    secret: expect.stringMatching(/^sk_test_\w+$/),
    id: expect.stringMatching(/^key_/),
    environment: "test",
    state: "active",
    maxCalls: 7,
    workspace: "acme",
  });
  const listed = JSON.parse(await printed(["keys", "list", "--json"])) as { id: string }[];
  const { secret, ...known } = made;
  expect(listed.find(({ id }) => id === made["id"])).toEqual(known);
  expect(JSON.stringify(listed)).not.toContain(secret);
  expect(JSON.stringify(listed)).not.toContain("hash");

  const rotated = JSON.parse(await printed(["keys", "rotate", String(made["id"]), "--json"])) as object;
  expect(rotated).toMatchObject({
    secret: expect.stringMatching(/^sk_test_/),
    maxCalls: 7,
    replaces: { id: made["id"], expiresAt: expect.stringMatching(/Z$/) },
  });
});

test("a key has a limit of its own, and keeps it when it is rotated", async () => {
  const made = await create("--env", "test", "--name", "Limited", "--max-calls", "20", "--workspace", "acme");
  expect(made).toContain(", at most 20 upstream calls an operation\n");
  const id = /key_\w+/.exec(made)![0];
  await printed(["keys", "rotate", id, "--overlap", "0s"]);
  const rows = await rowsOf("Limited");
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row).toMatch(/\t20\tacme$/);
});

test("a rotated key is shown once, and the old key is listed with its end", async () => {
  const made = await create("--env", "live", "--name", "Rotated", "--workspace", "acme");
  const id = /key_\w+/.exec(made)![0];
  const rotated = await printed(["keys", "rotate", id, "--overlap", "1h"]);
  expect(rotated).toMatch(/^sk_live_\w+\n\nkey_\w+ replaces key_\w+, which expires at \d{4}-.*Z\.\nSave it now/);
  const end = / expires at (.*)\.$/m.exec(rotated)![1]!;
  expect(Math.abs(Date.parse(end) - Date.now() - 3_600_000)).toBeLessThan(120_000);

  const rows = await rowsOf("Rotated");
  expect(rows).toHaveLength(2);
  expect(rows[0]).toContain(`${id}\t`);
  expect(rows[0]).toContain(`\tends ${end}\t`);
  expect(rows[1]).toContain("\tactive\t");

  await printed(["keys", "rotate", id, "--overlap", "0s"]);
  expect(await list()).toMatch(new RegExp(`^${id}\t.*\tended `, "m"));
  expect(await crmesh(["keys", "rotate", id])).toEqual({
    code: 1,
    stdout: "",
    stderr: `crmesh: There is no valid key ${id}.\n`,
  });
});

test("a new key has all scopes but raw:read by default", async () => {
  const made = await create("--env", "test", "--name", "Default", "--workspace", "acme");
  expect(made).toMatch(/^sk_test_/);
  expect(made).toContain("contacts:write");
  expect(made).not.toContain("raw:read");
});

test("unknown scopes and keys are refused with a plain sentence", async () => {
  const withScopes = (scopes: string) =>
    crmesh(["keys", "create", "--env", "test", "--name", "x", "--scopes", scopes, "--workspace", "acme"]);
  const unknown = await withScopes("contacts:read,contacts:eat");
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no scope "contacts:eat".') });
  expect(await withScopes("")).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no scope ""') });
  expect(await crmesh(["keys", "revoke", "key_nosuch"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "crmesh: There is no key key_nosuch.\n",
  });
});
