import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { CIRCUIT_DEFAULTS } from "../../src/upstream/circuit.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { leavingCaller } from "../support/leaving-caller.js";
import { MovedClock } from "../support/moved-clock.js";
import { Ground, type QueryOptions, type TestServer } from "../support/test-server.js";
import { json, silence, startLocalServer, type Answer, type LocalServer } from "../upstream/local-server.js";

/** One CRM for all workspaces. It answers each connection, which it knows by its token, as the test says. */
class SharedCrm {
  readonly server: LocalServer;
  #answers = new Map<string, Answer>();
  #answer: Answer = WORKS;

  private constructor(server: LocalServer) {
    this.server = server;
    server.answer((response, request) => {
      const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
      (this.#answers.get(token) ?? this.#answer)(response, request);
    });
  }

  static async start(): Promise<SharedCrm> {
    return new SharedCrm(await startLocalServer());
  }

  /** Forgets all answers and requests. */
  reset(): void {
    this.#answers.clear();
    this.#answer = WORKS;
    this.server.received.length = 0;
  }

  answerAll(answer: Answer): void {
    this.#answer = answer;
  }

  answer(token: string, answer: Answer): void {
    this.#answers.set(token, answer);
  }

  get calls(): number {
    return this.server.received.length;
  }
}

interface Tenant {
  workspace: string;
  key: string;
}

/** An end user with a connection. */
interface User {
  name: string;
  token: string;
  key: string;
}

const WORKS = json(200, { results: [{ id: "1", properties: { firstname: "Ann" } }], id: "1", portalId: 1 });
const BROKEN = json(500, { message: "broken" });
const DOWN = json(503, {});
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const { failures, halfOpenAfterMs } = CIRCUIT_DEFAULTS;
/** No header can carry it. */
const UNSENDABLE = "ключ";

let ground: Ground;
let crm: SharedCrm;
let clock: MovedClock;
let server: TestServer;
let count = 0;
let a: Tenant;
let b: Tenant;

beforeAll(async () => {
  ground = await Ground.open();
  crm = await SharedCrm.start();
});
afterAll(async () => {
  await ground.close();
  await crm.server.close();
});
beforeEach(async () => {
  crm.reset();
  await serve();
  [a, b] = [await tenant(), await tenant()];
});

/** A server with closed circuits. */
async function serve(config: Parameters<Ground["serve"]>[0] = {}): Promise<void> {
  clock = new MovedClock();
  server = await ground.serve({
    ...config,
    clock,
    config: { baseUrls: new Map([["hubspot", crm.server.origin]]), ...config.config },
  });
}

async function tenant(): Promise<Tenant> {
  const workspace = `tenant-${(count += 1)}`;
  return { workspace, key: await ground.key({ workspace, environment: "live" }) };
}

async function user({ workspace, key }: Tenant): Promise<User> {
  const name = `user-${(count += 1)}`;
  const token = `pat-${name}`;
  await ground.connect(name, "hubspot", { workspace, environment: "live", credentials: { accessToken: token } });
  return { name, token, key };
}

const users = (of: Tenant, number: number): Promise<User[]> =>
  Promise.all(Array.from({ length: number }, () => user(of)));

const ask = ({ name, key }: User, document = CONTACTS, headers: QueryOptions["headers"] = {}) =>
  server.query(document, { key, endUserId: name, provider: "hubspot", headers });
/** The error code of a query, or null. */
const codeOf = async (one: User, document?: string, headers?: QueryOptions["headers"]) =>
  (await ask(one, document, headers)).body.errors?.[0]?.extensions.code ?? null;

async function fail(one: User): Promise<void> {
  for (let failure = 1; failure <= failures; failure += 1) expect(await codeOf(one)).not.toBeNull();
}

const connect = ({ key }: Tenant, endUserId: string, accessToken: string) =>
  server.query("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
    key,
    variables: { input: { endUserId, provider: "hubspot", credentials: { accessToken } } },
  });

const healthOf = async ({ name, key }: User) => {
  const { connections } = await server.data<{ connections: { health: object }[] }>(
    "{ connections { health { circuit providerCircuit retryAfter } } }",
    { key, endUserId: name },
  );
  return connections[0]!.health;
};

describe("what one workspace does opens no circuit of another", () => {
  test("calls that the CRM answers with 500", async () => {
    const [broken, well] = [await users(a, 4), await user(b)];
    for (const { token } of broken) crm.answer(token, BROKEN);
    await ask(well);
    for (const one of broken) await fail(one);
    expect(await codeOf(broken[0]!)).toBe("CIRCUIT_OPEN");
    expect(await codeOf(well)).toBeNull();
    // Nor the circuit of another end user of its own.
    expect(await codeOf(await user(a))).toBeNull();
  });

  test("calls that the CRM answers with 500, while the other workspace makes none", async () => {
    const [broken, well] = [await users(a, 4), await user(b)];
    for (const { token } of broken) crm.answer(token, BROKEN);
    for (const one of broken) await fail(one);
    expect(await healthOf(broken[0]!)).toMatchObject({ providerCircuit: "OPEN" });
    expect(await healthOf(well)).toEqual({ circuit: "CLOSED", providerCircuit: "CLOSED", retryAfter: null });
    expect(await codeOf(well)).toBeNull();
  });

  test("credentials that no header can carry", async () => {
    await ground.endUser("typing", { workspace: a.workspace, environment: "live" });
    for (let attempt = 1; attempt <= 2 * failures; attempt += 1) {
      const { status, body } = await connect(a, "typing", UNSENDABLE);
      expect(status).toBe(400);
      expect(body.errors![0]!.extensions).toMatchObject({
        code: "INVALID_INPUT",
        errors: { "input.credentials.accessToken": expect.any(String) },
      });
    }
    expect(crm.calls).toBe(0);
    expect(await codeOf(await user(b))).toBeNull();
    expect((await connect(a, "typing", "pat-good")).body.errors).toBeUndefined();
  });

  test("credentials that no header can carry, typed into a form of Connect", async () => {
    await serve({ config: { baseUrls: new Map([["espocrm", crm.server.origin]]) } });
    const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
      'mutation { createConnectToken(input: { endUserId: "typing", provider: "espocrm" }) { url } }',
      { key: a.key },
    );
    const browser = new EndUserBrowser();
    const page = await browser.open(createConnectToken.url);
    const path = `${/^\/connect\/[\w-]+/.exec(new URL(page.url).pathname)![0]}/espocrm`;
    for (let attempt = 1; attempt <= 2 * failures; attempt += 1) {
      const shown = await browser.submit(page, path, { url: "https://crm.acme.example", apiKey: UNSENDABLE });
      expect(shown.status).toBe(422);
      expect(shown.text).toContain("a header of HTTP cannot carry");
    }
    expect(crm.calls).toBe(0);
    crm.answerAll(json(200, { user: { id: "1" } }));
    const accepted = await browser.submit(page, path, { url: "https://crm.acme.example", apiKey: "good" });
    expect(accepted.status).toBe(200);
    expect(crm.calls).toBeGreaterThan(0);
  });

  test("a stored credential that no header can carry", async () => {
    await ground.connect("old", "hubspot", {
      workspace: a.workspace,
      environment: "live",
      credentials: { accessToken: UNSENDABLE },
    });
    const old: User = { name: "old", token: UNSENDABLE, key: a.key };
    for (let attempt = 1; attempt <= 2 * failures; attempt += 1) {
      const { body } = await ask(old);
      expect(body.errors![0]!.extensions).toMatchObject({
        code: "INVALID_INPUT",
        errors: { "headers.authorization": expect.any(String) },
      });
    }
    expect(crm.calls).toBe(0);
    expect(await healthOf(old)).toEqual({ circuit: "CLOSED", providerCircuit: "CLOSED", retryAfter: null });
  });

  const SLOW = `{ ${Array.from({ length: 45 }, (_, at) => `c${at}: contacts(first: ${at + 1}) { nodes { fullName } }`).join(" ")} }`;

  test.each([
    ["the deadline of the operation", { requestTimeoutMs: 300 }, {}],
    ["the operator’s time for the connection", { connectionTimeoutMs: 300 }, {}],
    ["the caller’s time", {}, { "x-crmesh-timeout-ms": "300" }],
  ])("45 slow listings that end at %s", async (_end, config, headers) => {
    await serve({ config: { baseUrls: new Map([["hubspot", crm.server.origin]]), ...config } });
    const [slow, well] = [await user(a), await user(b)];
    crm.answer(slow.token, silence);
    const { body } = await ask(slow, SLOW, headers);
    expect(body.errors).toHaveLength(45);
    expect(await codeOf(well)).toBeNull();
    expect(await healthOf(slow)).toEqual({ circuit: "CLOSED", providerCircuit: "CLOSED", retryAfter: null });
    crm.answer(slow.token, WORKS);
    expect(await codeOf(slow)).toBeNull();
  });

  test("callers who hang up", async () => {
    const [leaver, well] = [await user(a), await user(b)];
    crm.answer(leaver.token, silence);
    for (let attempt = 1; attempt <= 2 * failures; attempt += 1) {
      await leavingCaller(server, CONTACTS, { key: a.key, endUserId: leaver.name, provider: "hubspot" }).leave();
    }
    crm.answer(leaver.token, WORKS);
    expect(await codeOf(well)).toBeNull();
    expect(await codeOf(leaver)).toBeNull();
  });

  test("failed attempts to connect", async () => {
    const [well, sibling] = [await user(b), await user(a)];
    await ground.endUser("typing", { workspace: a.workspace, environment: "live" });
    crm.answer("pat-typed", BROKEN);
    const codes = new Set<string>();
    for (let attempt = 1; attempt <= 2 * failures; attempt += 1) {
      codes.add((await connect(a, "typing", "pat-typed")).body.errors![0]!.extensions.code);
    }
    // The end user's own attempts are refused for a while.
    expect([...codes]).toEqual(["PROVIDER_ERROR", "CIRCUIT_OPEN"]);
    expect([await codeOf(well), await codeOf(sibling)]).toEqual([null, null]);
  });
});

describe("a CRM that is down", () => {
  let [first, second, third, fourth]: User[] = [];

  /** Three end users of two workspaces find the CRM down. */
  beforeEach(async () => {
    [first, second, third, fourth] = [await user(a), await user(a), await user(b), await user(await tenant())];
    crm.answerAll(DOWN);
    for (const one of [first, second, third]) await fail(one);
    crm.server.received.length = 0;
  });

  test("is closed for a fourth end user of a third workspace, without a call", async () => {
    const { status, body } = await ask(fourth!);
    expect(status).toBe(503);
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "CIRCUIT_OPEN",
      retryAfter: halfOpenAfterMs / 1000,
      http: { headers: { "retry-after": String(halfOpenAfterMs / 1000) } },
    });
    expect(crm.calls).toBe(0);
    expect(await healthOf(fourth!)).toEqual({ circuit: "CLOSED", providerCircuit: "OPEN", retryAfter: 10 });
    expect(await healthOf(first!)).toEqual({ circuit: "OPEN", providerCircuit: "OPEN", retryAfter: 10 });
  });

  test("is open again for everyone after the first success of any", async () => {
    crm.answerAll(WORKS);
    clock.move(halfOpenAfterMs);
    expect(await healthOf(fourth!)).toEqual({ circuit: "CLOSED", providerCircuit: "HALF_OPEN", retryAfter: null });
    expect(await codeOf(fourth!)).toBeNull();
    for (const one of [first, second, third, await user(await tenant())]) {
      expect(await codeOf(one!)).toBeNull();
      expect(await healthOf(one!)).toEqual({ circuit: "CLOSED", providerCircuit: "CLOSED", retryAfter: null });
    }
  });

  test("gets one probe at a time", async () => {
    clock.move(halfOpenAfterMs);
    let finish!: () => void;
    const arrived = new Promise<void>((resolve) =>
      crm.answerAll((response, request) => {
        finish = () => WORKS(response, request);
        resolve();
      }),
    );
    const askers = [fourth!, ...(await users(await tenant(), 5))].map((one) => codeOf(one));
    await arrived;
    // Another CRM is answered meanwhile, and the others still wait for the probe.
    expect(await server.data("{ providers { slug } }", { key: a.key })).toBeTruthy();
    expect(crm.calls).toBe(1);
    crm.answerAll(WORKS);
    finish();
    expect(await Promise.all(askers)).toEqual(askers.map(() => null));
  });
});

/** A small generator of pseudo-random numbers (mulberry32), so that a failed run can be repeated. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

test.each([1, 2, 3])("whatever one workspace tries, the other is never refused (seed %d)", async (seed) => {
  const random = randomOf(seed);
  const attackers = await users(a, 5);
  const others = await users(b, 2);
  await ground.endUser("typing", { workspace: a.workspace, environment: "live" });
  const oneOf = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;
  const answered = (answer: Answer) => async (one: User) => {
    crm.answer(one.token, answer);
    await Promise.all(Array.from({ length: 1 + random(failures + 1) }, () => ask(one)));
  };
  const attacks: ((one: User) => Promise<unknown>)[] = [
    answered(BROKEN),
    answered(DOWN),
    answered((response) => response.destroy()),
    answered(json(401, {})),
    answered(json(429, {}, { "retry-after": "60" })),
    answered(json(200, "not a list")),
    answered(WORKS),
    (one) => {
      crm.answer(one.token, silence);
      return ask(one, CONTACTS, { "x-crmesh-timeout-ms": "20" });
    },
    (one) => {
      crm.answer(one.token, silence);
      return leavingCaller(server, CONTACTS, { key: a.key, endUserId: one.name, provider: "hubspot" }).leave();
    },
    () => connect(a, "typing", UNSENDABLE),
    (one) => (crm.answer("pat-typed", BROKEN), connect(a, one.name, "pat-typed")),
    async () => clock.move(random(30_000)),
  ];
  const codes: (string | null)[] = [];
  for (let step = 1; step <= 40; step += 1) {
    await oneOf(attacks)(oneOf(attackers));
    codes.push(await codeOf(oneOf(others)));
  }
  expect(codes).toEqual(codes.map(() => null));
});
