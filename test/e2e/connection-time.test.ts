import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Config } from "../../src/config.js";
import { gated, type Gate } from "../support/gate.js";
import { Ground, type AnsweredError, type TestServer } from "../support/test-server.js";

/** Long enough for the other CRMs to answer and for a write to begin on a slow machine. */
const TIME_MS = 3_000;
const SETTING = { connectionTimeoutMs: TIME_MS } as const;
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const BOTH = `{
  hubspot: contacts(provider: "hubspot", first: 2) { nodes { fullName } }
  again: leads(provider: "hubspot", first: 2) { nodes { subject } }
  odoo: contacts(provider: "odoo", first: 2) { nodes { fullName } }
}`;

let ground: Ground;
let gates: ReadonlyMap<string, Gate>;
let gate: Gate;
let sandbox: Ground["sandbox"];
let connectionId: string;

beforeAll(async () => {
  ground = await Ground.open();
  ({ gates, sandbox } = await gated(ground.sandbox));
  gate = gates.get("hubspot")!;
});
afterAll(async () => {
  await ground.close();
  for (const one of gates.values()) await one.close();
});
beforeEach(() => gate.release());

async function serve(config: Partial<Config>): Promise<TestServer> {
  const server = await ground.serve({ config, sandbox });
  // Loads the cached definitions, so that only held requests take time.
  await server.data(BOTH);
  const { connections } = await server.data<{ connections: { id: string; provider: { slug: string } }[] }>(
    "{ connections { id provider { slug } } }",
  );
  connectionId = connections.find(({ provider }) => provider.slug === "hubspot")!.id;
  return server;
}

const facts = ({ path, extensions: { code, provider, connectionId: id, detail, http } }: AnsweredError) => ({
  ...{ path: path![0], code, provider, connectionId: id, detail, status: http.status },
});

/** Resolves when the time limit of one connection or operation is over. */
async function timeIsOver(server: TestServer): Promise<void> {
  const { body } = await server.query(CONTACTS, {
    provider: "hubspot",
    headers: { "x-sandbox-fault": "hubspot=TIMEOUT" },
  });
  expect(body.errors![0]!.extensions.code).toBe("PROVIDER_UNAVAILABLE");
}

describe("a CRM that hangs", () => {
  const over = (detail: string) => ({
    code: "PROVIDER_UNAVAILABLE",
    provider: "hubspot",
    connectionId,
    detail,
    status: 503,
  });

  test("delays only its own fields, and not beyond its time limit", async () => {
    const server = await serve(SETTING);
    void gate.hold();
    const { status, body } = await server.query<Record<string, unknown>>(BOTH);
    const detail = `The CRM connection took longer than the ${TIME_MS} ms that one operation may wait for it (CRMESH_CONNECTION_TIMEOUT_MS).`;
    expect(status).toBe(200);
    expect(body.errors!.map(facts)).toEqual([
      { path: "hubspot", ...over(detail) },
      { path: "again", ...over(detail) },
    ]);
    expect(body.data).toMatchObject({ hubspot: null, again: null, odoo: { nodes: [{}, {}] } });
  });

  test("is waited for shorter if the caller asks for less time", async () => {
    const server = await serve({ connectionTimeoutMs: 600_000 });
    void gate.hold();
    const { body } = await server.query(CONTACTS, { provider: "hubspot", headers: { "x-crmesh-timeout-ms": "250" } });
    expect(body.errors!.map(facts)).toEqual([
      {
        path: "contacts",
        ...over(
          "The CRM connection took longer than the 250 ms that one operation may wait for it (header X-Crmesh-Timeout-Ms; at most CRMESH_CONNECTION_TIMEOUT_MS).",
        ),
      },
    ]);
  });

  test("is never waited for longer than the operator's limit", async () => {
    const server = await serve({ connectionTimeoutMs: 500 });
    void gate.hold();
    const headers = { "x-crmesh-timeout-ms": "99999999999999999999" };
    const { body } = await server.query(CONTACTS, { provider: "hubspot", headers });
    expect(body.errors![0]!.extensions.detail).toContain("500 ms");
  });

  test("delays queued calls no longer than its time limit, and never sends them", async () => {
    const server = await serve({ connectionTimeoutMs: 600_000 });
    void gate.hold();
    const before = gate.requests.length;
    const fields = Array.from({ length: 14 }, (_, at) => `c${at}: contacts(first: ${at + 1}) { nodes { fullName } }`);
    const headers = { "x-crmesh-timeout-ms": String(TIME_MS) };
    const { body } = await server.query(`{ ${fields.join(" ")} }`, { provider: "hubspot", headers });
    expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual(fields.map(() => "PROVIDER_UNAVAILABLE"));
    gate.release();
    await server.data(CONTACTS, { provider: "hubspot" });
    // At most ten concurrent requests and the one after them.
    expect(gate.requests.length - before).toBeLessThanOrEqual(11);
  });

  test.each(["0", "-5", "1.5", "1e3", "soon", "", "3000, 4000"])("the header is refused with “%s”", async (value) => {
    const server = await serve({});
    const { status, body } = await server.query(CONTACTS, { headers: { "x-crmesh-timeout-ms": value } });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { "X-Crmesh-Timeout-Ms": "Expected a whole number of milliseconds, at least 1." },
    });
  });
});

describe("a write", () => {
  async function contactsOf(server: TestServer, count: number): Promise<string[]> {
    const { contacts } = await server.data<{ contacts: { nodes: { id: string }[] } }>(
      `{ contacts(provider: "hubspot", first: ${count}) { nodes { id } } }`,
    );
    return contacts.nodes.map(({ id }) => id);
  }
  async function meeting(server: TestServer): Promise<string> {
    const { createMeeting } = await server.data<{ createMeeting: { id: string } }>(
      'mutation { createMeeting(provider: "hubspot", input: { title: "Before", startAt: "2026-06-01T10:00:00Z", endAt: "2026-06-01T11:00:00Z" }) { id } }',
    );
    return createMeeting.id;
  }
  const isPatch = ({ method }: { method: string }) => method === "PATCH";
  const update = (id: string, contactId: string, selection: string) =>
    `mutation { updateMeeting(id: "${id}", input: { title: "After", contactIds: ["${contactId}"] }) { ${selection} } }`;

  test.each<[string, Partial<Config>]>([
    ["its connection’s time", SETTING],
    ["its operation’s deadline", { connectionTimeoutMs: 600_000, requestTimeoutMs: TIME_MS }],
  ])("that has begun is completed beyond %s", async (_time, config) => {
    const server = await serve(config);
    const [contactId] = await contactsOf(server, 1);
    const id = await meeting(server);
    const held = gate.hold(isPatch);
    const running = server.query(update(id, contactId!, "id"));
    await held;
    await timeIsOver(server);
    gate.release();
    const { body } = await running;
    expect([body.errors, body.data]).toEqual([undefined, { updateMeeting: { id } }]);
    const { meeting: read } = await server.data<{ meeting: object }>(
      `{ meeting(id: "${id}") { title contacts { id } } }`,
    );
    expect(read).toEqual({ title: "After", contacts: [{ id: contactId }] });
  });

  test("that is done has the outcome COMPLETED if no time is left to read it back", async () => {
    const server = await serve(SETTING);
    const [contactId] = await contactsOf(server, 1);
    const id = await meeting(server);
    const held = gate.hold(isPatch);
    // HubSpot's answer to an update holds what was written, so that another field has to be read.
    const running = server.query(update(id, contactId!, "startAt"));
    await held;
    await timeIsOver(server);
    gate.release();
    const { body } = await running;
    expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", outcome: "COMPLETED", id });
  });

  test("that has sent nothing is cut off with the outcome NOT_SENT", async () => {
    const server = await serve(SETTING);
    const [contactId] = await contactsOf(server, 1);
    // The HubSpot adapter reads a contact before it deletes it.
    const held = gate.hold(({ method }) => method === "GET");
    const { body } = await server.query(`mutation { deleteContact(id: "${contactId}") { id } }`);
    await held;
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      outcome: "NOT_SENT",
      provider: "hubspot",
      connectionId,
    });
    gate.release();
    await server.data(CONTACTS, { provider: "hubspot" });
    expect(gate.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test("has the full time, whatever the write before it took", async () => {
    const server = await serve(SETTING);
    const [first, second] = await contactsOf(server, 2);
    const held = gate.hold(isPatch);
    const running = server.query(`mutation {
      a: updateContact(id: "${first}", input: { title: "First" }) { id }
      b: updateContact(id: "${second}", input: { title: "Second" }) { title firstName }
    }`);
    await held;
    await timeIsOver(server);
    gate.release();
    const { body } = await running;
    // The first write has no time left to read its record back.
    expect(body.errors!.map(({ path, extensions }) => [path![0], extensions.outcome])).toEqual([["a", "COMPLETED"]]);
    expect(body.data).toMatchObject({ a: null, b: { title: "Second" } });
  });
});
