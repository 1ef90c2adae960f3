import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildASTSchema, parse } from "graphql";
import { providers } from "../../src/providers/index.js";
import { Ground, type Answer, type QueryOptions, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve({ config: { introspection: false } });
  for (const endUser of ["ann", "bob"]) await ground.connectAll(endUser, { account: endUser });
});
afterAll(() => ground.close());

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename
  ... on Contact { id nativeId providerSlug endUserId fullName }
  ... on Lead { id nativeId subject }
  ... on Meeting { id nativeId title }
  ... on Connection { id status }
  ... on EndUser { id endUserId displayName connections { id } }
  ... on Provider { slug name }
} }`;

type Entity = Record<string, unknown> | null;

function subgraph<Data>(document: string, options: QueryOptions = {}): Promise<Answer<Data>> {
  return server.query<Data>(document, { path: "/subgraph", endUserId: null, ...options });
}

function entities(representations: unknown[], options: QueryOptions = {}): Promise<Answer<{ _entities: Entity[] }>> {
  return subgraph(ENTITIES, { ...options, variables: { representations } });
}

interface Listed {
  contacts: { nodes: { id: string; nativeId: string; fullName: string }[] };
}

async function contactsOf(endUserId: string, provider = "hubspot", first = 100): Promise<Listed["contacts"]["nodes"]> {
  const document = `{ contacts(endUserId: "${endUserId}", provider: "${provider}", first: ${first}) { nodes { id nativeId fullName } } }`;
  return (await server.data<Listed>(document)).contacts.nodes;
}

describe("the schema", () => {
  test("is answered also without introspection, and has keys and no node", async () => {
    const { body } = await subgraph<{ _service: { sdl: string } }>("{ _service { sdl } }");
    const { sdl } = body.data!._service;
    for (const expected of [
      /type Contact @key\(fields: "id"\) @key\(fields: "endUserId providerSlug nativeId"\) \{/,
      /type EndUser @key\(fields: "endUserId"\) \{/,
      /type Provider @key\(fields: "slug"\) \{/,
      /type PageInfo @shareable \{/,
      /\): ContactConnection @cost\(weight: 11\) @listSize\(assumedSize: 25, slicingArguments: \["first"\], sizedFields: \["edges", "nodes"\], requireOneSlicingArgument: false\)/,
      /@link\(url: "https:\/\/specs.apollo.dev\/federation\/v2.9"/,
    ]) {
      expect(sdl).toMatch(expected);
    }
    expect(sdl).not.toMatch(/\bnodes?\(|interface|_Entity|_Any|_service|@authenticated|@requiresScopes|@policy/);
    expect(buildASTSchema(parse(sdl), { assumeValidSDL: true }).getQueryType()!.getFields()).toHaveProperty("contacts");
  });

  test("refuses introspection as /graphql does", async () => {
    const { status, body } = await subgraph("{ __schema { types { name } } }");
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([{ extensions: { code: "GRAPHQL_VALIDATION_FAILED", status: 400 } }]);
  });
});

describe("entities", () => {
  test("are found by every key, in the order of the representations", async () => {
    const [ann] = await contactsOf("ann");
    const [bob] = await contactsOf("bob");
    const connections = await server.data<{ connections: { id: string }[] }>(
      '{ connections(endUserId: "ann") { id } }',
    );
    const connection = connections.connections[0]!;
    const { body } = await entities([
      { __typename: "Provider", slug: "zoho" },
      { __typename: "Contact", endUserId: "bob", providerSlug: "hubspot", nativeId: bob!.nativeId },
      { __typename: "EndUser", endUserId: "ann" },
      { __typename: "Contact", id: ann!.id },
      { __typename: "Connection", id: connection.id },
    ]);
    expect(body.errors).toBeUndefined();
    expect(body.data!._entities).toMatchObject([
      { __typename: "Provider", slug: "zoho", name: "Zoho CRM" },
      { __typename: "Contact", ...bob, endUserId: "bob", providerSlug: "hubspot" },
      { __typename: "EndUser", endUserId: "ann", connections: expect.arrayContaining([connection]) },
      { __typename: "Contact", ...ann, endUserId: "ann" },
      { __typename: "Connection", id: connection.id, status: "ACTIVE" },
    ]);
  });

  test("cost one batch for each connection and resource, however often they are represented", async () => {
    const listed = [...(await contactsOf("ann")), ...(await contactsOf("bob"))];
    const representations = Array.from({ length: 1_000 }, (_, index) => {
      const endUserId = index % 2 === 0 ? "ann" : "bob";
      const own = listed.slice(...(endUserId === "ann" ? [0, listed.length / 2] : [listed.length / 2]));
      const { id, nativeId } = own[index % own.length]!;
      return index % 3 === 0
        ? { __typename: "Contact", id }
        : { __typename: "Contact", endUserId, providerSlug: "hubspot", nativeId };
    });
    const { body } = await entities(representations, { headers: { "x-crmesh-trace": "calls" } });
    expect(body.errors).toBeUndefined();
    expect(body.data!._entities).toHaveLength(1_000);
    expect(body.data!._entities.every((entity) => typeof entity?.["fullName"] === "string")).toBe(true);
    const calls = body.extensions!.calls!.filter(({ records }) => records);
    expect(calls).toHaveLength(2);
  });

  test("of ten CRMs cost the batches of each, when all 1,000 are different", async () => {
    // The contacts that one call reads by id, by the vendors' documents.
    const batches: Record<string, number> = { zoho: 50, dynamics365: 50, espocrm: 40, twenty: 60 };
    const slugs = providers.all.map(({ slug }) => slug);
    const listed = await Promise.all(slugs.map(async (slug) => ({ slug, contacts: await contactsOf("ann", slug) })));
    const representations = listed.flatMap(({ slug, contacts }) =>
      contacts.map(({ id, nativeId }, index) =>
        index % 2 === 0
          ? { __typename: "Contact", id }
          : { __typename: "Contact", endUserId: "ann", providerSlug: slug, nativeId },
      ),
    );
    expect(representations).toHaveLength(1_000);
    const { body } = await subgraph<{ _entities: Entity[] }>(
      "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Contact { nativeId createdAt } } }",
      { variables: { representations }, headers: { "x-crmesh-trace": "calls" } },
    );
    expect(body.errors).toBeUndefined();
    const expected = listed.flatMap(({ contacts }) => contacts.map(({ nativeId }) => nativeId));
    expect(body.data!._entities.map((entity) => entity!["nativeId"])).toEqual(expected);
    const made = Map.groupBy(body.extensions!.calls!, ({ provider }) => provider);
    for (const slug of slugs)
      expect([slug, made.get(slug)!.length]).toEqual([slug, Math.ceil(100 / (batches[slug] ?? 100))]);
  });

  test("are found by keys whose ids are numbers, and have a price", async () => {
    await ground.connect("4711", "pipedrive", { account: "4711" });
    const [contact] = await contactsOf("4711", "pipedrive", 1);
    const { body } = await subgraph<{ _entities: Entity[] }>(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Contact { nativeId fullName } ... on EndUser { endUserId connections { contacts(first: 1) { nodes { fullName } } } }
      } }`,
      {
        variables: {
          representations: [
            { __typename: "Contact", endUserId: 4711, providerSlug: "pipedrive", nativeId: Number(contact!.nativeId) },
            {
              __typename: "Contact",
              id: " ",
              endUserId: "4711",
              providerSlug: "pipedrive",
              nativeId: contact!.nativeId,
            },
            { __typename: "EndUser", endUserId: 4711 },
          ],
        },
      },
    );
    const { nativeId, fullName } = contact!;
    expect(body).toEqual({
      data: {
        _entities: [
          { nativeId, fullName },
          { nativeId, fullName },
          { endUserId: "4711", connections: [{ contacts: { nodes: [{ fullName }] } }] },
        ],
      },
    });
  });

  test("have a price before the first call, which their calls do not exceed", async () => {
    const [one, other] = await contactsOf("ann");
    const meetings = "meetings(first: 2) { nodes { title } }";
    const document = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Contact { fullName emails { address } ${meetings} }
      ... on EndUser { connections { provider { slug } ${meetings} } }
    } }`;
    const representations = [
      { __typename: "Contact", id: one!.id },
      { __typename: "Contact", id: one!.id },
      { __typename: "Contact", endUserId: "ann", providerSlug: "hubspot", nativeId: other!.nativeId },
      { __typename: "Contact", endUserId: "ann", providerSlug: "nowhere", nativeId: "1" },
      { __typename: "EndUser", endUserId: "bob" },
    ];
    const headers = { "x-crmesh-trace": "calls", "x-crmesh-price": "show" };
    const { body } = await subgraph<object>(document, { variables: { representations }, headers });
    expect(body.errors).toMatchObject([{ path: ["_entities", 3], extensions: { code: "PROVIDER_NOT_FOUND" } }]);
    const { price, calls } = body.extensions as unknown as { price: { calls: number }; calls: { attempt: number }[] };
    const actual = calls.filter(({ attempt }) => attempt === 1).length;
    expect(actual).toBeGreaterThan(10);
    expect(actual).toBeLessThanOrEqual(price.calls);
    expect(price.calls).toBeLessThan(60);
  });

  test("of an end user whom crmesh does not know have no connections and no error", async () => {
    const { body } = await entities([{ __typename: "EndUser", endUserId: "nobody" }]);
    expect(body).toEqual({
      data: {
        _entities: [
          {
            __typename: "EndUser",
            id: expect.stringMatching(/^unknown_/),
            endUserId: "nobody",
            displayName: null,
            connections: [],
          },
        ],
      },
    });
  });

  test("of another end user than the header's are null with END_USER_NOT_FOUND", async () => {
    const [ann] = await contactsOf("ann");
    const others = [
      { __typename: "Contact", id: ann!.id },
      { __typename: "Contact", endUserId: "ann", providerSlug: "hubspot", nativeId: ann!.nativeId },
      { __typename: "EndUser", endUserId: "ann" },
    ];
    const { status, body } = await entities(others, { endUserId: "bob" });
    expect(status).toBe(200);
    expect(body.data).toEqual({ _entities: [null, null, null] });
    expect(body.errors!.map(({ path }) => path!.join(".")).sort()).toEqual([
      "_entities.0",
      "_entities.1",
      "_entities.2",
    ]);
    for (const { extensions } of body.errors!)
      expect(extensions).toMatchObject({ code: "END_USER_NOT_FOUND", status: 404 });
  });

  test.each([
    ["no object", "x", "representations.0"],
    ["no type", { id: "x" }, "representations.0.__typename"],
    ["a type that is no entity", { __typename: "Address", id: "x" }, "representations.0.__typename"],
    ["no key", { __typename: "Contact", endUserId: "ann" }, "representations.0"],
    ["an empty key", { __typename: "Contact", id: " " }, "representations.0"],
    ["an id of nothing", { __typename: "Contact", id: "x" }, "representations.0.id"],
  ])(
    "that are represented by %s are INVALID_INPUT, and the others are answered",
    async (_name, representation, path) => {
      const { body } = await entities([representation, { __typename: "Provider", slug: "hubspot" }]);
      expect(body.data!._entities).toMatchObject([null, { slug: "hubspot" }]);
      expect(body.errors).toMatchObject([
        { path: ["_entities", 0], extensions: { code: "INVALID_INPUT", errors: { [path]: expect.any(String) } } },
      ]);
    },
  );

  test("of another workspace do not exist", async () => {
    const [ann] = await contactsOf("ann");
    const key = await ground.key({ workspace: "other" });
    const { body } = await entities(
      [
        { __typename: "Contact", id: ann!.id },
        { __typename: "EndUser", endUserId: "ann" },
      ],
      { key },
    );
    expect(body.data!._entities).toMatchObject([null, { connections: [] }]);
    expect(body.errors).toHaveLength(1);
  });
});

describe("answers", () => {
  test("have status 200, plain JSON and flat hints, whatever fails and whatever Accept says", async () => {
    const failed = await subgraph('{ contact(id: "1", provider: "hubspot", endUserId: "ann") { id fullName } }', {
      headers: { accept: "text/html", "x-sandbox-fault": "hubspot=PROVIDER_RATE_LIMITED" },
    });
    const refused = await subgraph("{ providers { name } }", { key: "sk_test_wrong" });
    const unparsed = await subgraph("{ providers {");
    for (const { status, headers, text } of [failed, refused, unparsed]) {
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(headers.get("retry-after")).toBeNull();
      expect(text).not.toContain('"http":');
    }
    expect(failed.body.errors).toMatchObject([
      {
        extensions: { code: "PROVIDER_RATE_LIMITED", status: 429, retryAfter: expect.any(Number), provider: "hubspot" },
      },
    ]);
    expect(refused.body.errors).toMatchObject([{ extensions: { code: "INVALID_API_KEY", status: 401 } }]);
    expect(unparsed.body.errors).toMatchObject([{ extensions: { code: "GRAPHQL_PARSE_FAILED", status: 400 } }]);
  });

  test("of a create say 201 in the hint only", async () => {
    const { status, body } = await subgraph(
      'mutation { createContact(provider: "hubspot", endUserId: "ann", input: { lastName: "New" }) { id } }',
    );
    expect(body.errors).toBeUndefined();
    expect([status, body.extensions]).toEqual([200, { status: 201 }]);
  });

  test.each([
    ["GET", 405, { method: "GET" }],
    ["a body of another type", 415, { method: "POST", body: "{}", headers: { "content-type": "text/plain" } }],
    ["a body that is no JSON", 400, { method: "POST", body: "{", headers: { "content-type": "application/json" } }],
    [
      "a body that is too large",
      413,
      { method: "POST", body: `"${"x".repeat(2 << 20)}"`, headers: { "content-type": "application/json" } },
    ],
  ])("to %s keep HTTP's status, %i", async (_name, expected, init: RequestInit) => {
    const headers = { authorization: "Bearer sk_test_demo", ...(init.headers as Record<string, string>) };
    const { status, text } = await server.fetch("/subgraph", { ...init, headers });
    expect(status).toBe(expected);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: "INVALID_INPUT" } }] });
  });
});

test("a prefix begins the names of types and root fields, and nothing else changes", async () => {
  const prefixed = await ground.serve({ config: { subgraphPrefix: "Crm" } });
  const [ann] = await contactsOf("ann");
  const document = `query ($representations: [_Any!]!, $filter: CrmContactFilter) {
    crmContacts(provider: "hubspot", endUserId: "ann", first: 2, filter: $filter) { __typename nodes { __typename id fullName } pageInfo { __typename } }
    _entities(representations: $representations) { __typename ... on CrmContact { id fullName emails { address } } }
    _service { sdl }
  }`;
  const variables = {
    representations: [
      { __typename: "CrmContact", id: ann!.id },
      { __typename: "Contact", id: ann!.id },
    ],
  };
  const { body } = await prefixed.query<Record<string, unknown> & { _service: { sdl: string } }>(document, {
    path: "/subgraph",
    variables,
    endUserId: null,
    headers: { "x-crmesh-trace": "calls" },
  });
  expect(body.data).toMatchObject({
    crmContacts: {
      __typename: "CrmContactConnection",
      nodes: [{ __typename: "CrmContact" }, {}],
      pageInfo: { __typename: "PageInfo" },
    },
    _entities: [{ __typename: "CrmContact", fullName: ann!.fullName }, null],
  });
  expect(body.errors).toMatchObject([
    { extensions: { errors: { "representations.1.__typename": expect.any(String) } } },
  ]);
  expect(body.data!._service.sdl).not.toMatch(/^(type|enum|input) (?!Crm|Query|Mutation|PageInfo)/m);
});
