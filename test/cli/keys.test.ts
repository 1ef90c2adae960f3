import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createKey, listKeys, revokeKey, rotateKey } from "../../src/cli/keys.js";
import { UsageError } from "../../src/cli/usage-error.js";
import { newDataFolder } from "../support/data-folder.js";

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataFolder();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function run(command: (environment: NodeJS.ProcessEnv, print: (text: string) => void) => Promise<void>) {
  const printed: string[] = [];
  await command({ CRMESH_DATA_DIR: dataDir }, (text) => void printed.push(text));
  return printed.join("\n");
}

const list = () => run(listKeys);

test("a key is created, shown once, listed without its secret, and revoked", async () => {
  expect(await list()).toBe("There are no keys. Create one: crmesh keys create --env test --name first");

  const made = await run((environment, print) =>
    createKey(environment, print, {
      env: "live",
      name: "Billing",
      scopes: "contacts:read, leads:read",
      workspace: "acme",
    }),
  );
  const secret = /^sk_live_\w+$/m.exec(made)![0];
  const id = /key_\w+/.exec(made)![0];

  const listed = await list();
  expect(listed).toMatch(new RegExp(`^${id}\tsk_live_\\S+\tlive\tactive\tBilling\tcontacts:read,leads:read$`));
  expect(listed).not.toContain(secret);

  expect(await run((environment, print) => revokeKey(environment, print, id))).toBe(`${id} is revoked.`);
  expect(await list()).toMatch(/\trevoked \d{4}-\d\d-\d\dT/);
});

test("a key has a limit of its own, and keeps it when it is rotated", async () => {
  const made = await run((environment, print) =>
    createKey(environment, print, { env: "test", name: "Limited", maxCalls: 20, workspace: "acme" }),
  );
  expect(made).toContain(", at most 20 upstream calls an operation\n");
  const id = /key_\w+/.exec(made)![0];
  await run((environment, print) => rotateKey(environment, print, id, { overlap: 0 }));
  const listed = (await list()).split("\n").filter((line) => line.includes("\tLimited\t"));
  expect(listed).toHaveLength(2);
  for (const line of listed) expect(line).toMatch(/\tmax-calls 20$/);
});

test("a rotated key is shown once, and the old key is listed with its end", async () => {
  const made = await run((environment, print) =>
    createKey(environment, print, { env: "live", name: "Rotated", workspace: "acme" }),
  );
  const id = /key_\w+/.exec(made)![0];
  const rotated = await run((environment, print) => rotateKey(environment, print, id, { overlap: 3_600_000 }));
  expect(rotated).toMatch(/^sk_live_\w+\n\nkey_\w+ replaces key_\w+, which expires at \d{4}-.*Z\.\nSave it now/);
  const end = / expires at (.*)\.$/m.exec(rotated)![1]!;
  expect(Math.abs(Date.parse(end) - Date.now() - 3_600_000)).toBeLessThan(120_000);

  const listed = (await list()).split("\n").filter((line) => line.includes("\tRotated\t"));
  expect(listed).toHaveLength(2);
  expect(listed[0]).toContain(`${id}\t`);
  expect(listed[0]).toContain(`\tends ${end}\t`);
  expect(listed[1]).toContain("\tactive\t");

  await run((environment, print) => rotateKey(environment, print, id, { overlap: 0 }));
  expect(await list()).toMatch(new RegExp(`^${id}\t.*\tended `, "m"));
  const again = run((environment, print) => rotateKey(environment, print, id, { overlap: 0 }));
  await expect(again).rejects.toThrow(new UsageError(`There is no valid key ${id}.`));
});

test("a new key has all scopes but raw:read by default", async () => {
  const made = await run((environment, print) =>
    createKey(environment, print, { env: "test", name: "Default", workspace: "acme" }),
  );
  expect(made).toMatch(/^sk_test_/);
  expect(made).toContain("contacts:write");
  expect(made).not.toContain("raw:read");
});

test("unknown scopes and keys are refused with a plain sentence", async () => {
  const create = (scopes: string) =>
    run((environment, print) => createKey(environment, print, { env: "test", name: "x", scopes, workspace: "acme" }));
  const outcome = async (attempt: Promise<unknown>) => attempt.then(String, (error: unknown) => error as Error);
  const unknown = await outcome(create("contacts:read,contacts:eat"));
  expect(unknown).toBeInstanceOf(UsageError);
  expect(unknown).toMatchObject({ message: expect.stringContaining('"contacts:eat"') });
  expect(await outcome(create(""))).toBeInstanceOf(UsageError);
  const missing = await outcome(run((environment, print) => revokeKey(environment, print, "key_nosuch")));
  expect(missing).toMatchObject({ name: "UsageError", message: "There is no key key_nosuch." });
});
