import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { moveClock, startClock, stopClock } from "../support/fake-date.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
let keyId: string;
let workspaceId: string;
/** Every credential of this file, for the search for secrets at the end. */
const secrets = new Set<string>();

beforeAll(async () => {
  // Before any object reads the clock.
  stopClock();
  ground = await Ground.open();
  server = await ground.serve();
  workspaceId = (await ground.store.workspaces.ensure("demo")).id;
  keyId = (await ground.store.apiKeys.list(workspaceId)).find(({ name }) => name === "Demo")!.id;
});
afterAll(async () => {
  startClock();
  await ground.close();
});

interface Event {
  id: string;
  type: string;
  connectionId: string;
  provider: { slug: string } | null;
  actor: { kind: string; apiKeyId: string | null };
  errorCode: string | null;
  detail: string | null;
  requestId: string | null;
  createdAt: string;
}

const EVENTS = `query ($endUserId: ID, $connectionId: ID, $first: Int, $after: String) {
  connectionEvents(endUserId: $endUserId, connectionId: $connectionId, first: $first, after: $after) {
    edges { cursor node { id } }
    nodes { id type connectionId provider { slug } actor { kind apiKeyId } errorCode detail requestId createdAt }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  nodes: Event[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

async function page(variables: Record<string, unknown>, by = server): Promise<Page> {
  return (await by.data<{ connectionEvents: Page }>(EVENTS, { endUserId: null, variables })).connectionEvents;
}

async function latest(endUserId: string, by = server): Promise<Event> {
  return (await page({ endUserId, first: 1 }, by)).nodes[0]!;
}

async function noteSecrets(id: string): Promise<void> {
  const row = (await ground.store.connections.get(workspaceId, "test", id))!;
  const { accessToken, refreshToken } = (await ground.vault.decrypt(id, row.credentials!)) as Record<string, string>;
  for (const secret of [accessToken, refreshToken]) if (secret !== undefined) secrets.add(secret);
}

const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const CRMESH = { kind: "CRMESH", apiKeyId: null };
const END_USER = { kind: "END_USER", apiKeyId: null };
/** Longer than the lifetime of a HubSpot access token. */
const TOKEN_LIFETIME_MS = 31 * 60_000;

describe("the life of a connection", () => {
  let id: string;
  let reconnectUrl: string;

  const read = (requestId: string) =>
    server.query(CONTACTS, {
      endUserId: "story",
      provider: "hubspot",
      headers: { "x-request-id": requestId, "x-crmesh-trace": "calls" },
    });
  const connection = async () =>
    (
      await server.data<{ connections: { id: string; status: string; tokenExpiresAt: string; scopes: string[] }[] }>(
        "{ connections { id status tokenExpiresAt scopes accountName updatedAt } }",
        { endUserId: "story" },
      )
    ).connections[0]!;

  beforeAll(() => {
    moveClock(1_000);
  });

  test("has an event when the end user connects on the Connect pages", async () => {
    const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
      'mutation { createConnectToken(input: { endUserId: "story", provider: "hubspot" }) { url } }',
    );
    expect((await new EndUserBrowser().consent(createConnectToken.url, "hubspot", "story")).status).toBe(200);
    const made = await connection();
    id = made.id;
    expect(made).toMatchObject({ status: "ACTIVE", scopes: expect.arrayContaining(["crm.objects.contacts.read"]) });
    expect(Date.parse(made.tokenExpiresAt)).toBe(Date.now() + 30 * 60_000);
    expect(await latest("story")).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: "CREATED",
      connectionId: id,
      provider: { slug: "hubspot" },
      actor: END_USER,
      errorCode: null,
      detail: null,
      requestId: expect.any(String),
      createdAt: new Date().toISOString(),
    });
    await noteSecrets(id);
  });

  test("has an event when crmesh renews the credential during a request", async () => {
    moveClock(TOKEN_LIFETIME_MS);
    expect((await read("renewing-1")).body.errors).toBeUndefined();
    expect(await latest("story")).toMatchObject({ type: "REFRESHED", actor: CRMESH, requestId: "renewing-1" });
    expect(Date.parse((await connection()).tokenExpiresAt)).toBe(Date.now() + 30 * 60_000);
    await noteSecrets(id);
  });

  test("has one event when it becomes NEEDS_REAUTH", async () => {
    ground.sandbox.revoke("hubspot", "story");
    moveClock(TOKEN_LIFETIME_MS);
    const refused = await read("refused-1");
    expect(refused.status).toBe(403);
    expect(refused.body.errors![0]!.extensions).toMatchObject({ code: "NEEDS_REAUTH", connectionId: id });
    const again = await read("refused-2");
    expect(again.body.errors![0]!.extensions.code).toBe("NEEDS_REAUTH");
    expect(again.body.extensions!.calls).toEqual([]);
    const [first, second] = (await page({ endUserId: "story", first: 2 })).nodes;
    expect(first).toMatchObject({
      type: "NEEDS_REAUTH",
      actor: CRMESH,
      errorCode: "NEEDS_REAUTH",
      requestId: "refused-1",
    });
    expect(second).toMatchObject({ type: "REFRESHED" });
    expect(await connection()).toMatchObject({ id, status: "NEEDS_REAUTH" });
    reconnectUrl = again.body.errors![0]!.extensions.reconnectUrl!;
  });

  test("has an event when the end user reconnects by the link of the error", async () => {
    moveClock(1_000);
    expect((await new EndUserBrowser().consent(reconnectUrl, "hubspot", "story-2")).status).toBe(200);
    expect(await connection()).toMatchObject({ id, status: "ACTIVE" });
    expect(await latest("story")).toMatchObject({ type: "RECONNECTED", connectionId: id, actor: END_USER });
    expect((await read("mended-1")).body.errors).toBeUndefined();
    await noteSecrets(id);
  });

  test("has events when an API key deletes it and the grant is revoked", async () => {
    moveClock(1_000);
    await server.data("mutation ($id: ID!) { deleteConnection(id: $id) { status health { circuit } } }", {
      endUserId: null,
      variables: { id },
      headers: { "x-request-id": "ending-1" },
    });
    const ended = (await page({ endUserId: "story", first: 2 })).nodes;
    // Both have the same time, because the clock is stopped.
    expect(ended.map(({ type }) => type).sort()).toEqual(["DISCONNECTED", "REVOKED"]);
    for (const event of ended) {
      expect(event).toMatchObject({
        connectionId: id,
        actor: { kind: "API_KEY", apiKeyId: keyId },
        requestId: "ending-1",
        errorCode: null,
      });
    }
  });

  test("keeps its events after it has ended", async () => {
    const all = (await page({ endUserId: "story" })).nodes;
    const one = (await page({ endUserId: "story", connectionId: id })).nodes;
    expect(one).toEqual(all);
    expect(all.map(({ type }) => type).slice(2)).toEqual(["RECONNECTED", "NEEDS_REAUTH", "REFRESHED", "CREATED"]);
    const times = all.map(({ createdAt }) => Date.parse(createdAt));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });
});

describe("an action of an API key", () => {
  const give = (endUserId: string, requestId: string) =>
    server.data<{ createConnection: { id: string } }>(
      "mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }",
      {
        variables: { input: { endUserId, provider: "hubspot", credentials: { accessToken: "pat-sandbox-given" } } },
        headers: { "x-request-id": requestId },
      },
    );

  test("has an event with the key and the request id", async () => {
    await ground.endUser("given");
    const { createConnection } = await give("given", "giving-1");
    const actor = { kind: "API_KEY", apiKeyId: keyId };
    expect(await latest("given")).toMatchObject({ type: "CREATED", actor, requestId: "giving-1" });

    const row = (await ground.store.connections.get(workspaceId, "test", createConnection.id))!;
    moveClock(1_000);
    await ground.store.connections.setStatus(row.id, row.credentialsVersion, "NEEDS_REAUTH", {
      type: "NEEDS_REAUTH",
      actor: { kind: "CRMESH" },
    });
    const restarted = await ground.serve();
    moveClock(1_000);
    await restarted.data("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
      variables: {
        input: { endUserId: "given", provider: "hubspot", credentials: { accessToken: "pat-sandbox-given" } },
      },
      headers: { "x-request-id": "giving-2" },
    });
    expect(await latest("given")).toMatchObject({
      type: "RECONNECTED",
      connectionId: createConnection.id,
      actor,
      requestId: "giving-2",
    });
  });

  test("has an event of the acting key only", async () => {
    const key = await ground.key();
    const id = await ground.connect("two-keys", "odoo");
    moveClock(1_000);
    await server.data("mutation ($id: ID!) { deleteConnection(id: $id) { id } }", {
      key,
      endUserId: null,
      variables: { id },
    });
    const { actor } = await latest("two-keys");
    expect(actor).toEqual({ kind: "API_KEY", apiKeyId: expect.stringMatching(/^key_/) });
    expect(actor.apiKeyId).not.toBe(keyId);
  });

  test("that is refused leaves no event", async () => {
    await ground.endUser("refused");
    await server.query("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
      variables: { input: { endUserId: "refused", provider: "hubspot", credentials: { accessToken: "pat-wrong" } } },
    });
    expect(await page({ endUserId: "refused" })).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});

describe("a CRM that is down", () => {
  let away: TestServer;
  let liveKey: string;
  let id: string;
  beforeAll(async () => {
    // Nothing listens on this port.
    const nowhere = new Map([["hubspot", "http://127.0.0.1:1"]]);
    const oauthClients = new Map([["hubspot", { id: "client-id", secret: "client-secret" }]]);
    away = await ground.serve({ config: { baseUrls: nowhere, oauthClients } });
    liveKey = await ground.key({ environment: "live" });
    const expiresAt = new Date(Date.now() - 1_000).toISOString();
    const credentials: Record<string, string> = { ...ground.sandbox.credentials("hubspot", "away"), expiresAt };
    for (const secret of [credentials["accessToken"], credentials["refreshToken"]]) secrets.add(secret!);
    id = await ground.connect("away", "hubspot", { environment: "live", credentials });
    moveClock(1_000);
  });

  const events = async () =>
    (await away.data<{ connectionEvents: Page }>(EVENTS, { key: liveKey, variables: { endUserId: "away" } }))
      .connectionEvents.nodes;

  test("causes one failed-renewal event a minute and leaves the connection ACTIVE", async () => {
    for (const requestId of ["away-1", "away-2"]) {
      const { body } = await away.query(CONTACTS, {
        key: liveKey,
        endUserId: "away",
        provider: "hubspot",
        headers: { "x-request-id": requestId },
      });
      expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", connectionId: id });
      expect(body.errors![0]!.extensions.reconnectUrl).toBeUndefined();
    }
    expect(await events()).toMatchObject([
      { type: "REFRESH_FAILED", actor: CRMESH, errorCode: "PROVIDER_UNAVAILABLE", requestId: "away-1" },
      { type: "CREATED" },
    ]);
  });

  test("does not prevent a connection from being deleted", async () => {
    moveClock(1_000);
    const { deleteConnection } = await away.data<Record<string, unknown>>(
      "mutation ($id: ID!) { deleteConnection(id: $id) { status } }",
      { key: liveKey, endUserId: null, variables: { id } },
    );
    expect(deleteConnection).toEqual({ status: "DISCONNECTED" });
    const [first, second] = await events();
    expect([first!.type, second!.type].sort()).toEqual(["DISCONNECTED", "REVOKE_FAILED"]);
    expect([first, second].find((event) => event!.type === "REVOKE_FAILED")).toMatchObject({
      errorCode: "PROVIDER_UNAVAILABLE",
      actor: { kind: "API_KEY" },
    });
  });
});

describe("pages", () => {
  let expected: string[];
  beforeAll(async () => {
    const id = await ground.connect("pages", "hubspot");
    const row = (await ground.store.connections.get(workspaceId, "test", id))!;
    for (let refused = 1; refused <= 12; refused += 1) {
      moveClock(1_000);
      const requestId = `page-${refused}`;
      await ground.store.events.append(row, { type: "REFRESH_FAILED", actor: { kind: "CRMESH" }, requestId });
    }
    expected = (await page({ endUserId: "pages" })).nodes.map(({ id: eventId }) => eventId);
  });

  test.each([1, 4, 5, 13, 100])("of %i have every event once", async (first) => {
    expect(expected).toHaveLength(13);
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { edges, nodes, pageInfo }: Page = await page({ endUserId: "pages", first, after });
      expect(edges.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id));
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0]!.cursor,
        endCursor: edges.at(-1)!.cursor,
      });
      ids.push(...nodes.map(({ id }) => id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(ids).toEqual(expected);
  });

  test("continue at their cursor after new events", async () => {
    const { pageInfo } = await page({ endUserId: "pages", first: 3 });
    moveClock(1_000);
    const id = await ground.connect("pages", "odoo");
    const { nodes } = await page({ endUserId: "pages", first: 100, after: pageInfo.endCursor });
    expect(nodes.map((event) => event.id)).toEqual(expected.slice(3));
    expect((await latest("pages")).connectionId).toBe(id);
  });

  test.each([0, -1, 101])("of %i are INVALID_INPUT", async (first) => {
    const { body } = await server.query(EVENTS, { variables: { first } });
    expect(body.errors![0]!.extensions).toMatchObject({ code: "INVALID_INPUT", errors: { first: expect.any(String) } });
  });

  test("refuse a cursor of another list", async () => {
    const { pageInfo } = await page({ endUserId: "pages", first: 1 });
    const { connections } = await server.data<{ connections: { id: string }[] }>("{ connections { id } }", {
      endUserId: "pages",
    });
    for (const variables of [
      { endUserId: "demo", after: pageInfo.endCursor },
      { endUserId: "pages", connectionId: connections[0]!.id, after: pageInfo.endCursor },
      { endUserId: "pages", after: "nonsense" },
      { endUserId: "pages", after: expected[0] },
    ]) {
      const { body } = await server.query(EVENTS, { variables });
      expect(body.errors![0]!.extensions).toMatchObject({
        code: "INVALID_INPUT",
        errors: { after: expect.any(String) },
      });
    }
  });
});

describe("selection of events", () => {
  test("the header names the end user if the argument is absent", async () => {
    const { connectionEvents } = await server.data<{ connectionEvents: Page }>(EVENTS, { endUserId: "pages" });
    expect(connectionEvents.nodes).toEqual((await page({ endUserId: "pages" })).nodes);
    const { body } = await server.query(EVENTS, { endUserId: null });
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "MISSING_REQUIRED",
      errors: { endUserId: expect.any(String) },
    });
  });

  test("a connection of another end user is CONNECTION_NOT_FOUND", async () => {
    const id = await ground.connect("other", "odoo");
    expect((await page({ endUserId: "other", connectionId: id })).nodes).toHaveLength(1);
    for (const connectionId of [id, "con_0000000000000000000000000", "", "con\u0000"]) {
      const { status, body } = await server.query(EVENTS, { variables: { endUserId: "pages", connectionId } });
      expect([connectionId, status, body.errors![0]!.extensions.code]).toEqual([
        connectionId,
        404,
        "CONNECTION_NOT_FOUND",
      ]);
    }
  });
});

test("no answer or log line contains a secret", () => {
  expect(secrets.size).toBeGreaterThanOrEqual(6);
  const everything = [...server.answers, ...server.logs].join("\n");
  for (const secret of [...secrets, "pat-sandbox-given", "sandbox-secret", "client-secret"])
    expect(everything).not.toContain(secret);
  expect(server.logs.join("\n")).not.toMatch(/ct_[\w-]+\./);
});
