import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import type { ResourceName } from "../../src/providers/contract/model.js";
import { eventually } from "../support/eventually.js";
import { MovedClock } from "../support/moved-clock.js";
import { Ground, type Answer, type AnsweredError, type TestServer } from "../support/test-server.js";
import { passTimeouts } from "../support/time-outs.js";

const FAN_OUT = `{
  connections {
    provider { slug }
    contacts(first: 2) { nodes { fullName } }
    leads(first: 2) { nodes { subject } }
    meetings(first: 2) { nodes { title } }
  }
}`;
const RESOURCES = ["contacts", "leads", "meetings"] as const;
const SLUGS = providers.all.map(({ slug }) => slug);

/** Longer than any answer takes on a slow machine. No test waits for it. */
const TIMEOUT_MS = 600_000;

interface Page {
  nodes: unknown[];
}
interface FanOut {
  connections: { provider: { slug: string }; contacts: Page | null; leads: Page | null; meetings: Page | null }[];
}

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open({ slowMs: 50 });
  server = await ground.serve({
    config: { upstreamTimeoutMs: TIMEOUT_MS, connectionTimeoutMs: TIMEOUT_MS, requestTimeoutMs: TIMEOUT_MS },
  });
});
afterAll(() => ground.close());

/** Lists the pages that were answered, and the error code of each failed field. */
function summary({ connections }: FanOut, errors: AnsweredError[] = []) {
  const slugOf = (path: AnsweredError["path"]) => `${connections[Number(path![1])]!.provider.slug}.${String(path![2])}`;
  return {
    answered: connections.flatMap(({ provider, ...pages }) =>
      RESOURCES.filter((resource) => pages[resource]?.nodes.length === 2).map((name) => `${provider.slug}.${name}`),
    ),
    failed: Object.fromEntries(errors.map(({ path, extensions }) => [slugOf(path), extensions.code])),
  };
}

const hasResource = (slug: string, resource: string) =>
  providers.get(slug).resources[resource.slice(0, -1) as ResourceName] !== undefined;
const all = (...slugs: string[]) =>
  slugs.flatMap((slug) => RESOURCES.filter((one) => hasResource(slug, one)).map((one) => `${slug}.${one}`));
/** Unsupported resources, which always fail alone. */
const unsupported = (...slugs: string[]) =>
  Object.fromEntries(
    slugs.flatMap((slug) =>
      RESOURCES.filter((one) => !hasResource(slug, one)).map((one) => [`${slug}.${one}`, "UNSUPPORTED_RESOURCE"]),
    ),
  );

/** Sends a query that gets no answers. Its time-outs pass once `ready` returns true. */
function unanswered<Data>(send: () => Promise<Answer<Data>>, ready: () => Promise<boolean>): Promise<Answer<Data>> {
  return passTimeouts(TIMEOUT_MS, async (pass) => {
    let open = true;
    const answer = send().finally(() => (open = false));
    await eventually(async () => (await ready()) || undefined);
    while (open) {
      pass();
      await turn();
    }
    return answer;
  });
}

/** Runs the fan-out while one CRM does not answer. The calls to the other CRMs do not time out. */
async function fanOutWithout(slug: string, key: string): Promise<Answer<FanOut>> {
  // The first query loads the cached definitions. After it, every fan-out takes the same calls.
  await server.query<FanOut>(FAN_OUT, { key });
  const { calls } = await server.traced<FanOut>(FAN_OUT, { key });
  const ofOthers = calls.filter(({ provider }) => provider !== slug).length;
  const before = server.logs.length;
  const headers = { "x-sandbox-fault": `${slug}=TIMEOUT` };
  return unanswered(
    () => server.query<FanOut>(FAN_OUT, { key, headers }),
    async () => callsIn(server.logs.slice(before)).filter((provider) => provider !== slug).length >= ofOthers,
  );
}

/** The providers of the logged calls. */
function callsIn(logs: readonly string[]): string[] {
  return logs
    .map((line) => JSON.parse(line) as { msg: string; call?: { provider: string } })
    .flatMap(({ msg, call }) => (msg === "Upstream call" ? [call!.provider] : []));
}

test("one query reads the resources of all CRMs", async () => {
  const { status, body } = await server.query<FanOut>(FAN_OUT);
  expect(status).toBe(200);
  expect(summary(body.data!, body.errors)).toEqual({ answered: all(...SLUGS), failed: unsupported(...SLUGS) });
});

describe.each(SLUGS)("when %s fails", (slug) => {
  const others = SLUGS.filter((other) => other !== slug);

  test.each([
    ["PROVIDER_ERROR", "PROVIDER_ERROR"],
    ["PROVIDER_RATE_LIMITED", "PROVIDER_RATE_LIMITED"],
    ["PROVIDER_UNAVAILABLE", "PROVIDER_UNAVAILABLE"],
    ["PROVIDER_AUTH_FAILED", "PROVIDER_AUTH_FAILED"],
    ["NEEDS_REAUTH", "NEEDS_REAUTH"],
    ["TIMEOUT", "PROVIDER_UNAVAILABLE"],
    ["TRUNCATED", "PROVIDER_UNAVAILABLE"],
  ])("with %s, only its own fields fail", async (fault, usual) => {
    // A refused token without a refresh token is PROVIDER_AUTH_FAILED.
    const code =
      fault === "NEEDS_REAUTH" && providers.get(slug).oauth?.refreshes === false ? "PROVIDER_AUTH_FAILED" : usual;
    // In its own workspace, so that no circuit outlives the test.
    const workspace = `fan-${slug}-${fault}`;
    const key = await ground.key({ workspace });
    await ground.connectAll("demo", { workspace });
    const headers = { "x-sandbox-fault": `${slug}=${fault}` };
    const { status, body } =
      fault === "TIMEOUT" ? await fanOutWithout(slug, key) : await server.query<FanOut>(FAN_OUT, { key, headers });
    expect(status).toBe(200);
    expect(summary(body.data!, body.errors)).toEqual({
      answered: all(...others),
      failed: { ...unsupported(...SLUGS), ...Object.fromEntries(all(slug).map((name) => [name, code])) },
    });
    for (const { extensions } of body.errors!) {
      if (extensions.code !== "UNSUPPORTED_RESOURCE") expect(extensions.provider).toBe(slug);
    }

    // An injected fault has no later effect.
    const after = await server.query<FanOut>(FAN_OUT, { key });
    expect(summary(after.body.data!, after.body.errors).failed).toEqual(unsupported(...SLUGS));
  });
});

test.each(["SLOW", "SLOW_BODY", "UNAVAILABLE_BURST"])("%s delays an answer but does not fail it", async (fault) => {
  const headers = { "x-sandbox-fault": SLUGS.map((slug) => `${slug}=${fault}`).join(", ") };
  const { body } = await server.query<FanOut>(
    `{ connections { provider { slug } contacts(first: 2) { nodes { fullName } } } }`,
    { headers },
  );
  const contacts = SLUGS.map((slug) => `${slug}.contacts`);
  expect(summary(body.data!, body.errors)).toEqual({ answered: contacts, failed: {} });
});

test("several CRMs fail at once, each with its own code", async () => {
  const headers = { "x-sandbox-fault": "hubspot=PROVIDER_AUTH_FAILED, odoo=PROVIDER_RATE_LIMITED" };
  const { body } = await server.query<FanOut>(
    "{ connections { provider { slug } contacts(first: 2) { nodes { id } } } }",
    {
      headers,
    },
  );
  expect(summary(body.data!, body.errors).failed).toEqual({
    "hubspot.contacts": "PROVIDER_AUTH_FAILED",
    "odoo.contacts": "PROVIDER_RATE_LIMITED",
  });
});

describe("a CRM that stays down", () => {
  const DOWN = { "x-sandbox-fault": "hubspot=PROVIDER_UNAVAILABLE", "x-crmesh-trace": "calls" };
  const TRACED = { "x-crmesh-trace": "calls" };
  const CONTACTS = "{ connections { provider { slug } contacts(first: 2) { nodes { fullName } } } }";
  let key: string;
  let clock: MovedClock;
  let server: TestServer;

  beforeAll(async () => {
    key = await ground.key({ workspace: "down" });
    await ground.connectAll("demo", { workspace: "down" });
    clock = new MovedClock();
    server = await ground.serve({ clock });
  });

  const ask = (headers: Record<string, string>) => server.query<FanOut>(CONTACTS, { key, headers });
  const others = { answered: SLUGS.filter((slug) => slug !== "hubspot").map((slug) => `${slug}.contacts`) };

  test("opens its circuit after five failures, and other CRMs still answer in the same query", async () => {
    for (let failure = 1; failure <= 5; failure += 1) {
      const { body } = await ask(DOWN);
      expect(summary(body.data!, body.errors)).toMatchObject({
        ...others,
        failed: { "hubspot.contacts": "PROVIDER_UNAVAILABLE" },
      });
    }
    const { status, body } = await ask(TRACED);
    expect(status).toBe(200);
    expect(summary(body.data!, body.errors)).toMatchObject({
      ...others,
      failed: { "hubspot.contacts": "CIRCUIT_OPEN" },
    });
    expect(body.errors![0]!.extensions).toMatchObject({
      provider: "hubspot",
      retryAfter: 10,
      http: { status: 503, headers: { "retry-after": "10" } },
    });
    expect(body.extensions!.calls!.map(({ provider }) => provider).sort()).toEqual(
      expect.not.arrayContaining(["hubspot"]),
    );
  });

  test("has the remaining time in retryAfter", async () => {
    clock.move(7_200);
    const { body } = await ask(TRACED);
    expect(body.errors![0]!.extensions).toMatchObject({ code: "CIRCUIT_OPEN", retryAfter: 3 });
  });

  test("is probed after that time; a failed probe doubles the wait", async () => {
    clock.move(2_800);
    const { body } = await ask(DOWN);
    expect(body.errors![0]!.extensions.code).toBe("PROVIDER_UNAVAILABLE");
    expect(body.extensions!.calls!.filter(({ provider }) => provider === "hubspot").length).toBeGreaterThan(0);
    const after = await ask(TRACED);
    expect(after.body.errors![0]!.extensions).toMatchObject({ code: "CIRCUIT_OPEN", retryAfter: 20 });
  });

  test("does not affect another workspace", async () => {
    const { body } = await server.query<FanOut>(CONTACTS);
    expect(summary(body.data!, body.errors).failed).toEqual({});
  });

  test("recovers without intervention", async () => {
    clock.move(20_000);
    const recovered = await ask(TRACED);
    expect(summary(recovered.body.data!, recovered.body.errors).failed).toEqual({});
    const again = await ask(TRACED);
    expect(summary(again.body.data!, again.body.errors).failed).toEqual({});
  });

  test.each(["PROVIDER_RATE_LIMITED", "PROVIDER_AUTH_FAILED", "NEEDS_REAUTH"])(
    "%s never opens a circuit",
    async (fault) => {
      for (let time = 1; time <= 6; time += 1) await ask({ "x-sandbox-fault": `hubspot=${fault}` });
      const { body } = await ask(TRACED);
      expect(summary(body.data!, body.errors).failed).toEqual({});
    },
  );
});

test("a write without an answer has the outcome UNKNOWN and is not repeated", async () => {
  const found = async () => {
    const document = '{ contacts(provider: "hubspot", filter: { email: "maybe@example.com" }) { nodes { id } } }';
    return (await server.data<{ contacts: Page }>(document)).contacts.nodes;
  };
  const { status, body } = await unanswered(
    () =>
      server.query(
        'mutation { createContact(provider: "hubspot", input: { lastName: "Maybe", emails: [{ address: "maybe@example.com" }] }) { id } }',
        { headers: { "x-sandbox-fault": "hubspot=TIMEOUT", "x-crmesh-trace": "calls" } },
      ),
    async () => (await found()).length > 0,
  );
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({
    code: "PROVIDER_UNAVAILABLE",
    outcome: "UNKNOWN",
    retryable: false,
  });
  expect(body.extensions!.calls!.filter(({ method }) => method === "POST")).toHaveLength(1);
  expect(await found()).toHaveLength(1);
});
