import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { compileSources } from "../../build.js";
import { newDataFolder } from "../support/data-folder.js";
import { eventually } from "../support/eventually.js";
import { Processes, type CrmeshProcess } from "../support/processes.js";
import { RawConnections, type RawConnection } from "../support/raw-connection.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let built: string;
let dataDir: string;
let processes: Processes;

beforeAll(async () => {
  // Inside node_modules, so that what is built finds its dependencies as the real one does.
  built = await mkdtemp(join(ROOT, "node_modules/.crmesh-cli-test-"));
  processes = new Processes(join(built, "cli/main.js"));
  dataDir = await newDataFolder();
  await compileSources(built);
});
afterAll(async () => {
  await processes.end();
  await rm(built, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
});

const crmesh = (args: string[], environment?: Record<string, string>) =>
  processes.start(args, { CRMESH_DATA_DIR: dataDir, ...environment });

test("a command that succeeds ends with status 0 and has written all", async () => {
  const command = crmesh(["errors"]);
  expect(await command.exited).toEqual({ code: 0, signal: null });
  const lines = command.output.trim().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual(ERROR_CODES);
  expect(command.errors).toBe("");
});

test("a command that fails ends with status 1, and says why on standard error alone", async () => {
  const command = crmesh(["serve"], { DATABASE_URL: "postgres://user:hunter2@db/crmesh" });
  expect(await command.exited).toEqual({ code: 1, signal: null });
  expect(command.errors).toMatch(/^crmesh: CRMESH_ENCRYPTION_KEY .+\.\n$/);
  expect(command.output).toBe(command.errors);
});

test("a server keeps others from its data folder until a signal ends it", async () => {
  const server = crmesh(["serve"], { PORT: "0" });
  expect((await fetch(`${await server.origin}/readyz`)).status).toBe(200);

  const other = crmesh(["keys", "list"]);
  expect(await other.exited).toEqual({ code: 1, signal: null });
  expect(other.errors).toMatch(/^crmesh: The data folder .* is in use by process \d+\. Stop that process first\.\n$/);

  expect(await server.stop()).toEqual({ code: 0, signal: null });
  const after = crmesh(["keys", "list"]);
  expect(await after.exited).toEqual({ code: 0, signal: null });
  expect(after.output).toMatch(/sk_test_/);
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
    running = processes.start(["serve"], all, nodeOptions);
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
