import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers as registry } from "../../src/providers/index.js";
import { MovedClock } from "../support/moved-clock.js";
import { Ground, type Answer, type QueryOptions, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

const CONNECT = `mutation ($input: CreateConnectionInput!) {
  createConnection(input: $input) { id status accountName provider { slug } endUserId endUser { endUserId } lastUsedAt contacts(first: 1) { nodes { fullName } } }
}`;

interface Connected {
  createConnection: { id: string; status: string } | null;
}

/** A static credential of each CRM: every secret of this file, for the search at the end. */
const GOOD: Record<string, () => Record<string, string>> = {
  hubspot: () => ({ accessToken: "pat-sandbox-holder" }),
  salesforce: () => ({ accessToken: "00Dsandbox-holder", instanceUrl: "https://holder.my.salesforce.com" }),
  odoo: () => ({
    url: "https://holder.odoo.com",
    database: "holder",
    login: "admin@holder.example",
    apiKey: "odoo-sandbox-holder",
  }),
};
const BAD: Record<string, () => Record<string, string>> = {
  hubspot: () => ({ accessToken: "pat-wrong-secret" }),
  salesforce: () => ({ accessToken: "00Dwrong-secret", instanceUrl: "https://holder.my.salesforce.com" }),
  odoo: () => ({ ...GOOD["odoo"]!(), apiKey: "odoo-wrong-secret" }),
};
const SLUGS = registry.all.map(({ slug }) => slug);
for (const { slug, credentialFields } of registry.all) {
  GOOD[slug] ??= () => {
    const held = ground.sandbox.credentials(slug, "holder");
    return Object.fromEntries(credentialFields.flatMap(({ name }) => (name in held ? [[name, held[name]!]] : [])));
  };
  BAD[slug] ??= () => {
    const secrets = credentialFields.filter(({ secret }) => secret).map(({ name }) => name);
    const wrong = Object.entries(GOOD[slug]!()).map(([name, value]) => [
      name,
      secrets.includes(name) ? `${slug}-wrong-secret` : value,
    ]);
    return Object.fromEntries(wrong) as Record<string, string>;
  };
}

const connect = (endUserId: string, provider: string, credentials: unknown): Promise<Answer<Connected>> =>
  server.query<Connected>(CONNECT, {
    variables: { input: { endUserId, provider, credentials } },
    headers: { "x-crmesh-trace": "calls" },
  });

describe.each(SLUGS)("%s: createConnection", (slug) => {
  test("proves the credential, and is ready at once", async () => {
    await ground.endUser(`holder-${slug}`);
    const { status, body } = await connect(`holder-${slug}`, slug, GOOD[slug]!());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: {
        createConnection: {
          status: "ACTIVE",
          accountName: expect.any(String),
          provider: { slug },
          endUserId: `holder-${slug}`,
          endUser: { endUserId: `holder-${slug}` },
          contacts: { nodes: [{}] },
        },
      },
      extensions: { http: { status: 201 } },
    });
    const proofs = body.extensions!.calls!.filter(({ connectionId }) => connectionId === null);
    // A server of Odoo is asked for JSON-2 first, which Odoo 17 does not have.
    expect(proofs).toHaveLength(slug === "odoo" ? 2 : 1);
    const again = await connect(`holder-${slug}`, slug, GOOD[slug]!());
    expect(again.status).toBe(409);
    expect(again.body.errors![0]!.extensions.code).toBe("CONNECTION_ALREADY_EXISTS");
    expect(again.body.extensions!.calls).toEqual([]);
  });

  test.each(["ключ", "key\u200b", "key\u0007"])(
    "a credential that no header can carry is refused before any call: %j",
    async (text) => {
      await ground.endUser(`refused-${slug}`);
      for (const { name } of registry.get(slug).credentialFields.filter(({ secret }) => secret)) {
        const { status, body } = await connect(`refused-${slug}`, slug, { ...GOOD[slug]!(), [name]: text });
        expect(status).toBe(400);
        expect(body.errors![0]!.extensions).toMatchObject({
          code: "INVALID_INPUT",
          errors: { [`input.credentials.${name}`]: expect.any(String) },
        });
        expect(JSON.stringify(body.errors)).not.toContain(text);
        expect(body.extensions!.calls).toEqual([]);
      }
    },
  );

  test("a credential that the CRM refuses is not saved", async () => {
    await ground.endUser(`refused-${slug}`);
    const { status, body } = await connect(`refused-${slug}`, slug, BAD[slug]!());
    expect(status).toBe(502);
    expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_AUTH_FAILED", provider: slug });
    const { connections } = await server.data<{ connections: unknown[] }>("{ connections { id } }", {
      endUserId: `refused-${slug}`,
    });
    expect(connections).toEqual([]);
  });

  test("a CRM that is down fails the mutation, and nothing is saved", async () => {
    const { body } = await server.query<Connected>(CONNECT, {
      variables: { input: { endUserId: `refused-${slug}`, provider: slug, credentials: GOOD[slug]!() } },
      headers: { "x-sandbox-fault": `${slug}=PROVIDER_UNAVAILABLE` },
    });
    expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", provider: slug });
    const { connections } = await server.data<{ connections: unknown[] }>("{ connections { id } }", {
      endUserId: `refused-${slug}`,
    });
    expect(connections).toEqual([]);
  });

  test("concurrent requests create one connection", async () => {
    await ground.endUser(`race-${slug}`);
    const answers = await Promise.all(Array.from({ length: 5 }, () => connect(`race-${slug}`, slug, GOOD[slug]!())));
    const outcomes = answers.map(({ body }) => body.errors?.[0]?.extensions.code ?? "CREATED").sort();
    expect(outcomes).toEqual([...Array.from({ length: 4 }, () => "CONNECTION_ALREADY_EXISTS"), "CREATED"]);
  });
});

test("unknown providers and end users are refused before any call", async () => {
  const provider = await connect("demo", "nosuch", {});
  expect(provider.body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_NOT_FOUND" });
  const endUser = await connect("nobody", "hubspot", GOOD["hubspot"]!());
  expect(endUser.body.errors![0]!.extensions).toMatchObject({ code: "END_USER_NOT_FOUND" });
  for (const { body } of [provider, endUser]) expect(body.extensions!.calls).toEqual([]);
});

test.each(["not a url", "https://holder.my.salesforce.com/path", "javascript:alert(1)"])(
  "an instance URL that is none: %s",
  async (instanceUrl) => {
    const { status, body } = await connect("demo-2", "salesforce", { accessToken: "00Dsandbox-holder", instanceUrl });
    expect(status).toBe(404);
    await ground.endUser("demo-3");
    const known = await connect("demo-3", "salesforce", { accessToken: "00Dsandbox-holder", instanceUrl });
    expect(known.body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { "input.credentials.instanceUrl": expect.any(String) },
    });
    expect(body.errors![0]!.extensions.code).toBe("END_USER_NOT_FOUND");
  },
);

describe("deleteConnection", () => {
  test("ends the connection, erases its credential, and makes room for a new one", async () => {
    await ground.endUser("leaver");
    const first = (await connect("leaver", "hubspot", GOOD["hubspot"]!())).body.data!.createConnection!.id;
    const contacts = "{ contacts(first: 1) { nodes { id fullName } } }";
    const options = { endUserId: "leaver", provider: "hubspot" };
    const before = await server.data<{ contacts: { nodes: { id: string }[] } }>(contacts, options);
    const { deleteConnection } = await server.data<Record<string, unknown>>(
      "mutation ($id: ID!) { deleteConnection(id: $id) { id status health { circuit } } }",
      { endUserId: "leaver", variables: { id: first } },
    );
    expect(deleteConnection).toEqual({ id: first, status: "DISCONNECTED", health: null });
    const { id: workspaceId } = await ground.store.workspaces.ensure("demo");
    expect(await ground.store.connections.get(workspaceId, "test", first)).toMatchObject({ credentials: null });

    const attempts = await Promise.all([
      server.query(contacts, options),
      server.query("query ($id: ID!) { contact(id: $id) { fullName } }", {
        endUserId: "leaver",
        variables: { id: before.contacts.nodes[0]!.id },
      }),
      server.query("query ($id: ID!) { connection(id: $id) { id } }", {
        endUserId: "leaver",
        variables: { id: first },
      }),
      server.query("query ($id: ID!) { node(id: $id) { id } }", { endUserId: "leaver", variables: { id: first } }),
      server.query("mutation ($id: ID!) { deleteConnection(id: $id) { id } }", {
        endUserId: "leaver",
        variables: { id: first },
      }),
    ]);
    for (const { status, body } of attempts) {
      expect([status, body.errors![0]!.extensions.code]).toEqual([404, "CONNECTION_NOT_FOUND"]);
    }
    const second = (await connect("leaver", "hubspot", GOOD["hubspot"]!())).body.data!.createConnection!.id;
    expect(second).not.toBe(first);
    expect((await server.query(contacts, options)).body.errors).toBeUndefined();
  });
});

const HEALTH =
  "health { circuit providerCircuit retryAfter rateLimit { limit remaining resetsAt } lastError { code at } }";
const WELL = { circuit: "CLOSED", providerCircuit: "CLOSED", retryAfter: null, rateLimit: null, lastError: null };

describe("health", () => {
  const healthOf = async (endUserId: string, through = server, key?: string) =>
    (
      await through.data<{ connections: { health: Record<string, unknown> }[] }>(`{ connections { ${HEALTH} } }`, {
        endUserId,
        key,
      })
    ).connections[0]!.health;
  const read = (endUserId: string, options: QueryOptions = {}, through = server) =>
    through.query("{ contacts(first: 1) { nodes { fullName } } }", { endUserId, provider: "hubspot", ...options });

  test("is empty before any call", async () => {
    await ground.connect("unused", "hubspot");
    expect(await healthOf("unused")).toEqual(WELL);
  });

  test("has the rate limit that the CRM states", async () => {
    await ground.connect("limited", "hubspot");
    const before = Date.now();
    await read("limited");
    const { rateLimit, ...rest } = (await healthOf("limited")) as { rateLimit: Record<string, number | string> };
    expect(rest).toEqual({ circuit: "CLOSED", providerCircuit: "CLOSED", retryAfter: null, lastError: null });
    expect(rateLimit).toEqual({
      limit: expect.any(Number),
      remaining: expect.any(Number),
      resetsAt: expect.any(String),
    });
    expect(rateLimit["remaining"]).toBeLessThan(rateLimit["limit"] as number);
    expect(Date.parse(rateLimit["resetsAt"] as string)).toBeGreaterThan(before);
  });

  test("is not changed by an injected fault", async () => {
    await ground.connect("injected", "hubspot");
    await read("injected", { headers: { "x-sandbox-fault": "hubspot=PROVIDER_UNAVAILABLE" } });
    expect(await healthOf("injected")).toEqual(WELL);
  });

  test("exists for a connection with the status NEEDS_REAUTH", async () => {
    const id = await ground.connect("needy", "hubspot");
    const event = { type: "NEEDS_REAUTH", actor: { kind: "CRMESH" } } as const;
    await ground.store.connections.setStatus(id, 1, "NEEDS_REAUTH", event);
    expect(await healthOf("needy")).toEqual(WELL);
  });

  test("has the last error and the circuits that failures opened", async () => {
    const clock = new MovedClock();
    // Nothing listens on this port.
    const away = await ground.serve({
      config: { baseUrls: new Map([["hubspot", "http://127.0.0.1:1"]]) },
      circuit: { failures: 2 },
      clock,
    });
    const key = await ground.key({ environment: "live" });
    const options = { environment: "live", credentials: { accessToken: "pat-live-away" } } as const;
    for (const endUser of ["away-1", "away-2", "away-3", "away-4"]) await ground.connect(endUser, "hubspot", options);
    const failTwice = async (endUserId: string) => {
      for (let failure = 1; failure <= 2; failure += 1) await read(endUserId, { key }, away);
    };
    await failTwice("away-1");
    const lastError = { code: "PROVIDER_UNAVAILABLE", at: expect.any(String) };
    const own = { ...WELL, circuit: "OPEN", retryAfter: 10, lastError };
    expect(await healthOf("away-1", away, key)).toEqual(own);
    // Another connection to the same CRM, without a call of its own.
    expect(await healthOf("away-2", away, key)).toEqual(WELL);
    // Another process has no record of these calls.
    expect(await healthOf("away-1", server, key)).toEqual(WELL);

    clock.move(4_500);
    expect(await healthOf("away-1", away, key)).toEqual({ ...own, retryAfter: 6 });
    await failTwice("away-2");
    await failTwice("away-3");
    // All active end users fail. The longer wait counts.
    expect(await healthOf("away-1", away, key)).toEqual({ ...own, providerCircuit: "OPEN" });
    const others = { ...WELL, providerCircuit: "OPEN", retryAfter: 10 };
    expect(await healthOf("away-4", away, key)).toEqual(others);
    clock.move(5_500);
    expect(await healthOf("away-1", away, key)).toMatchObject({
      circuit: "HALF_OPEN",
      providerCircuit: "OPEN",
      retryAfter: 5,
    });
    clock.move(4_500);
    expect(await healthOf("away-4", away, key)).toEqual({ ...WELL, providerCircuit: "HALF_OPEN" });
  });
});

test("a connection with a static credential has no scopes and no expiry", async () => {
  await ground.endUser("static");
  await connect("static", "hubspot", GOOD["hubspot"]!());
  const { connections } = await server.data<{ connections: Record<string, unknown>[] }>(
    "{ connections { scopes tokenExpiresAt createdAt updatedAt } }",
    { endUserId: "static" },
  );
  expect(connections).toEqual([
    { scopes: null, tokenExpiresAt: null, createdAt: connections[0]!["updatedAt"], updatedAt: expect.any(String) },
  ]);
});

describe("end users", () => {
  const upsert = (input: Record<string, unknown>) =>
    server.query<{ upsertEndUser: Record<string, unknown> }>(
      "mutation ($input: UpsertEndUserInput!) { upsertEndUser(input: $input) { id endUserId displayName email createdAt updatedAt } }",
      { variables: { input } },
    );

  test("absent inputs keep their values, null clears them", async () => {
    const made = (await upsert({ endUserId: "u-1", displayName: "Ann", email: "ann@example.com" })).body.data!
      .upsertEndUser;
    expect(made).toMatchObject({ endUserId: "u-1", displayName: "Ann", email: "ann@example.com" });
    const kept = (await upsert({ endUserId: "u-1", displayName: "Anna" })).body.data!.upsertEndUser;
    expect(kept).toMatchObject({ displayName: "Anna", email: "ann@example.com", createdAt: made["createdAt"] });
    const cleared = (await upsert({ endUserId: "u-1", email: null })).body.data!.upsertEndUser;
    expect(cleared).toMatchObject({ displayName: "Anna", email: null });
    const { endUser } = await server.data<Record<string, unknown>>(
      '{ endUser(endUserId: "u-1") { id endUserId displayName email connections { id } } }',
    );
    expect(endUser).toEqual({ id: made["id"], endUserId: "u-1", displayName: "Anna", email: null, connections: [] });
  });

  test.each([
    ["endUserId", "  "],
    ["endUserId", "x".repeat(256)],
    ["displayName", "x".repeat(256)],
    ["email", "a\u0000b"],
  ])("%s %j is INVALID_INPUT", async (name, value) => {
    const { status, body } = await upsert({ endUserId: "u-2", [name]: value });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { [`input.${name}`]: expect.any(String) },
    });
  });

  test.each(["it’s", "ü/?#%", "'; drop table end_user; --", "0", "x".repeat(255)])(
    "an end user id such as %j is accepted",
    async (endUserId) => {
      await upsert({ endUserId });
      const { endUser } = await server.data<Record<string, unknown>>(
        "query ($id: ID!) { endUser(endUserId: $id) { endUserId } }",
        {
          variables: { id: endUserId },
        },
      );
      expect(endUser).toEqual({ endUserId });
    },
  );
});

describe("nodes", () => {
  test("nodes returns connections and records in order, with null for each missing one", async () => {
    const { connections, contacts } = await server.data<{
      connections: { id: string; provider: { slug: string } }[];
      contacts: { nodes: { id: string }[] };
    }>('{ connections { id provider { slug } } contacts(provider: "odoo", first: 1) { nodes { id } } }');
    const ids = [connections[0]!.id, contacts.nodes[0]!.id, "con_0000000000000000000000000", connections[1]!.id];
    const { status, body } = await server.query<{ nodes: unknown[] }>(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Connection { provider { slug } } } }",
      { variables: { ids } },
    );
    expect(status).toBe(200);
    expect(body.data!.nodes).toEqual([
      { __typename: "Connection", ...connections[0] },
      { __typename: "Contact", id: ids[1] },
      null,
      { __typename: "Connection", ...connections[1] },
    ]);
    expect(body.errors).toMatchObject([{ path: ["nodes", 2], extensions: { code: "CONNECTION_NOT_FOUND" } }]);
  });

  test("a malformed id is INVALID_INPUT", async () => {
    for (const id of ["", "x", "Y29uXw", "123"]) {
      const { body } = await server.query("query ($id: ID!) { node(id: $id) { id } }", { variables: { id } });
      expect(body.errors![0]!.extensions).toMatchObject({ code: "INVALID_INPUT", errors: { id: expect.any(String) } });
    }
  });
});

describe("self-description", () => {
  test("providers have capabilities and credential fields", async () => {
    const { providers, provider } = await server.data<{
      providers: {
        slug: string;
        configured: boolean;
        capabilities: { resource: string; operations: string[]; requiredInputs: string[] }[];
      }[];
      provider: { credentialFields: { name: string; secret: boolean; required: boolean }[] };
    }>(`{
      providers { slug name authType configured limits { description requests perSeconds }
        capabilities { resource operations filters orderFields requiredInputs writableInputs fields } }
      provider(slug: "odoo") { credentialFields { name label secret required } }
    }`);
    expect(providers.map(({ slug }) => slug)).toEqual(registry.all.map(({ slug }) => slug));
    for (const { slug, capabilities, configured } of providers) {
      // With a test key, every sandbox CRM can be connected.
      expect(configured).toBe(true);
      const resources = ["contact", "lead", "meeting"].filter((one) => one in registry.get(slug).resources);
      expect(capabilities.map(({ resource }) => resource)).toEqual(resources.map((one) => one.toUpperCase()));
    }
    expect(provider.credentialFields.map(({ name, secret }) => [name, secret])).toEqual([
      ["url", false],
      ["database", false],
      ["login", false],
      ["apiKey", true],
    ]);
  });

  test("a provider accepts every filter in its capabilities", async () => {
    const { providers } = await server.data<{
      providers: { slug: string; capabilities: { resource: string; filters: string[]; orderFields: string[] }[] }[];
    }>("{ providers { slug capabilities { resource filters orderFields } } }");
    const value = (filter: string) =>
      /Since$|Until$/.test(filter) ? '"2026-03-01T00:00:00Z"' : filter === "status" ? "NEW" : '"11"';
    for (const { slug, capabilities } of providers) {
      for (const { resource, filters, orderFields } of capabilities) {
        const field = `${resource.toLowerCase()}s`;
        const each = [
          ...filters.map(
            (filter) => `f_${filter}: ${field}(first: 1, filter: { ${filter}: ${value(filter)} }) { nodes { id } }`,
          ),
          ...orderFields.map((name) => `o_${name}: ${field}(first: 1, orderBy: { field: ${name} }) { nodes { id } }`),
        ];
        const { body } = await server.query(`{ ${each.join(" ")} }`, { provider: slug });
        expect([slug, resource, body.errors ?? []]).toEqual([slug, resource, []]);
      }
    }
  });

  test("errorCodes returns the catalogue, also for a key without scopes", async () => {
    const { errorCodes } = await server.data<{ errorCodes: { code: string; documented: boolean }[] }>(
      "{ errorCodes { code status message resolution origin actor retryable documented } }",
    );
    expect(errorCodes.filter(({ documented }) => documented)).toHaveLength(22);
    expect(errorCodes.filter(({ documented }) => !documented).map(({ code }) => code)).toEqual([
      "RATE_LIMITED",
      "DUPLICATE_RECORD",
    ]);
  });
});

test("no answer or log line of this file contains a secret", () => {
  const secrets = SLUGS.flatMap((slug) =>
    [GOOD[slug]!(), BAD[slug]!(), ground.sandbox.credentials(slug, "demo")].flatMap(
      ({ accessToken, refreshToken, apiKey }) =>
        [accessToken, refreshToken, apiKey].filter((secret) => secret !== undefined),
    ),
  );
  expect(secrets.length).toBeGreaterThanOrEqual(10);
  const everything = [...server.answers, ...server.logs].join("\n");
  expect(everything.length).toBeGreaterThan(10_000);
  for (const secret of [...secrets, "sk_test_demo", "sandbox-secret"]) expect(everything).not.toContain(secret);
});
