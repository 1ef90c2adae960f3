import { afterAll, expect, test } from "@jest/globals";
import { openStore } from "../../src/store/open-store.js";
import { describeCredentials } from "../cli/credentials-suite.js";
import { commandLine } from "../support/command-line.js";
import { createDatabase } from "./database.js";

const database = await createDatabase();
afterAll(() => database.drop());

// A data folder that cannot be made: nothing of it must be touched.
const environment = { DATABASE_URL: database.url, CRMESH_DATA_DIR: "/dev/null/data" };

describeCredentials(
  () => environment,
  () => openStore({ dataDir: null, databaseUrl: database.url }),
);

test("keys are made, rotated, revoked and listed in the database of DATABASE_URL", async () => {
  const withKey = { ...environment, CRMESH_ENCRYPTION_KEY: Buffer.alloc(32).toString("base64") };
  const crmesh = (...args: string[]) => commandLine(["keys", ...args], withKey);
  const made = await crmesh("create", "--env", "test", "--name", "k", "--workspace", "acme", "--create-workspace");
  const id = /key_\w+/.exec(made.stdout)![0];
  await crmesh("rotate", id, "--overlap", "1m");
  await crmesh("revoke", id);
  const listed = (await crmesh("list")).stdout.trimEnd().split("\n");
  expect(listed).toHaveLength(2);
  expect(listed[0]).toMatch(new RegExp(`^${id}\t.*\trevoked `));
  expect(listed[1]).toMatch(/\tactive\t/);
});
