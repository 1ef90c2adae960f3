import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { Scrape } from "../support/prometheus.js";
import { ReplicaGround } from "./support/ground.js";
import { waitedForCoreMs } from "./support/cpu-waits.js";
import { ALLOWED, startMeteredCrm, WINDOW_MS, type MeteredCrm } from "./support/metered-crm.js";
import { Redis } from "./support/redis.js";
import type { Answer, Replica } from "./support/replica.js";

const PROCESSES = 4;
const DEMAND = 4 * ALLOWED;

let ground: ReplicaGround;
beforeAll(async () => {
  ground = await ReplicaGround.open();
  await ground.connect("somebody", "hubspot", ground.sandbox.credentials("hubspot", "demo"));
});
afterAll(() => ground.close());

let redis: Redis;
beforeAll(async () => (redis = await Redis.start()));
afterAll(() => redis.kill());

interface Line {
  msg: string;
  pid: number;
  time: string;
  [name: string]: unknown;
}

function linesAbout({ process }: Replica, msg: string): Line[] {
  const lines = process.output.split("\n").slice(0, -1);
  return lines
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.msg === msg);
}

const ask = (server: Replica, key = ground.key): Promise<Answer<unknown>> =>
  server.query("{ contacts(first: 1) { nodes { id } } }", { key, endUserId: "somebody", provider: "hubspot" });

/** Asks all servers the same number of questions, all at once. */
const askAll = (servers: readonly Replica[], count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(servers[index % servers.length]!)));

const isAnswered = ({ data, errors }: Answer<unknown>) => data !== null && errors.length === 0;

const stopAll = (servers: readonly Replica[]) => Promise.all(servers.map(({ process }) => process.stop()));

const readyz = async ({ origin }: Replica) => (await fetch(`${origin}/readyz`)).json() as Promise<{ limits?: string }>;

interface Round {
  answers: Answer<unknown>[];
  /** Calls that the CRM got, and how many of them it refused. */
  calls: number;
  refused: number;
  /**
   * The share of what the CRM allows from the first to the last call, without the time in which the processes waited for a
   * core: a machine that has much else to do takes that from them.
   */
  used: number;
  /** The processes in the order in which they answered. */
  finished: number[];
}

describe("a CRM that allows 100 calls in 10 s, and a demand for 400 at once", () => {
  let crm: MeteredCrm;
  beforeEach(async () => (crm = await startMeteredCrm(ground.sandbox.origins.get("hubspot")!)));
  afterEach(() => crm.close());

  const environment = () => ({
    CRMESH_HUBSPOT_BASE_URL: crm.origin,
    CRMESH_LOG_LEVEL: "info",
    CRMESH_CONNECTION_TIMEOUT_MS: "600000",
    CRMESH_REQUEST_TIMEOUT_MS: "600000",
  });

  async function round(count: number, variables: Record<string, string>): Promise<Round> {
    const servers = await ground.serve(count, { ...environment(), ...variables });
    const pids = servers.flatMap((one) => linesAbout(one, "Listening")).map(({ pid }) => pid);
    const waitedMs = () => pids.reduce((sum, pid) => sum + waitedForCoreMs(pid), 0) / pids.length;
    const waitedBeforeMs = waitedMs();
    const answers = await askAll(servers, DEMAND);
    const starvedMs = waitedMs() - waitedBeforeMs;
    const { arrivals, refused } = await crm.metered();
    const tookMs = arrivals.at(-1)! - arrivals[0]!;
    await eventually(() => servers.flatMap((one) => linesAbout(one, "Request")).length >= DEMAND || undefined);
    await stopAll(servers);
    const lines = servers.flatMap((one) => linesAbout(one, "Request"));
    lines.sort((one, other) => one.time.localeCompare(other.time));
    return {
      answers,
      calls: arrivals.length,
      refused,
      used: arrivals.length / (ALLOWED * (1 + (tookMs - starvedMs) / WINDOW_MS)),
      finished: lines.map(({ pid }) => pid),
    };
  }

  test.each([
    ["workers", 1, () => ({ CRMESH_WORKERS: String(PROCESSES) })],
    ["replicas with Redis", PROCESSES, () => ({ CRMESH_REDIS_URL: redis.url, CRMESH_REPLICAS: String(PROCESSES) })],
  ])("four %s use it, are never refused, and none starves", async (_kind, count, variables) => {
    const result = await round(count, variables());
    expect(result.answers.filter((answer) => !isAnswered(answer))).toEqual([]);
    expect(result).toMatchObject({ calls: DEMAND, refused: 0 });
    expect(result.used).toBeGreaterThanOrEqual(0.9);
    expectFairShares(result.finished);
  });

  /**
   * The first hundred calls are those of whoever asked first. Then all wait, and a fair share is 25, or what is left. A machine
   * that has much else to do lets some processes come back later than others.
   */
  function expectFairShares(finished: readonly number[]): void {
    const pids = [...new Set(finished)];
    expect(pids).toHaveLength(PROCESSES);
    for (const first of [ALLOWED, 2 * ALLOWED]) {
      for (const pid of pids) {
        const left = finished.slice(first).filter((one) => one === pid).length;
        const share = finished.slice(first, first + ALLOWED).filter((one) => one === pid).length;
        expect(share).toBeGreaterThanOrEqual(Math.min(left, 5));
      }
    }
  }

  test("replicas whose Redis goes away divide it, say so, lose no call, and count together when it is back", async () => {
    const servers = await ground.serve(2, {
      ...environment(),
      CRMESH_REDIS_URL: redis.url,
      CRMESH_REPLICAS: "2",
      CRMESH_METRICS_PORT: "0",
    });
    const shared = async (one: Replica) => {
      const [line] = linesAbout(one, "Listening");
      const { samples } = await Scrape.of(String(line!["metricsOrigin"]));
      return samples.find(({ name }) => name === "crmesh_limits_shared")?.value;
    };
    const states = async () => ({
      readyz: await Promise.all(servers.map(async (one) => (await readyz(one)).limits)),
      metric: await Promise.all(servers.map(shared)),
    });
    const together = { readyz: ["shared", "shared"], metric: [1, 1] };
    expect(await states()).toEqual(together);
    expect((await askAll(servers, ALLOWED)).every(isAnswered)).toBe(true);

    // These wait for their turn when Redis goes.
    const waiting = askAll(servers, ALLOWED);
    await redis.kill();
    await eventually(async () => (await readyz(servers[0]!)).limits === "divided" || undefined);
    const divided = askAll(servers, ALLOWED);
    await eventually(() => servers.every((one) => linesAbout(one, AWAY).length > 0) || undefined);
    expect(await states()).toEqual({ readyz: ["divided", "divided"], metric: [0, 0] });
    expect((await Promise.all([waiting, divided])).flat().every(isAnswered)).toBe(true);
    expect(servers.map((one) => linesAbout(one, AWAY).map(({ level }) => level))).toEqual([["warn"], ["warn"]]);

    await redis.restart();
    await eventually(async () => (await readyz(servers[0]!)).limits === "shared" || undefined);
    await eventually(async () => (await readyz(servers[1]!)).limits === "shared" || undefined);
    expect(await states()).toEqual(together);
    expect(servers.map((one) => linesAbout(one, BACK).length)).toEqual([1, 1]);
    expect((await askAll(servers, 10)).every(isAnswered)).toBe(true);
    await stopAll(servers);
  });
});

const AWAY = "Redis is away; this replica counts its share of the limits alone";
const BACK = "Redis is there again; limits are counted with other replicas";

describe("the requests of an API key", () => {
  const LIMIT = 20;

  test.each([
    ["workers", 1, () => ({ CRMESH_WORKERS: "2" })],
    ["replicas with Redis", 2, () => ({ CRMESH_REDIS_URL: redis.url, CRMESH_REPLICAS: "2" })],
    ["replicas without it, each of which has a share", 2, () => ({ CRMESH_REPLICAS: "2" })],
    ["replicas whose Redis is away", 2, () => ({ CRMESH_REDIS_URL: "redis://127.0.0.1:1", CRMESH_REPLICAS: "2" })],
  ])("are counted together by two %s", async (_kind, count, variables) => {
    const { workspaceId } = ground;
    const scopes = ["contacts:read"];
    const made = await ground.store.apiKeys.create({ workspaceId, environment: "live", name: "k", scopes });
    const servers = await ground.serve(count, { CRMESH_RATE_LIMIT: String(LIMIT), ...variables() });
    const beganAt = performance.now();
    // Of no end user, so that no CRM is called.
    const query = (server: Replica) => server.query("{ contacts(first: 1) { nodes { id } } }", { key: made.secret });
    const answers = await Promise.all(Array.from({ length: 3 * LIMIT }, (_, at) => query(servers[at % count]!)));
    const codes = answers.map(({ errors }) => errors[0]?.extensions.code);
    const windows = 1 + Math.floor((performance.now() - beganAt) / 60_000);
    const refused = codes.filter((code) => code === "RATE_LIMITED").length;
    expect(3 * LIMIT - refused).toBeGreaterThanOrEqual(LIMIT);
    expect(3 * LIMIT - refused).toBeLessThanOrEqual(LIMIT * windows);
    await stopAll(servers);
  });
});
