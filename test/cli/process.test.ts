import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformFile } from "@swc/core";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { printCrmeshSchema } from "../../src/graphql/schema.js";
import { swcOptions } from "../../swc.config.js";

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let built: string;
let dataDir: string;

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function run(file: string, args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = { PATH: process.env["PATH"], CRMESH_DATA_DIR: dataDir, ...environment };
  return new Promise((resolve) => {
    execFile(file, args, { env, cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

const crmesh = (args: string[], environment?: Record<string, string>) =>
  run(process.execPath, [join(built, "cli/main.js"), ...args], environment);

beforeAll(async () => {
  // Inside node_modules, so that what is built finds its dependencies as the real one does.
  built = await mkdtemp(join(ROOT, "node_modules/.crmesh-cli-test-"));
  dataDir = await mkdtemp(join(tmpdir(), "crmesh-cli-"));
  const sources = (await readdir(join(ROOT, "src"), { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  for (const name of sources) {
    // As jest compiles the sources: type checks are not this test's business, and would take most of its time.
    const { code } = await transformFile(join(ROOT, "src", name), swcOptions(name.endsWith(".tsx") ? "tsx" : "ts"));
    const file = join(built, name.replace(/\.tsx?$/, ".js"));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, code);
  }
});
afterAll(async () => {
  await rm(built, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
});

describe("crmesh serve", () => {
  test.each([
    [{ PORT: "nonsense" }, /^crmesh: PORT .+\.\n$/],
    [{ CRMESH_ENCRYPTION_KEY: "hunter2" }, /^crmesh: .*CRMESH_ENCRYPTION_KEY.*\n$/],
    [{ DATABASE_URL: "mysql://user:hunter2@db/crmesh" }, /^crmesh: DATABASE_URL .+\.\n$/],
    [{ DATABASE_URL: "postgres://user:hunter2@db/crmesh" }, /^crmesh: CRMESH_ENCRYPTION_KEY .+\.\n$/],
  ])("%j stops the start with a sentence", async (environment, sentence) => {
    const { code, stderr, stdout } = await crmesh(["serve"], { ...environment });
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stdout + stderr).not.toContain("hunter2");
  });
});

test("a database that cannot be reached is said in a sentence", async () => {
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

test("an overlap that is no duration is said to be none", async () => {
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

test("crmesh schema prints the schema, and says when a file is stale", async () => {
  const { code, stdout } = await crmesh(["schema"]);
  expect(code).toBe(0);
  expect(stdout).toBe(await printCrmeshSchema());
  const stale = await crmesh(["schema", "--check", join(ROOT, "package.json")]);
  expect(stale).toMatchObject({ code: 1, stderr: expect.stringContaining("is stale") });
});

test("what is asked for wrongly is said, with a status that scripts can tell", async () => {
  const { code, stderr } = await crmesh(["keys", "create", "--env", "prod", "--name", "x"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/error: .*live, test/);
  expect(stderr).not.toMatch(/at .*\.js:/);
});
