import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

const codes = (errors: { extensions: { code: string } }[] | undefined) =>
  (errors ?? []).map(({ extensions }) => extensions.code).sort();

const TWO = `{
  hubspot: contacts(provider: "hubspot", first: 1) { nodes { id } }
  salesforce: contacts(provider: "salesforce", first: 1) { nodes { id } }
}`;

describe("the status of a whole answer", () => {
  test("200 while any data survives", async () => {
    const { status, headers, body } = await server.query(TWO, {
      headers: { "x-sandbox-fault": "hubspot=PROVIDER_RATE_LIMITED" },
    });
    expect(status).toBe(200);
    expect(headers.get("retry-after")).toBeNull();
    expect(body.data).toMatchObject({ hubspot: null, salesforce: { nodes: [{}] } });
    expect(body.errors).toMatchObject([
      { path: ["hubspot"], extensions: { http: { status: 429, headers: { "retry-after": "10" } } } },
    ]);
  });

  test("the highest status if no data survives, with the longest Retry-After", async () => {
    const { status, headers, body } = await server.query(TWO, {
      headers: { "x-sandbox-fault": "hubspot=PROVIDER_ERROR, salesforce=PROVIDER_RATE_LIMITED" },
    });
    expect(codes(body.errors)).toEqual(["PROVIDER_ERROR", "PROVIDER_RATE_LIMITED"]);
    expect(status).toBe(502);
    const wait = body.errors!.find(({ extensions }) => extensions.code === "PROVIDER_RATE_LIMITED")!.extensions
      .retryAfter;
    expect(wait).toBeGreaterThan(0);
    expect(headers.get("retry-after")).toBe(String(wait));
  });

  test("the longest of several Retry-After values", async () => {
    const { status, headers, body } = await server.query(TWO, {
      headers: { "x-sandbox-fault": "hubspot=PROVIDER_RATE_LIMITED, salesforce=PROVIDER_RATE_LIMITED" },
    });
    expect(status).toBe(429);
    const waits = body.errors!.map(({ extensions }) => extensions.retryAfter!);
    expect(new Set(waits).size).toBe(2);
    expect(headers.get("retry-after")).toBe(String(Math.max(...waits)));
  });

  test("__typename alone does not count as data", async () => {
    const { status } = await server.query('{ __typename contact(id: "1", provider: "hubspot") { id fullName } }');
    expect(status).toBe(404);
  });

  test("404 if errors have 400 and 404", async () => {
    const { status, body } = await server.query(
      '{ a: contact(id: "1", provider: "hubspot") { fullName } b: contacts(provider: "hubspot", first: 0) { nodes { id } } }',
    );
    expect(codes(body.errors)).toEqual(["CONTACT_NOT_FOUND", "INVALID_INPUT"]);
    expect(status).toBe(404);
  });

  test("400 if all nodes have malformed ids", async () => {
    const { status, body } = await server.query('{ nodes(ids: ["nonsense"]) { id } }');
    expect(body.data).toEqual({ nodes: [null] });
    expect(status).toBe(400);
  });

  test("200 if one of the nodes exists", async () => {
    const first = await server.data<{ contacts: { nodes: { id: string }[] } }>(
      "{ contacts(first: 1) { nodes { id } } }",
      {
        provider: "hubspot",
      },
    );
    const { status, body } = await server.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {
      variables: { ids: [first.contacts.nodes[0]!.id, "nonsense"] },
    });
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([{ path: ["nodes", 1], extensions: { code: "INVALID_INPUT" } }]);
  });
});

describe("the hint of a create", () => {
  test("201 when it succeeds, with status 200", async () => {
    const { status, body } = await server.query(
      'mutation { createContact(input: { firstName: "Hint", lastName: "Giver" }) { id } }',
      { provider: "salesforce" },
    );
    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
    expect(body.extensions).toEqual({ http: { status: 201 } });
  });

  test("no hint after a failed create, another write or a read", async () => {
    const failed = await server.query('mutation { createContact(input: { firstName: "No" }) { id } }', {
      provider: "salesforce",
    });
    expect(failed.body.extensions).toBeUndefined();
    const upserted = await server.query('mutation { upsertEndUser(input: { endUserId: "hint" }) { id } }');
    expect(upserted.body.extensions).toBeUndefined();
    const read = await server.query("{ providers { slug } }");
    expect(read.body).toEqual({ data: { providers: expect.anything() } });
  });
});
