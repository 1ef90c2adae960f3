import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { providers } from "../../src/providers/index.js";
import { printCrmeshSchema } from "../../src/graphql/schema/index.js";
import { commandLine } from "../support/command-line.js";
import { newDataFolder } from "../support/data-folder.js";

const PACKAGE = fileURLToPath(new URL("../../package.json", import.meta.url));

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataFolder();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const crmesh = (args: string[], environment: Record<string, string> = {}, options?: { isTerminal?: boolean }) =>
  commandLine(args, { CRMESH_DATA_DIR: dataDir, ...environment }, options);

test("--version prints the version of package.json", async () => {
  const { version } = JSON.parse(await readFile(PACKAGE, "utf8")) as { version: string };
  expect(await crmesh(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("exit codes", () => {
  test.each([[["--help"]], [["help"]], [["keys", "--help"]]])("%j is 0, with help on standard output", async (args) => {
    expect(await crmesh(args)).toEqual({ code: 0, stdout: expect.stringMatching(/^Usage: crmesh /), stderr: "" });
  });

  test.each([
    [[]],
    [["keys"]],
    [["nonsense"]],
    [["serve", "now"]],
    [["serve", "--port", "65536"]],
    [["serve", "--port", "-1"]],
    [["serve", "--nonsense"]],
    [["keys", "create", "--env", "test"]],
    [["keys", "revoke"]],
    [["schema", "--prefix", "Crm"]],
    [["api-versions", "tomorrow"]],
    [["api-versions", "2027-02-30"]],
  ])("%j is 2, with an explanation on standard error", async (args) => {
    expect(await crmesh(args)).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(/\S/) });
  });
});

describe("crmesh serve", () => {
  test.each([
    [{ PORT: "nonsense" }, 2, /^crmesh: PORT .+\.\n$/],
    [{ CRMESH_ENCRYPTION_KEY: "hunter2" }, 1, /^crmesh: .*CRMESH_ENCRYPTION_KEY.*\n$/m],
    [{ DATABASE_URL: "mysql://user:hunter2@db/crmesh" }, 2, /^crmesh: DATABASE_URL .+\.\n$/],
    [{ DATABASE_URL: "postgres://user:hunter2@db/crmesh" }, 2, /^crmesh: CRMESH_ENCRYPTION_KEY .+\.\n$/],
  ])("%j stops the start with %i and a sentence", async (environment, status, sentence) => {
    const { code, stderr, stdout } = await crmesh(["serve"], environment);
    expect(code).toBe(status);
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
  expect(code).toBe(3);
  expect(stderr).toBe(
    "crmesh: The database crmesh on 127.0.0.1:1 cannot be opened: connect ECONNREFUSED 127.0.0.1:1.\n",
  );
});

test("an overlap that is not a duration is refused", async () => {
  const { code, stderr } = await crmesh(["keys", "rotate", "key_1", "--overlap", "1 day"]);
  expect(code).toBe(2);
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

test("crmesh errors has a header on a terminal, and --json", async () => {
  const { stdout } = await crmesh(["errors"], {}, { isTerminal: true });
  expect(stdout).toMatch(/^CODE +HTTP +ORIGIN +ACTOR +RETRY +MESSAGE\nINVALID_API_KEY +401 /);
  const listed = JSON.parse((await crmesh(["errors", "--json"])).stdout) as { code: string }[];
  expect(listed.map(({ code }) => code)).toEqual(ERROR_CODES);
  expect(listed[0]).toMatchObject({ status: 401, origin: "CALLER", retryable: false });
});

describe("crmesh api-versions", () => {
  const ends = providers.all.flatMap(({ apiVersions }) =>
    apiVersions.flatMap(({ supportedUntil }) => supportedUntil ?? []),
  );
  const [first] = ends.sort();
  const from = (days: number) => new Date(Date.parse(first!) + days * 86_400_000).toISOString().slice(0, 10);

  test("prints nothing but that if nothing ends within 120 days", async () => {
    const stdout = `No API version ends within 120 days of ${from(-121)}.\n`;
    expect(await crmesh(["api-versions", from(-121)])).toEqual({ code: 0, stdout, stderr: "" });
  });

  test.each([-120, -1, 0])("names what ends, %d days after its end, and succeeds", async (days) => {
    const { code, stdout, stderr } = await crmesh(["api-versions", from(days)]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^\\w+: support for .+ ends on ${first}, in ${-days} days?\\. https://`));
  });

  test("fails on the day after an end, and names what has ended", async () => {
    const { code, stdout, stderr } = await crmesh(["api-versions", from(1)]);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^\\w+: support for .+ ended on ${first}\\.`));
    expect(stderr).toMatch(/^crmesh: The vendor’s support has ended for: \w+/);
  });

  test("takes today without an argument", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { stdout } = await crmesh(["api-versions"]);
    expect(stdout).toBe((await crmesh(["api-versions", today])).stdout);
  });
});

test("crmesh providers --json has every provider and its capabilities", async () => {
  const listed = JSON.parse((await crmesh(["providers", "--json"])).stdout) as object[];
  expect(listed).toHaveLength(providers.all.length);
  expect(listed[0]).toMatchObject({
    slug: "hubspot",
    connectedBy: "OAUTH",
    capabilities: expect.arrayContaining([expect.objectContaining({ resource: "contact" })]),
  });
});

test("crmesh schema prints the schema, and --check reports a stale file", async () => {
  const { code, stdout } = await crmesh(["schema"]);
  expect(code).toBe(0);
  expect(stdout).toBe(await printCrmeshSchema());
  const stale = await crmesh(["schema", "--check", PACKAGE]);
  expect(stale).toMatchObject({ code: 1, stderr: expect.stringContaining("is stale") });
});

test("a wrong value of an option is refused without a stack", async () => {
  const { code, stderr } = await crmesh(["keys", "create", "--env", "prod", "--name", "x"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/error: .*live or test/);
  expect(stderr).not.toMatch(/at .*\.js:/);
});
