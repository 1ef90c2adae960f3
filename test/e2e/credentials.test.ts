import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { Ground, type Call, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
let workspaceId: string;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  workspaceId = (await ground.store.workspaces.ensure("demo")).id;
});
afterAll(() => ground.close());

const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const TOKEN_PATH = { hubspot: "/oauth/2026-09/token", salesforce: "/services/oauth2/token" } as const;
type OAuthProvider = keyof typeof TOKEN_PATH;
const tokenCalls = (calls: Call[]) =>
  calls.filter(({ path }) => Object.values(TOKEN_PATH).some((token) => token === path));

const ask = (endUserId: string, provider: string) =>
  server.query(CONTACTS, { endUserId, provider, headers: { "x-crmesh-trace": "calls" } });

async function stored(id: string): Promise<{ status: string; version: number; credentials: Record<string, string> }> {
  const row = (await ground.store.connections.get(workspaceId, "test", id))!;
  const credentials = (await ground.vault.decrypt(id, row.credentials!)) as Record<string, string>;
  return { status: row.status, version: row.credentialsVersion, credentials };
}

/** Expired credentials of the sandbox. Salesforce states no expiry. */
function expired(provider: OAuthProvider, refreshToken?: string): Record<string, string> {
  const fresh = ground.sandbox.credentials(provider, "demo");
  const old =
    provider === "hubspot"
      ? { accessToken: "hs-demo-1600000000000", expiresAt: new Date(1_600_000_000_000).toISOString() }
      : { accessToken: "sf-demo-1600000000000" };
  return { ...fresh, ...old, ...(refreshToken === undefined ? {} : { refreshToken }) };
}

describe.each(["hubspot", "salesforce"] as const)("an expired token of %s", (provider) => {
  test("is renewed once for 50 concurrent queries and saved", async () => {
    const endUser = `expired-${provider}`;
    const given = expired(provider);
    const id = await ground.connect(endUser, provider, { credentials: given });
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(endUser, provider)));
    for (const { body } of answers) expect(body.errors).toBeUndefined();
    const calls = answers.flatMap(({ body }) => body.extensions!.calls!);
    expect(tokenCalls(calls)).toMatchObject([{ method: "POST", path: TOKEN_PATH[provider], status: 200 }]);
    // If the expiry is known, no call uses the old token.
    if (provider === "hubspot") expect(calls.filter(({ status }) => status === 401)).toEqual([]);

    const after = await stored(id);
    expect(after).toMatchObject({ status: "ACTIVE", version: 2 });
    expect(after.credentials["accessToken"]).not.toBe(given["accessToken"]);
    // If no new refresh token comes, the old one is kept.
    expect(after.credentials["refreshToken"]).toBe(given["refreshToken"]);
    const later = await ask(endUser, provider);
    expect(tokenCalls(later.body.extensions!.calls!)).toEqual([]);
  });

  test("is renewed once if only the CRM knows that it has expired", async () => {
    const endUser = `refused-${provider}`;
    const credentials = expired(provider);
    delete credentials["expiresAt"];
    await ground.connect(endUser, provider, { credentials });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(endUser, provider)));
    for (const { body } of answers) expect(body.errors).toBeUndefined();
    expect(tokenCalls(answers.flatMap(({ body }) => body.extensions!.calls!))).toHaveLength(1);
  });

  test("whose renewal the CRM refuses makes the connection NEEDS_REAUTH; the next request makes no call", async () => {
    const endUser = `revoked-${provider}`;
    const id = await ground.connect(endUser, provider, { credentials: expired(provider, "revoked-token") });
    const first = await ask(endUser, provider);
    expect(first.status).toBe(403);
    expect(first.body.errors![0]!.extensions).toMatchObject({ code: "NEEDS_REAUTH", provider, connectionId: id });
    expect(tokenCalls(first.body.extensions!.calls!)).toHaveLength(1);

    const second = await ask(endUser, provider);
    expect(second.status).toBe(403);
    expect(second.body.errors![0]!.extensions).toMatchObject({ code: "NEEDS_REAUTH", provider, connectionId: id });
    expect(second.body.extensions!.calls).toEqual([]);
    // Each error has its own unspent link.
    const links = [first, second].map(({ body }) => body.errors![0]!.extensions.reconnectUrl!);
    for (const link of links) expect(link.startsWith(`${server.crmesh.origin}/connect?token=ct_`)).toBe(true);
    expect(new Set(links).size).toBe(2);
    // A link can replace the credential, so a key that may not change connections gets none.
    const key = await ground.key({ scopes: ["contacts:read"] });
    const third = await server.query(CONTACTS, { endUserId: endUser, provider, key });
    expect(third.body.errors![0]!.extensions).toMatchObject({ code: "NEEDS_REAUTH", connectionId: id });
    expect(third.body.errors![0]!.extensions.reconnectUrl).toBeUndefined();
    expect(server.logs.join("")).not.toContain("ct_");
    const { connections } = await server.data<{ connections: unknown }>("{ connections { id status } }", {
      endUserId: endUser,
    });
    expect(connections).toEqual([{ id, status: "NEEDS_REAUTH" }]);
  });

  test("is not treated as revoked if the token endpoint is down", async () => {
    const endUser = `infrastructure-${provider}`;
    const id = await ground.connect(endUser, provider, { credentials: expired(provider) });
    const failed = await server.query(CONTACTS, {
      endUserId: endUser,
      provider,
      headers: { "x-sandbox-fault": `${provider}=PROVIDER_UNAVAILABLE` },
    });
    expect(failed.body.errors![0]!.extensions.code).toBe("PROVIDER_UNAVAILABLE");
    expect(await stored(id)).toMatchObject({ status: "ACTIVE", version: 1 });
    expect((await ask(endUser, provider)).body.errors).toBeUndefined();
  });
});

test("two replicas that renew at once both use the credential of the first one", async () => {
  const replica = await ground.serve();
  const id = await ground.connect("replicas", "hubspot", { credentials: expired("hubspot") });
  const both = [server, replica].map((one) => one.query(CONTACTS, { endUserId: "replicas", provider: "hubspot" }));
  for (const { body } of await Promise.all(both)) expect(body.errors).toBeUndefined();
  expect(await stored(id)).toMatchObject({ status: "ACTIVE", version: 2 });
});

test("an injected refusal does not change the connection", async () => {
  const id = await ground.connect("injected", "hubspot", { credentials: expired("hubspot") });
  const refused = await server.query(CONTACTS, {
    endUserId: "injected",
    provider: "hubspot",
    headers: { "x-sandbox-fault": "hubspot=NEEDS_REAUTH" },
  });
  expect(refused.body.errors![0]!.extensions.code).toBe("NEEDS_REAUTH");
  expect((await stored(id)).status).toBe("ACTIVE");
  expect((await ask("injected", "hubspot")).body.errors).toBeUndefined();
});

test.each([
  ["hubspot", { accessToken: "pat-unknown-demo" }],
  ["salesforce", { accessToken: "00Dunknown", instanceUrl: "https://demo.my.salesforce.com" }],
])("a token of %s that is refused and cannot be renewed is PROVIDER_AUTH_FAILED", async (provider, credentials) => {
  await ground.connect("static", provider, { credentials });
  const { status, body } = await ask("static", provider);
  expect(status).toBe(502);
  expect(body.errors![0]!.extensions).toMatchObject({
    code: "PROVIDER_AUTH_FAILED",
    provider,
    actor: "END_USER",
    reconnectUrl: expect.stringContaining("/connect?token=ct_"),
  });
});

test("createConnection reconnects a NEEDS_REAUTH connection, which keeps its id", async () => {
  const id = await ground.connect("again", "hubspot", { credentials: expired("hubspot", "revoked-token") });
  expect((await ask("again", "hubspot")).body.errors![0]!.extensions.code).toBe("NEEDS_REAUTH");
  const { createConnection } = await server.data<{ createConnection: unknown }>(
    "mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id status } }",
    {
      variables: {
        input: { endUserId: "again", provider: "hubspot", credentials: { accessToken: "pat-sandbox-demo" } },
      },
    },
  );
  expect(createConnection).toEqual({ id, status: "ACTIVE" });
  expect((await ask("again", "hubspot")).body.errors).toBeUndefined();
});

describe("deleting a connection", () => {
  const remove = (id: string) =>
    server.query<{ deleteConnection: unknown }>("mutation ($id: ID!) { deleteConnection(id: $id) { id status } }", {
      endUserId: null,
      variables: { id },
      headers: { "x-crmesh-trace": "calls" },
    });
  const eventsOf = async (id: string) => {
    const { endUserId } = (await ground.store.connections.get(workspaceId, "test", id))!;
    const found = await ground.store.events.listByEndUser({ workspaceId, environment: "test", endUserId, limit: 10 });
    return found.map(({ type, errorCode }) => (errorCode === null ? type : `${type} ${errorCode}`));
  };

  test.each(["hubspot", "salesforce"] as const)("revokes the grant at %s", async (provider) => {
    const credentials = ground.sandbox.credentials(provider, "demo");
    const id = await ground.connect(`deleted-${provider}`, provider, { credentials });
    const { body } = await remove(id);
    expect(body.data!.deleteConnection).toEqual({ id, status: "DISCONNECTED" });
    expect(await eventsOf(id)).toEqual(["REVOKED", "DISCONNECTED", "CREATED"]);
    // The old tokens no longer work.
    const later = await ground.connect(`kept-${provider}`, provider, { credentials });
    expect((await ask(`kept-${provider}`, provider)).body.errors![0]!.extensions.code).toBe("NEEDS_REAUTH");
    await remove(later);
  });

  test("succeeds if the CRM cannot be reached, and records that in an event", async () => {
    const id = await ground.connect("deleted-offline", "hubspot");
    const { body } = await server.query("mutation ($id: ID!) { deleteConnection(id: $id) { status } }", {
      endUserId: null,
      variables: { id },
      headers: { "x-sandbox-fault": "hubspot=PROVIDER_UNAVAILABLE" },
    });
    expect(body).toMatchObject({ data: { deleteConnection: { status: "DISCONNECTED" } } });
    expect(await eventsOf(id)).toEqual(["REVOKE_FAILED PROVIDER_UNAVAILABLE", "DISCONNECTED", "CREATED"]);
  });

  test("makes no call if there is nothing to revoke", async () => {
    const id = await ground.connect("deleted-odoo", "odoo");
    expect((await remove(id)).body.extensions!.calls).toEqual([]);
    expect(await eventsOf(id)).toEqual(["DISCONNECTED", "CREATED"]);
  });
});

test("a server start repairs the demo connections", async () => {
  const find = async () => {
    const endUser = (await ground.store.endUsers.find(workspaceId, "test", "demo"))!;
    return (await ground.store.connections.listByEndUser(workspaceId, "test", endUser.id)).map(
      ({ provider, status }) => [provider, status],
    );
  };
  const endUser = (await ground.store.endUsers.find(workspaceId, "test", "demo"))!;
  const [hubspot, salesforce] = await ground.store.connections.listByEndUser(workspaceId, "test", endUser.id);
  await ground.store.connections.setStatus(hubspot!.id, hubspot!.credentialsVersion, "NEEDS_REAUTH", {
    type: "NEEDS_REAUTH",
    actor: { kind: "CRMESH" },
  });
  await ground.store.connections.disconnect(workspaceId, "test", salesforce!.id, {
    type: "DISCONNECTED",
    actor: { kind: "CRMESH" },
  });
  const restarted = await ground.serve();
  expect((await find()).sort()).toEqual(providers.all.map(({ slug }) => [slug, "ACTIVE"]).sort());
  for (const { slug } of providers.all) {
    expect((await restarted.query(CONTACTS, { provider: slug })).body.errors).toBeUndefined();
  }
});
