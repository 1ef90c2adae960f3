import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { linesFrom } from "../support/log-lines.js";
import { eventually } from "../support/eventually.js";
import { gated, type Gate, type GatedRequest } from "../support/gate.js";
import { leavingCaller } from "../support/leaving-caller.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let gates: ReadonlyMap<string, Gate>;
let sandbox: Ground["sandbox"];
let server: TestServer;

beforeAll(async () => {
  ground = await Ground.open();
  ({ gates, sandbox } = await gated(ground.sandbox));
});
afterAll(async () => {
  await ground.close();
  for (const gate of gates.values()) await gate.close();
});
/** A server with empty caches. */
beforeEach(async () => {
  server = await ground.serve({ sandbox });
});

/** The request that reads the custom fields of each CRM. */
const DEFINITIONS: [slug: string, isMeant: (request: GatedRequest) => boolean][] = [
  ["hubspot", ({ url }) => url.includes("/properties/")],
  ["salesforce", ({ url }) => url.includes("/describe")],
  ["odoo", ({ body }) => body.includes("fields_get")],
  ["pipedrive", ({ url }) => url.includes("/personFields")],
  ["zoho", ({ url }) => url.includes("/settings/fields")],
  ["dynamics365", ({ url }) => url.includes("EntityDefinitions")],
  ["close", ({ url }) => url.includes("/custom_field_schema/")],
  ["attio", ({ url }) => url.includes("/attributes")],
  ["espocrm", ({ url }) => url.includes("/Metadata")],
  ["twenty", ({ url }) => url.includes("/metadata/objects")],
];
const CUSTOM = "{ contacts(first: 1) { nodes { fullName customFields { key } } } }";

describe("a load that several callers share", () => {
  test.each(DEFINITIONS)("continues at %s if the caller that began it hangs up", async (provider, isMeant) => {
    const gate = gates.get(provider)!;
    const before = gate.requests.filter(isMeant).length;
    const held = gate.hold(isMeant);
    const first = leavingCaller(server, CUSTOM, { provider });
    await held;
    const others = [1, 2, 3].map(() => server.query(CUSTOM, { provider }));
    await first.leave();
    gate.release();
    for (const { body } of await Promise.all(others)) expect(body.errors).toBeUndefined();
    // Some CRMs need several requests. The held request is sent once.
    const asked = gate.requests.filter(isMeant).slice(before);
    expect(asked.filter(({ url, body }) => url === asked[0]!.url && body === asked[0]!.body)).toHaveLength(1);
  });

  test("ends only for the callers that hang up", async () => {
    const gate = gates.get("hubspot")!;
    const held = gate.hold(({ url }) => url.includes("/properties/"));
    const staying = server.query(CUSTOM, { provider: "hubspot" });
    const request = await held;
    await leavingCaller(server, CUSTOM, { provider: "hubspot" }).leave();
    let isClosed = false;
    void request.closed.then(() => (isClosed = true));
    expect(isClosed).toBe(false);
    gate.release();
    expect((await staying).body.errors).toBeUndefined();
  });

  test("is not shared under an injected fault", async () => {
    const gate = gates.get("hubspot")!;
    let isFirst = true;
    const held = gate.hold(({ url }) => url.includes("/properties/") && isFirst && !(isFirst = false));
    const headers = { "x-sandbox-fault": "hubspot=SLOW" };
    const faulted = leavingCaller(server, CUSTOM, { provider: "hubspot", headers });
    const request = await held;
    // The gate does not hold this request.
    expect((await server.query(CUSTOM, { provider: "hubspot" })).body.errors).toBeUndefined();
    await faulted.leave();
    await request.closed;
    gate.release();
  });

  test("ends at a stop of the server if nobody waits for it", async () => {
    const gate = gates.get("hubspot")!;
    const held = gate.hold(({ url }) => url.includes("/properties/"));
    const first = leavingCaller(server, CUSTOM, { provider: "hubspot" });
    const request = await held;
    await first.leave();
    await server.crmesh.close();
    await request.closed;
    gate.release();
  });
});

describe("a caller who hangs up", () => {
  const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
  const create = (name: string) =>
    `createContact(provider: "hubspot", input: { emails: [{ address: "${name}@example.com" }] }) { id fullName }`;
  const isCreate = ({ method, url }: GatedRequest) => method === "POST" && url === "/crm/objects/2026-09/contacts";
  let gate: Gate;
  beforeEach(() => void (gate = gates.get("hubspot")!));

  test("stops its reads, and is not logged as a failure", async () => {
    const held = gate.hold();
    const caller = leavingCaller(server, CONTACTS, { provider: "hubspot" });
    const request = await held;
    await caller.leave();
    await request.closed;
    const call = await eventually(() => server.logs.find((text) => text.includes('"Upstream call"')));
    expect((JSON.parse(call) as { call: object }).call).toMatchObject({ status: null, attempt: 1 });
    expect(linesFrom("error", server.logs)).toEqual([]);
    gate.release();
  });

  test("does not stop a write that has begun; later mutation fields do not begin", async () => {
    const before = gate.requests.filter(isCreate).length;
    const held = gate.hold(isCreate);
    const caller = leavingCaller(server, `mutation { a: ${create("begun")} b: ${create("unbegun")} }`);
    const request = await held;
    await caller.leave();
    let isClosed = false;
    void request.closed.then(() => (isClosed = true));
    expect(isClosed).toBe(false);
    gate.release();
    await eventually(async () => {
      const { contacts } = await server.data<{ contacts: { nodes: object[] } }>(
        '{ contacts(provider: "hubspot", filter: { email: "begun@example.com" }) { nodes { id } } }',
      );
      return contacts.nodes[0];
    });
    await server.data(CONTACTS, { provider: "hubspot" });
    expect(gate.requests.filter(isCreate)).toHaveLength(before + 1);
  });

  test("does not stop further steps of a write, and a stop of the server waits for them", async () => {
    const { contacts, createMeeting } = {
      ...(await server.data<{ contacts: { nodes: { id: string }[] } }>(
        '{ contacts(provider: "hubspot", first: 1) { nodes { id } } }',
      )),
      ...(await server.data<{ createMeeting: { id: string } }>(
        'mutation { createMeeting(provider: "hubspot", input: { title: "Before", startAt: "2026-06-01T10:00:00Z", endAt: "2026-06-01T11:00:00Z" }) { id } }',
      )),
    };
    const held = gate.hold(({ method }) => method === "PATCH");
    const caller = leavingCaller(
      server,
      `mutation { updateMeeting(id: "${createMeeting.id}", input: { title: "After", contactIds: ["${contacts.nodes[0]!.id}"] }) { title } }`,
    );
    await held;
    await caller.leave();
    const stopped = server.crmesh.close();
    gate.release();
    await stopped;
    expect(gate.requests.at(-1)!.url).toMatch(/\/batch\/associate\/default$/);
    const after = await ground.serve({ sandbox });
    const { meeting } = await after.data<{ meeting: object }>(
      `{ meeting(id: "${createMeeting.id}") { title contacts { id } } }`,
    );
    expect(meeting).toEqual({ title: "After", contacts: [{ id: contacts.nodes[0]!.id }] });
  });
});
