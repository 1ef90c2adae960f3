import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformFile } from "@swc/core";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { printCrmeshSchema } from "../../src/graphql/schema.js";
import { swcOptions } from "../../swc.config.js";
import { eventually } from "../support/eventually.js";
import { CrmeshProcess } from "../support/processes.js";
import { RawConnections, type RawConnection } from "../support/raw-connection.js";

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

  describe("a running server", () => {
    const connections = new RawConnections();
    let running: CrmeshProcess | undefined;
    afterEach(async () => {
      connections.end();
      await running?.kill();
    });

    async function start(environment: Record<string, string>, nodeOptions: string[] = []): Promise<string> {
      const all = { PORT: "0", CRMESH_DATA_DIR: dataDir, ...environment };
      running = new CrmeshProcess(["serve"], all, { main: join(built, "cli/main.js"), nodeOptions });
      return running.origin;
    }

    async function halfSent(origin: string): Promise<RawConnection[]> {
      const opened = await Promise.all([0, 1, 2].map(() => connections.open(origin)));
      opened[1]!.send("POST /graphql HTTP/1.1", "host: crm");
      opened[2]!.send("GET /healthz HTTP/1.1", "host: crmesh", "content-length: 10", "", "{");
      expect((await opened[2]!.answer()).status).toBe(200);
      return opened;
    }

    test("drains on SIGTERM, closes half-sent requests and ends with 0", async () => {
      const origin = await start({ NODE_ENV: "production", CRMESH_SANDBOX: "on", CRMESH_DRAIN_MS: "600000" });
      const process = running!;
      const opened = await halfSent(origin);
      process.terminate();
      const reason = await eventually(async () => {
        const { status, body } = await fetch(`${origin}/readyz`);
        await body?.cancel();
        return status === 503 ? status : undefined;
      });
      expect(reason).toBe(503);
      // Requests are still taken.
      expect((await fetch(`${origin}/graphql`, { method: "POST" })).status).toBe(401);
      expect([process.ended, opened.some(({ isClosed }) => isClosed)]).toEqual([null, false]);
      // The second signal ends the drain.
      process.terminate();
      await Promise.all(opened.map(({ closed }) => closed));
      expect(await process.exited).toEqual({ code: 0, signal: null });
      // Everybody knows the demo key, so production does not offer it, sandbox or not.
      expect(process.output).not.toContain("sk_test_demo");
    });

    test("serves on after an unhandled rejection, and ends with 1 after an uncaught exception", async () => {
      const bugs = join(built, "bugs.mjs");
      await writeFile(
        bugs,
        `process.once("SIGUSR2", () => {
           process.once("SIGUSR2", () => { throw new RangeError("a bug that throws"); });
           void Promise.reject(new RangeError("a bug that rejects"));
         });`,
      );
      const origin = await start({ NODE_ENV: "production" }, ["--import", pathToFileURL(bugs).href]);
      const process = running!;
      const opened = await halfSent(origin);
      process.signal("SIGUSR2");
      await eventually(() => /"msg":"Unhandled rejection"/.test(process.output) || undefined);
      const health = await fetch(`${origin}/healthz`);
      expect(await health.json()).toEqual({ status: "ok", unhandledRejections: 1 });
      process.signal("SIGUSR2");
      await Promise.all(opened.map(({ closed }) => closed));
      expect(await process.exited).toEqual({ code: 1, signal: null });
      expect(process.output.match(/"msg":"Uncaught exception; stopping"/g)).toHaveLength(1);
      expect(process.output).toContain("a bug that throws");
    });
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
