import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { compileSources } from "../../build.js";
import { logLine } from "../support/log-lines.js";
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

test("a command with a wrong setting ends with 2, and says why on standard error alone", async () => {
  const command = crmesh(["serve"], { DATABASE_URL: "postgres://user:hunter2@db/crmesh" });
  expect(await command.exited).toEqual({ code: 2, signal: null });
  expect(command.errors).toMatch(/^crmesh: CRMESH_ENCRYPTION_KEY .+\.\n$/);
  expect(command.output).toBe(command.errors);
});

test("commands run in the server that has the data folder open, until a signal ends it", async () => {
  const server = crmesh(["serve"], { PORT: "0" });
  const origin = await server.origin;
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  expect((await readdir(dataDir)).includes("control.sock")).toBe(true);

  const made = crmesh(["keys", "create", "--env", "test", "--name", "while it runs"]);
  expect(await made.exited).toEqual({ code: 0, signal: null });
  const key = /^sk_test_\w+$/m.exec(made.output)![0];
  // The key sees the end user of the demo: both are in the only workspace.
  const answer = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "x-end-user-id": "demo", "content-type": "application/json" },
    body: JSON.stringify({ query: "{ connections { id } }" }),
  });
  expect(((await answer.json()) as { data: { connections: object[] } }).data.connections).toHaveLength(10);

  const unknown = crmesh(["keys", "revoke", "key_nosuch"]);
  expect(await unknown.exited).toEqual({ code: 1, signal: null });
  expect(unknown.output).toBe("crmesh: There is no key key_nosuch.\n");

  // A second server cannot run there.
  const other = crmesh(["serve"], { PORT: "0" });
  expect(await other.exited).toEqual({ code: 3, signal: null });
  expect(other.errors).toMatch(/^crmesh: The data folder .* is in use by process \d+\. Stop that process first\.\n$/m);

  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect((await readdir(dataDir)).includes("control.sock")).toBe(false);
  const after = crmesh(["keys", "list"]);
  expect(await after.exited).toEqual({ code: 0, signal: null });
  expect(after.output).toMatch(/\twhile it runs\t/);
});

test("a server that was killed leaves nothing behind that stops the next one", async () => {
  const killed = crmesh(["serve"], { PORT: "0", CRMESH_SANDBOX: "off" });
  await killed.origin;
  await killed.kill();
  expect((await readdir(dataDir)).includes("control.sock")).toBe(true);
  const direct = crmesh(["workspaces", "list"]);
  expect(await direct.exited).toEqual({ code: 0, signal: null });

  const next = crmesh(["serve"], { PORT: "0", CRMESH_SANDBOX: "off" });
  await next.origin;
  const served = crmesh(["workspaces", "list"]);
  expect(await served.exited).toEqual({ code: 0, signal: null });
  expect(served.output).toBe(direct.output);
  expect(await next.stop()).toEqual({ code: 0, signal: null });
});

test("--port and --host win over PORT and HOST", async () => {
  const server = crmesh(["serve", "--port", "0", "--host", "127.0.0.1"], {
    CRMESH_SANDBOX: "off",
    // Nobody can listen here: an address of the documentation (RFC 5737).
    PORT: "1",
    HOST: "192.0.2.1",
  });
  const { hostname, port } = new URL(await server.origin);
  expect(hostname).toBe("127.0.0.1");
  expect(Number(port)).toBeGreaterThan(1);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
});

describe("a running server", () => {
  const connections = new RawConnections();
  let full: ChildProcess | undefined;
  let running: CrmeshProcess | undefined;
  afterEach(async () => {
    connections.end();
    await running?.kill();
    full?.kill("SIGKILL");
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

  test("logs its start, its configuration without secrets, and its stop: JSON alone on standard output", async () => {
    const own = await newDataFolder();
    const secrets = {
      CRMESH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 9).toString("base64")}`,
      CRMESH_HUBSPOT_CLIENT_SECRET: "s3cret",
    };
    const origin = await start({
      NODE_ENV: "production",
      CRMESH_HUBSPOT_CLIENT_ID: "client-1",
      CRMESH_DRAIN_MS: "0",
      CRMESH_DATA_DIR: own,
      ...secrets,
    });
    await fetch(`${origin}/graphql`, { method: "POST", headers: { "x-request-id": "during" } });
    await running!.stop();
    const written = running!.output.replace(running!.errors, "");
    const lines = written.trimEnd().split("\n").map(logLine);
    expect(lines).toMatchObject([
      {
        level: "info",
        msg: "Starting",
        version: "0.1.0",
        node: process.versions.node,
        config: { production: true, database: "embedded", encryptionKeys: 1, oauthClients: ["hubspot"], drainMs: 0 },
      },
      { level: "info", msg: "Listening", origin },
      { level: "info", msg: "Request", requestId: "during", status: 401, codes: ["INVALID_API_KEY"] },
      { level: "info", msg: "Draining", reason: "SIGTERM", drainMs: 0 },
      { level: "info", msg: "Stopped", exitCode: 0 },
    ]);
    for (const secret of [...Object.values(secrets), "client-1"]) expect(written).not.toContain(secret);
    await rm(own, { recursive: true, force: true });
  });

  // Only Linux has this device, on which every write fails as on a full disk.
  (existsSync("/dev/full") ? test : test.skip)("serves on if the log cannot be written", async () => {
    const device = openSync("/dev/full", "w");
    const environment = { PORT: "0", CRMESH_DATA_DIR: dataDir, NODE_ENV: "production", CRMESH_DRAIN_MS: "0" };
    const child = spawn(process.execPath, [join(built, "cli/main.js"), "serve"], {
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", device, "pipe"],
    });
    full = child;
    closeSync(device);
    let errors = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const exited = once(child, "exit");
    const origin = await eventually(() => /^crmesh is ready: (\S+)\/graphql/m.exec(errors)?.[1]);
    for (let round = 1; round <= 3; round += 1) expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(errors.match(/^crmesh: The log cannot be written: .*ENOSPC/gm)).toHaveLength(1);
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
