import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runCommand } from "../../src/cli/program.js";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { printCrmeshSchema } from "../../src/graphql/schema/index.js";
import { newDataFolder } from "../support/data-folder.js";

const PACKAGE = fileURLToPath(new URL("../../package.json", import.meta.url));

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataFolder();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Runs a command line in this process. */
async function crmesh(args: string[], environment: Record<string, string> = {}) {
  const ended = { code: 0, stdout: "", stderr: "" };
  ended.code = await runCommand(args, {
    environment: { CRMESH_DATA_DIR: dataDir, ...environment },
    out: (text) => void (ended.stdout += text),
    err: (text) => void (ended.stderr += text),
  });
  return ended;
}

describe("crmesh serve", () => {
  test.each([
    [{ PORT: "nonsense" }, /^crmesh: PORT .+\.\n$/],
    [{ CRMESH_ENCRYPTION_KEY: "hunter2" }, /^crmesh: .*CRMESH_ENCRYPTION_KEY.*\n$/m],
    [{ DATABASE_URL: "mysql://user:hunter2@db/crmesh" }, /^crmesh: DATABASE_URL .+\.\n$/],
    [{ DATABASE_URL: "postgres://user:hunter2@db/crmesh" }, /^crmesh: CRMESH_ENCRYPTION_KEY .+\.\n$/],
  ])("%j stops the start with a sentence", async (environment, sentence) => {
    const { code, stderr, stdout } = await crmesh(["serve"], environment);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stdout + stderr).not.toContain("hunter2");
  });
});

test("a database that cannot be reached is reported in one sentence", async () => {
  const { code, stderr } = await crmesh(["keys", "list"], {
    // Nobody listens on port 1.
    DATABASE_URL: "postgres://user:hunter2@127.0.0.1:1/crmesh",
    CRMESH_ENCRYPTION_KEY: Buffer.alloc(32).toString("base64"),
  });
  expect(code).toBe(1);
  expect(stderr).toBe(
    "crmesh: The database crmesh on 127.0.0.1:1 cannot be opened: connect ECONNREFUSED 127.0.0.1:1.\n",
  );
});

test("an overlap that is not a duration is refused", async () => {
  const { code, stderr } = await crmesh(["keys", "rotate", "key_1", "--overlap", "1 day"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/error: .*--overlap.* such as 24h/);
});

test("crmesh errors prints every code", async () => {
  const { code, stdout } = await crmesh(["errors"]);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  ).toEqual(ERROR_CODES);
});

test("crmesh schema prints the schema, and --check reports a stale file", async () => {
  const { code, stdout } = await crmesh(["schema"]);
  expect(code).toBe(0);
  expect(stdout).toBe(await printCrmeshSchema());
  const stale = await crmesh(["schema", "--check", PACKAGE]);
  expect(stale).toMatchObject({ code: 1, stderr: expect.stringContaining("is stale") });
});

test("a wrong option is refused with exit status 1", async () => {
  const { code, stderr } = await crmesh(["keys", "create", "--env", "prod", "--name", "x"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/error: .*live or test/);
  expect(stderr).not.toMatch(/at .*\.js:/);
});
