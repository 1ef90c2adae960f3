import { afterAll, expect, test } from "@jest/globals";
import { createKey, listKeys, revokeKey, rotateKey } from "../../src/cli/keys.js";
import { openStore } from "../../src/store/open-store.js";
import { describeCredentials } from "../cli/credentials-suite.js";
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
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const withKey = { ...environment, CRMESH_ENCRYPTION_KEY: Buffer.alloc(32).toString("base64") };
  await createKey(withKey, print, { env: "test", name: "k", workspace: "acme" });
  const id = /key_\w+/.exec(printed[0]!)![0];
  await rotateKey(withKey, print, id, { overlap: 60_000 });
  await revokeKey(withKey, print, id);
  printed.splice(0);
  await listKeys(withKey, print);
  expect(printed).toHaveLength(2);
  expect(printed[0]).toMatch(new RegExp(`^${id}\t.*\trevoked `));
  expect(printed[1]).toMatch(/\tactive\t/);
});
