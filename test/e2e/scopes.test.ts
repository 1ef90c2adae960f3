import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SCOPES, type Scope } from "../../src/connections/access/principal.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
const ids: Record<string, string> = {};
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  const data = await server.data<{
    connections: { id: string }[];
    contacts: { nodes: { id: string }[] };
    leads: { nodes: { id: string }[] };
    meetings: { nodes: { id: string; contacts: { id: string }[] }[] };
  }>(
    `{ connections { id } contacts(first: 1) { nodes { id } } leads(first: 1) { nodes { id } }
       meetings(first: 1) { nodes { id contacts { id } } } }`,
    { provider: "hubspot" },
  );
  ids["connection"] = data.connections[0]!.id;
  ids["contact"] = data.contacts.nodes[0]!.id;
  ids["lead"] = data.leads.nodes[0]!.id;
  ids["meeting"] = data.meetings.nodes[0]!.id;
});
afterAll(() => ground.close());

/** Fields that need each scope; `$contact` and the like are replaced by ids. */
const NEEDING: Record<Scope, string[]> = {
  "contacts:read": [
    "{ contact(id: $contact) { id } }",
    "{ contacts { nodes { id } } }",
    "{ node(id: $contact) { id } }",
    "{ nodes(ids: [$contact]) { id } }",
    "{ connections { contacts(first: 1) { nodes { id } } } }",
    "{ lead(id: $lead) { contact { id } } }",
    "{ lead(id: $lead) { convertedContact { id } } }",
    "{ meeting(id: $meeting) { contacts { id } } }",
    "{ meeting(id: $meeting) { attendees { contact { id } } } }",
  ],
  "contacts:write": [
    'mutation { createContact(input: { lastName: "x" }) { id } }',
    'mutation { updateContact(id: $contact, input: { lastName: "x" }) { id } }',
    "mutation { deleteContact(id: $contact) { id } }",
  ],
  "leads:read": [
    "{ lead(id: $lead) { id } }",
    "{ leads { nodes { id } } }",
    "{ node(id: $lead) { id } }",
    "{ connections { leads(first: 1) { nodes { id } } } }",
    "{ contact(id: $contact) { leads { nodes { id } } } }",
    "{ meeting(id: $meeting) { leads { id } } }",
  ],
  "leads:write": [
    'mutation { createLead(input: { subject: "x", contactId: $contact }) { id } }',
    'mutation { updateLead(id: $lead, input: { subject: "x" }) { id } }',
    "mutation { deleteLead(id: $lead) { id } }",
  ],
  "meetings:read": [
    "{ meeting(id: $meeting) { id } }",
    "{ meetings { nodes { id } } }",
    "{ node(id: $meeting) { id } }",
    "{ connections { meetings(first: 1) { nodes { id } } } }",
    "{ contact(id: $contact) { meetings { nodes { id } } } }",
  ],
  "meetings:write": [
    'mutation { createMeeting(input: { startAt: "2026-01-01T00:00:00Z" }) { id } }',
    'mutation { updateMeeting(id: $meeting, input: { title: "x" }) { id } }',
    "mutation { deleteMeeting(id: $meeting) { id } }",
  ],
  "connections:read": [
    "{ connections { id } }",
    "{ connection(id: $connection) { id } }",
    "{ node(id: $connection) { id } }",
    '{ endUser(id: "demo") { connections { id } } }',
    "{ connectionEvents { nodes { id } } }",
    "{ connectionEvents(connectionId: $connection) { edges { node { type } } } }",
  ],
  "connections:write": [
    'mutation { createConnection(input: { endUserId: "demo", provider: "hubspot", credentials: {} }) { id } }',
    "mutation { deleteConnection(id: $connection) { id } }",
    'mutation { createConnectToken(input: { endUserId: "demo" }) { token } }',
    "mutation { reconnectConnection(id: $connection) { url } }",
  ],
  "endusers:read": ['{ endUser(id: "demo") { id } }', "{ connection(id: $connection) { endUser { id } } }"],
  "endusers:write": ['mutation { upsertEndUser(input: { id: "x" }) { id } }'],
  "raw:read": [
    "{ contact(id: $contact) { raw } }",
    "{ leads(first: 1) { nodes { raw } } }",
    "{ meeting(id: $meeting) { raw } }",
  ],
};

const withIds = (document: string) => document.replaceAll(/\$(\w+)/g, (_, name: string) => JSON.stringify(ids[name]));

describe.each(SCOPES)("without %s", (scope) => {
  let key: string;
  beforeAll(async () => {
    key = await ground.key({ scopes: SCOPES.filter((other) => other !== scope) });
  });

  test.each(NEEDING[scope])("%s is FORBIDDEN", async (document) => {
    const { body } = await server.query(withIds(document), { key, provider: "hubspot" });
    const codes = new Set(body.errors?.map(({ extensions }) => extensions.code));
    expect([...codes]).toEqual(["FORBIDDEN"]);
    expect(body.errors![0]!.extensions).toMatchObject({
      detail: expect.stringContaining(scope),
      http: { status: 403 },
    });
  });
});

test("raw needs the scope raw:read", async () => {
  const { contact } = await server.data<{ contact: { raw: Record<string, unknown> } }>(
    withIds("{ contact(id: $contact) { fullName raw } }"),
  );
  expect(JSON.stringify(contact.raw)).toMatch(/firstname/);
});

describe("a key that may only write", () => {
  let key: string;
  beforeAll(async () => {
    key = await ground.key({ scopes: ["contacts:write"] });
  });

  test("gets ids of written records", async () => {
    const { body } = await server.query('mutation { createContact(input: { lastName: "Blind" }) { id nativeId } }', {
      key,
      provider: "hubspot",
    });
    expect(body).toEqual({
      data: { createContact: { id: expect.any(String), nativeId: expect.any(String) } },
      extensions: { http: { status: 201 } },
    });
  });

  test.each([
    'mutation { createContact(input: { lastName: "Peek" }) { id fullName } }',
    'mutation { updateContact(id: $contact, input: { title: "Peek" }) { emails { address } } }',
  ])("cannot read through %s, and nothing is written", async (document) => {
    const { body } = await server.query(withIds(document), {
      key,
      provider: "hubspot",
      headers: { "x-crmesh-trace": "calls" },
    });
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "FORBIDDEN",
      detail: expect.stringContaining("contacts:read"),
    });
    expect(body.extensions!.calls).toEqual([]);
  });
});

test("Connect links need only connections:write, although they create the end user", async () => {
  const key = await ground.key({ scopes: ["connections:write"] });
  const { body } = await server.query(
    withIds(`mutation {
      createConnectToken(input: { endUserId: "linked", displayName: "Linda", email: "linda@example.com" }) { token }
      reconnectConnection(id: $connection) { url }
    }`),
    { key },
  );
  expect(body.errors).toBeUndefined();
  const { endUser } = await server.data<Record<string, unknown>>('{ endUser(id: "linked") { displayName email } }');
  expect(endUser).toEqual({ displayName: "Linda", email: "linda@example.com" });
});

test("fields without a scope are open to every key", async () => {
  const key = await ground.key({ scopes: [] });
  const { body } = await server.query("{ providers { slug configured } errorCodes { code } }", { key });
  expect(body.errors).toBeUndefined();
});
