import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BOUNDS, DEFAULT_BOUNDS, type BoundName, type Bounds } from "../../src/graphql/operation/bounds.js";
import { logLine } from "../support/log-lines.js";
import { Ground, type Answer, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(" ");
const bounded = (bounds: Partial<Bounds>) => ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, ...bounds } } });

function expectRefusal({ status, body }: Answer<unknown>, name: BoundName, actual: number | null): void {
  expect(status).toBe(400);
  expect(body.data ?? null).toBeNull();
  expect(body.errors).toHaveLength(1);
  const { variable } = BOUNDS[name];
  expect(body.errors![0]!.extensions).toMatchObject({
    code: "INVALID_INPUT",
    errors: { query: expect.stringContaining(`(${variable})`) },
    bound: { name, limit: expect.any(Number), actual, variable },
  });
}

describe("a document beyond a bound is refused with the bound, its limit, the actual number and the setting", () => {
  test.each<[BoundName, string, number | null]>([
    ["tokens", `{ ${"a ".repeat(10_001)} }`, null],
    ["aliases", `{ ${times(301, (index) => `a${index}: __typename`)} }`, 301],
    ["directives", `{ __typename ${"@include(if: true) ".repeat(51)} }`, 51],
    ["visits", `{ ${"__typename ".repeat(500)} }`, null],
    ["depth", `{ a ${"{ a ".repeat(15)} ${"}".repeat(16)}`, 16],
    ["mutations", `mutation { ${times(101, (index) => `a${index}: deleteConnection(id: "con_x") { id }`)} }`, 101],
    [
      "records",
      '{ contacts(provider: "hubspot", first: 100) { nodes { meetings(first: 100) { nodes { id } } } } }',
      10_100,
    ],
  ])("%s", async (name, document, actual) => {
    expectRefusal(await server.query(document), name, actual);
  });

  test("a document exactly at the bound is accepted", async () => {
    const { status } = await server.query(`{ ${times(300, (index) => `a${index}: __typename`)} }`);
    expect(status).toBe(200);
    // An end user without connections: the bound counts levels, not records.
    await ground.endUser("alone");
    const pairs = times(6, () => "connections { endUser {");
    const { body } = await server.query(`{ endUser(endUserId: "alone") { ${pairs} connections { id ${"}".repeat(15)}`);
    expect(body.errors).toBeUndefined();
  });

  test("environment variables set the bounds", async () => {
    const small = await bounded({ depth: 2, aliases: 1 });
    expectRefusal(await small.query("{ a: __typename b: __typename }"), "aliases", 2);
    expectRefusal(await small.query("{ endUser(endUserId: 1) { connections { id } } }"), "depth", 3);
  });

  test("circular fragments are a GraphQL validation error", async () => {
    const circle =
      "{ ...A } fragment A on Query { endUser(endUserId: 1) { connections { endUser { ...B } } } } fragment B on EndUser { ...C } fragment C on EndUser { ...B }";
    const { status, body } = await server.query(circle);
    expect([status, body.errors![0]!.extensions.code]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
    expect(body.errors).toHaveLength(1);
  });

  test("many validation errors are reduced to a few short ones", async () => {
    const long = "x".repeat(5_000);
    const { status, text, body } = await server.query(
      `query ${long} { ${times(300, (index) => `a${index}: contact(id: $v${index}) { id }`)} }`,
    );
    expect(status).toBe(400);
    expect(body.errors!.length).toBeLessThanOrEqual(21);
    expect(text.length).toBeLessThan(40_000);
  });
});

describe("the size of an answer is bounded while it is built", () => {
  test("objects", async () => {
    const small = await bounded({ objects: 100 });
    const page = (first: number) =>
      `{ contacts(provider: "hubspot", first: ${first}) { nodes { id emails { address } } } }`;
    expect((await small.query(page(10))).status).toBe(200);
    expectRefusal(await small.query(page(80)), "objects", null);
  });

  test("objects of aliased lists inside a record", async () => {
    const small = await bounded({ objects: 2_000 });
    const aliases = times(200, (index) => `a${index}: emails { address }`);
    expectRefusal(
      await small.query(`{ contacts(provider: "hubspot", first: 50) { nodes { ${aliases} } } }`),
      "objects",
      null,
    );
  });

  test("fields", async () => {
    const small = await bounded({ fields: 1_000 });
    const page = (count: number) =>
      `{ contacts(provider: "hubspot", first: 20) { nodes { ${times(count, (index) => `a${index}: doNotContact`)} } } }`;
    expect((await small.query(page(5))).status).toBe(200);
    expectRefusal(await small.query(page(100)), "fields", null);
  });

  test("bytes of any values", async () => {
    const small = await bounded({ answerBytes: 20_000 });
    const key = await ground.key();
    const page = (fields: string) =>
      small.query(`{ contacts(provider: "hubspot", first: 20) { nodes { ${fields} } } }`, { key });
    expect((await page("id fullName")).status).toBe(200);
    for (const field of ["fullName", "raw", "customFields { value }", "websites", "createdAt", "doNotContact"]) {
      expectRefusal(await page(times(150, (index) => `a${index}: ${field}`)), "answerBytes", null);
    }
  });

  test("names of types", async () => {
    const small = await bounded({ answerBytes: 20_000 });
    const page = (count: number) =>
      small.query(
        `{ contacts(provider: "hubspot", first: 20) { nodes { ${times(count, (index) => `a${index}: __typename`)} } } }`,
      );
    expect((await page(5)).status).toBe(200);
    expectRefusal(await page(150), "answerBytes", null);
  });

  test("introspection", async () => {
    const small = await bounded({ objects: 300 });
    expectRefusal(await small.query("{ __schema { types { fields { type { ofType { name } } } } } }"), "objects", null);
    expect((await server.query("{ __schema { types { name fields { name } } } }")).status).toBe(200);
  });

  test("a mutation field beyond a bound is sent once, and later fields do not begin", async () => {
    const small = await bounded({ objects: 40 });
    const create = (alias: string, more = "") =>
      `${alias}: createContact(provider: "hubspot", input: { emails: [{ address: "${alias}.bounds@example.com" }], lastName: "Bound" }) { id ${more} }`;
    const emails = times(60, (index) => `e${index}: emails { address }`);
    const { body, status } = await small.query<Record<string, { id: string } | null>>(
      `mutation { ${create("first", emails)} ${create("second")} }`,
      { headers: { "x-crmesh-trace": "calls" } },
    );
    expect(status).toBe(200);
    const stopped = body.errors!.find(({ path }) => path?.[0] === "second")!;
    expect(stopped.extensions).toMatchObject({
      code: "INVALID_INPUT",
      outcome: "NOT_SENT",
      bound: { name: "objects" },
    });
    expect(
      body.extensions!.calls!.filter(({ method, path }) => method === "POST" && /contacts$/.test(path)),
    ).toHaveLength(1);
  });
});

describe("variables", () => {
  const create = 'mutation ($input: ContactInput!) { createContact(provider: "hubspot", input: $input) { id } }';

  test("too many variable values are refused before they are validated", async () => {
    const customFields = Array.from({ length: 10_000 }, (_, index) => ({ key: `k${index}`, value: index }));
    expectRefusal(await server.query(create, { variables: { input: { customFields } } }), "inputValues", null);
  });

  test("a variable counts once per use", async () => {
    const tags = Array.from({ length: 1_000 }, (_, index) => `t${index}`);
    const creates = (count: number) =>
      `mutation ($input: ContactInput!) { ${times(count, (index) => `c${index}: createContact(provider: "no such", input: $input) { id }`)} }`;
    expectRefusal(await server.query(creates(11), { variables: { input: { tags } } }), "inputValues", null);
    const { body } = await server.query(creates(2), { variables: { input: { tags } } });
    expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual(["PROVIDER_NOT_FOUND", "PROVIDER_NOT_FOUND"]);
  });

  test("the first 20 wrong variables are reported", async () => {
    const emails = Array.from({ length: 2_000 }, () => ({ adress: "secretword" }));
    const { status, body, text } = await server.query(create, { variables: { input: { emails } } });
    expect(status).toBe(400);
    expect(Object.keys(body.errors![0]!.extensions.errors!)).toHaveLength(20);
    expect(text).not.toContain("secretword");
  });

  test("a lone surrogate is refused by its path, before any call", async () => {
    const list =
      'query ($filter: ContactFilter, $id: ID!) { contacts(provider: "hubspot", filter: $filter) { nodes { id } } contact(id: $id, provider: "odoo") { id } }';
    const { status, body } = await server.query(list, {
      variables: { filter: { name: "\ud800" }, id: "a\udc00b" },
      headers: { "x-crmesh-trace": "calls" },
    });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { "filter.name": expect.any(String), id: expect.any(String) },
    });
    expect(body.extensions?.calls ?? []).toEqual([]);
  });
});

describe("errors of callers", () => {
  const post = (body: unknown) => ({
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer sk_test_demo", "x-end-user-id": "demo" },
    body: JSON.stringify(body),
  });
  const sha256Hash = "0".repeat(64);

  test.each<[string, Record<string, unknown>, string]>([
    ["a subscription", { query: "subscription { contactChanged { id } }" }, "GRAPHQL_VALIDATION_FAILED INVALID_INPUT"],
    [
      "a wrong hash",
      { query: "{ __typename }", extensions: { persistedQuery: { version: 1, sha256Hash } } },
      "INVALID_INPUT",
    ],
    [
      "another version",
      { query: "{ __typename }", extensions: { persistedQuery: { version: 2, sha256Hash } } },
      "INVALID_INPUT",
    ],
    ["no version", { extensions: { persistedQuery: "yes" } }, "INVALID_INPUT"],
    ["an unknown hash", { extensions: { persistedQuery: { version: 1, sha256Hash } } }, "PERSISTED_QUERY_NOT_FOUND"],
    [
      "a condition that is null",
      { query: "query ($x: Boolean = true) { providers @include(if: $x) { slug } }", variables: { x: null } },
      "INVALID_INPUT",
    ],
    [
      "an argument that is null",
      { query: 'query ($id: ID = "x") { contact(id: $id) { id } }', variables: { id: null } },
      "INVALID_INPUT",
    ],
    [
      "a variable whose name is no name of JavaScript's",
      { query: "query ($__proto__: Int!) { contacts(first: $__proto__) { nodes { id } } }" },
      "MISSING_REQUIRED",
    ],
    ["a typo", { query: `{ ${times(100, (index) => `contcat${index}`)} }` }, "GRAPHQL_VALIDATION_FAILED"],
    ["a syntax error", { query: "{" }, "GRAPHQL_PARSE_FAILED"],
  ])("%s is answered as a caller's error and not logged as an error", async (_name, body, codes) => {
    const logged = server.logs.length;
    const { status, text } = await server.fetch("/graphql", post(body));
    const { errors } = JSON.parse(text) as { errors: { extensions: { code: string } }[] };
    expect(status).toBe(400);
    for (const { extensions } of errors) expect(codes.split(" ")).toContain(extensions.code);
    for (const line of server.logs.slice(logged)) {
      expect(["debug", "info"]).toContain(logLine(line).level);
      expect(line).not.toContain("stack");
    }
  });
});

describe("equal requests share a call", () => {
  test("equal lists share one call", async () => {
    const listing = (first: string) => `contacts(provider: "hubspot"${first}) { nodes { id fullName } }`;
    const { data, calls } = await server.traced<Record<string, { nodes: unknown[] }>>(
      `{ ${times(50, (index) => `a${index}: ${listing("")}`)} b: ${listing(", first: 25")} c: ${listing(", first: 3")} }`,
    );
    expect(calls).toHaveLength(2);
    expect(data["a49"]).toEqual(data["a0"]);
    expect(data["b"]).toEqual(data["a0"]);
    expect(data["c"]!.nodes).toHaveLength(3);
  });

  test("end users and connections of many records take one look-up each", async () => {
    const seen = { getMany: 0, listByEndUsers: 0 };
    const { store } = ground;
    const counting = <Target extends object>(target: Target, name: keyof Target & keyof typeof seen): Target =>
      Object.assign(Object.create(target) as Target, {
        [name]: (...given: unknown[]) => {
          seen[name] += 1;
          return (target[name] as (...given: unknown[]) => unknown).apply(target, given);
        },
      });
    const counted = await ground.serve({
      store: {
        ...store,
        endUsers: counting(store.endUsers, "getMany"),
        connections: counting(store.connections, "listByEndUsers"),
      },
    });
    const { contacts } = await server.data<{ contacts: { nodes: { id: string }[] } }>(
      '{ contacts(provider: "hubspot", first: 30) { nodes { id } } }',
    );
    // By their global ids, so that no argument and no header names the end user.
    const { nodes } = await counted.data<{ nodes: { endUserId: string; connection: { endUser: unknown } }[] }>(
      `query ($ids: [ID!]!) {
        nodes(ids: $ids) { ... on Contact { endUserId connection { endUser { endUserId connections { id } } } } }
      }`,
      { endUserId: null, variables: { ids: contacts.nodes.map(({ id }) => id) } },
    );
    expect(nodes).toHaveLength(30);
    for (const { endUserId, connection } of nodes) {
      expect([endUserId, connection.endUser]).toMatchObject(["demo", { endUserId: "demo" }]);
    }
    expect(seen).toEqual({ getMany: 1, listByEndUsers: 1 });
  });

  test("an end user who was just looked up is not looked up again", async () => {
    let lookUps = 0;
    const { store } = ground;
    const endUsers = Object.assign(Object.create(store.endUsers) as typeof store.endUsers, {
      findMany: (...given: Parameters<typeof store.endUsers.findMany>) => {
        lookUps += 1;
        return store.endUsers.findMany(...given);
      },
    });
    const counted = await ground.serve({ store: { ...store, endUsers } });
    for (let time = 0; time < 3; time += 1) await counted.data("{ connections { id } }");
    expect(lookUps).toBe(1);
  });
});

describe("unselected fields cause no loads", () => {
  test("pageInfo, cursors and completeness of linked records read no records", async () => {
    const { contacts } = await server.data<{
      contacts: { nodes: { id: string; meetings: { nodes: { id: string }[] } }[] };
    }>('{ contacts(provider: "hubspot", first: 50) { nodes { id meetings(first: 5) { nodes { id } } } } }');
    const { id } = contacts.nodes.find(({ meetings }) => meetings.nodes.length > 0)!;
    const page = (selection: string) =>
      server.traced(`{ contact(id: "${id}") { meetings(first: 5) { ${selection} } } }`);
    const readsMeetings = ({ path }: { path: string }) => /objects\/[\d-]+\/meetings/.test(path);
    for (const selection of ["pageInfo { hasNextPage endCursor }", "edges { cursor }", "completeness { isComplete }"]) {
      expect((await page(selection)).calls.filter(readsMeetings)).toEqual([]);
    }
    expect((await page("edges { node { title } } nodes { title }")).calls.filter(readsMeetings)).toHaveLength(1);
  });
});
