import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createServer, type AddressInfo } from "node:net";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { eventually } from "../support/eventually.js";
import { Scrape } from "../support/prometheus.js";
import { ReplicaGround } from "./support/ground.js";
import type { Replica } from "./support/replica.js";

let ground: ReplicaGround;
beforeAll(async () => {
  ground = await ReplicaGround.open();
  await ground.connect("somebody", "odoo", ground.sandbox.credentials("odoo", "demo"));
});
afterAll(() => ground.close());

interface Line {
  msg: string;
  pid: number;
  worker?: number;
  workerPid?: number;
  metricsOrigin?: string;
  [name: string]: unknown;
}

/** The complete lines of the log so far. */
function linesOf({ process }: Replica): Line[] {
  const lines = process.output.split("\n").slice(0, -1);
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Line);
}

const linesAbout = (server: Replica, msg: string) => linesOf(server).filter((line) => line.msg === msg);
const workerPids = (server: Replica) => new Set(linesAbout(server, "Worker ready").map(({ workerPid }) => workerPid!));

async function serve(environment: Record<string, string> = {}): Promise<Replica> {
  const [server] = await ground.serve(1, { CRMESH_WORKERS: "2", CRMESH_LOG_LEVEL: "info", ...environment });
  return server!;
}

const ask = (server: Replica, key = ground.key) =>
  server.query("{ contacts(first: 1) { nodes { id } } }", { key, endUserId: "somebody", provider: "odoo" });

async function ready(server: Replica): Promise<{ status: number; body: unknown }> {
  // Each connection may reach another worker.
  const response = await fetch(`${server.origin}/readyz`, { headers: { connection: "close" } });
  return { status: response.status, body: await response.json() };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Asks until each worker has answered a request. */
async function usesAllWorkers(server: Replica): Promise<void> {
  await eventually(async () => {
    await Promise.all(Array.from({ length: 8 }, () => ask(server)));
    return new Set(linesAbout(server, "Request").map(({ worker }) => worker)).size === 2 || undefined;
  });
}

describe("two workers", () => {
  let server: Replica;
  beforeAll(async () => {
    server = await serve({ CRMESH_METRICS_PORT: "0", CRMESH_SANDBOX: "on" });
  });

  test("both answer, at one port, and each says in its log who it is", async () => {
    await usesAllWorkers(server);
    const answering = new Set(linesAbout(server, "Request").map(({ pid }) => pid));
    expect(answering).toEqual(workerPids(server));
  });

  test("/readyz counts them", async () => {
    const body = { status: "ok", workers: { ready: 2, expected: 2 } };
    expect(await ready(server)).toEqual({ status: 200, body });
  });

  test("the primary answers Prometheus for all, each metric with one head", async () => {
    await usesAllWorkers(server);
    const [{ metricsOrigin }] = linesAbout(server, "Listening").filter((line) => line.metricsOrigin) as [Line];
    // It refuses a metric whose samples do not stand together, as Prometheus does.
    const { samples } = await Scrape.of(metricsOrigin!);
    const workersOf = (name: string) =>
      new Set(samples.filter((one) => one.name === name).map(({ labels }) => labels["worker"]));
    expect(workersOf("process_uptime_seconds")).toEqual(new Set(["primary", "1", "2"]));
    expect(workersOf("crmesh_operations_total")).toEqual(new Set(["1", "2"]));
    expect(workersOf("crmesh_connections")).toEqual(new Set(["primary"]));
    expect(samples.find(({ name }) => name === "crmesh_workers")?.value).toBe(2);
  });

  test("the sandbox runs once: what one worker writes is read by all", async () => {
    const { workspaceId } = ground;
    const scopes = ["contacts:read", "contacts:write", "connections:write", "endusers:write"];
    const made = await ground.store.apiKeys.create({ workspaceId, environment: "test", name: "t", scopes });
    const key = made.secret;
    const endUserId = "connects";
    await server.data('mutation { upsertEndUser(input: { endUserId: "connects" }) { id } }', { key });
    const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
      'mutation { createConnectToken(input: { endUserId: "connects" }) { url } }',
      { key },
    );
    // The consent page is the primary's, and browsers reach it at the port of the workers.
    const page = await new EndUserBrowser().consent(createConnectToken.url, "hubspot", "demo");
    expect(page.status).toBe(200);
    const { createContact } = await server.data<{ createContact: { id: string } }>(
      'mutation { createContact(input: { lastName: "Everywhere" }) { id } }',
      { key, endUserId, provider: "hubspot" },
    );
    const before = linesAbout(server, "Request").length;
    const find = () =>
      server.data<{ contact: { lastName: string } }>("query ($id: ID!) { contact(id: $id) { lastName } }", {
        key,
        endUserId,
        variables: { id: createContact.id },
      });
    await eventually(async () => {
      const found = await Promise.all(Array.from({ length: 4 }, find));
      expect(found.map(({ contact }) => contact.lastName)).toEqual(found.map(() => "Everywhere"));
      const workers = new Set(
        linesAbout(server, "Request")
          .slice(before)
          .map(({ worker }) => worker),
      );
      return workers.size === 2 || undefined;
    });
  });

  test("commands work while they serve, and a revoked key is refused by both", async () => {
    const created = ground.launch([
      "keys",
      "create",
      "--env",
      "live",
      "--name",
      "n",
      "--workspace",
      "replicas",
      "--json",
    ]);
    expect(await created.exited).toEqual({ code: 0, signal: null });
    const { id, secret } = JSON.parse(created.output) as { id: string; secret: string };
    expect((await ask(server, secret)).status).toBe(200);
    const revoked = ground.launch(["keys", "revoke", id]);
    expect(await revoked.exited).toEqual({ code: 0, signal: null });
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(server, secret)));
      return answers.every(({ status }) => status === 401) || undefined;
    });
  });

  test("one that is killed is replaced, while the other goes on", async () => {
    const [victim, other] = [...workerPids(server)] as [number, number];
    process.kill(victim, "SIGKILL");
    await eventually(() => linesAbout(server, "A worker ended; another one is started")[0]);
    expect(linesAbout(server, "A worker ended; another one is started")[0]).toMatchObject({ signal: "SIGKILL" });
    expect((await ask(server)).status).toBe(200);
    await eventually(() => workerPids(server).size === 3 || undefined);
    expect(isAlive(other)).toBe(true);
    expect(await ready(server)).toMatchObject({ body: { workers: { ready: 2, expected: 2 } } });
    const [{ metricsOrigin }] = linesAbout(server, "Listening").filter((line) => line.metricsOrigin) as [Line];
    const { samples } = await Scrape.of(metricsOrigin!);
    expect(samples.find(({ name }) => name === "crmesh_worker_restarts_total")?.value).toBe(1);
  });

  test("a stop ends all of them, and then the primary", async () => {
    expect(await server.process.stop()).toEqual({ code: 0, signal: null });
    expect([...workerPids(server)].filter(isAlive)).toEqual([]);
    const stopped = linesAbout(server, "Stopped");
    expect(stopped).toHaveLength(3);
    expect(stopped.at(-1)!.worker).toBeUndefined();
  });
});

test("while they drain, all say so and take requests; a second signal ends that", async () => {
  const server = await serve({ CRMESH_DRAIN_MS: "600000" });
  await usesAllWorkers(server);
  server.process.terminate();
  await eventually(async () => {
    const states = await Promise.all(Array.from({ length: 8 }, () => ready(server)));
    return states.every(({ status }) => status === 503) || undefined;
  });
  expect(await ready(server)).toMatchObject({ body: { reason: "draining" } });
  expect((await ask(server)).status).toBe(200);
  server.process.terminate();
  expect(await server.process.exited).toEqual({ code: 0, signal: null });
});

test("workers end if their primary is killed", async () => {
  const server = await serve();
  const pids = [...workerPids(server)];
  expect(pids.filter(isAlive)).toHaveLength(2);
  await server.process.kill();
  await eventually(() => pids.every((pid) => !isAlive(pid)) || undefined);
});

test("a port that is in use is told once, and ends the primary as it would end one process", async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  const { port } = occupant.address() as AddressInfo;
  const started = ground.launch(["serve"], { CRMESH_WORKERS: "2", PORT: String(port) });
  const exit = await started.exited;
  await new Promise((resolve) => occupant.close(resolve));
  expect(exit).toEqual({ code: 3, signal: null });
  expect(started.errors.match(/is in use by another program/g)).toHaveLength(1);
});

test("one worker is no cluster", async () => {
  const server = await serve({ CRMESH_WORKERS: "1" });
  expect((await ready(server)).body).toEqual({ status: "ok" });
  expect(linesAbout(server, "Worker ready")).toEqual([]);
  await server.process.stop();
});
