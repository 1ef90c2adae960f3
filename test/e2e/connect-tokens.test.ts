import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { moveClock, startClock, stopClock } from "../support/fake-date.js";
import { Ground, type Answer, type QueryOptions, type TestServer } from "../support/test-server.js";

const PUBLIC_URL = "https://connect.example.com";

let ground: Ground;
let server: TestServer;
/** A server with a public URL and an OAuth client for HubSpot only. */
let published: TestServer;
let liveKey: string;

beforeAll(async () => {
  // Before any object reads the clock.
  stopClock();
  ground = await Ground.open();
  server = await ground.serve({ config: { baseUrls: ground.sandbox.origins } });
  published = await ground.serve({
    config: {
      publicUrl: PUBLIC_URL,
      oauthClients: new Map([["hubspot", { id: "client-id", secret: "client-secret" }]]),
    },
  });
  liveKey = await ground.key({ environment: "live" });
});
afterAll(async () => {
  startClock();
  await ground.close();
});

interface ConnectToken {
  token: string;
  expiresAt: string;
  url: string;
}

type Created = Answer<{ createConnectToken: ConnectToken | null }>;

const CREATE = `mutation ($input: CreateConnectTokenInput!) {
  createConnectToken(input: $input) { token expiresAt url }
}`;
const RECONNECT = `mutation ($id: ID!, $redirectUrl: String) {
  reconnectConnection(id: $id, redirectUrl: $redirectUrl) { token expiresAt url }
}`;

const ask = (input: Record<string, unknown>, options: QueryOptions = {}, by = server): Promise<Created> =>
  by.query(CREATE, { ...options, variables: { input } });

async function create(input: Record<string, unknown>, options: QueryOptions = {}): Promise<ConnectToken> {
  const { body } = await ask(input, options);
  if (!body.data?.createConnectToken) throw new Error(JSON.stringify(body.errors));
  return body.data.createConnectToken;
}

describe("createConnectToken", () => {
  test("returns a token, its page and an expiry in ten minutes", async () => {
    const now = Date.now();
    const { status, body } = await ask({ endUserId: "shape" });
    expect(status).toBe(200);
    expect(body.extensions).toEqual({ http: { status: 201 } });
    const { token, expiresAt, url } = body.data!.createConnectToken!;
    expect(token).toMatch(/^ct_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(url).toBe(`${server.crmesh.origin}/connect?token=${token}`);
    expect(Date.parse(expiresAt)).toBeGreaterThan(now + 599_000);
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(now + 600_000);
  });

  test("returns a link with the public URL", async () => {
    const { body } = await ask({ endUserId: "shape" }, {}, published);
    const { token, url } = body.data!.createConnectToken!;
    expect(url).toBe(`${PUBLIC_URL}/connect?token=${token}`);
  });

  test("returns another token each time", async () => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => create({ endUserId: "shape" })));
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(5);
  });

  test("creates or updates the end user; absent inputs keep their values, null clears them", async () => {
    const read = async () =>
      (await server.data<{ endUser: unknown }>('{ endUser(endUserId: "upserted") { displayName email } }')).endUser;
    await create({ endUserId: "upserted", displayName: "Ann", email: "ann@example.com" });
    expect(await read()).toEqual({ displayName: "Ann", email: "ann@example.com" });
    await create({ endUserId: "upserted" });
    expect(await read()).toEqual({ displayName: "Ann", email: "ann@example.com" });
    await create({ endUserId: "upserted", displayName: "Anna", email: null });
    expect(await read()).toEqual({ displayName: "Anna", email: null });
  });

  test.each([
    ["endUserId", ""],
    ["endUserId", "  "],
    ["endUserId", "x".repeat(256)],
    ["endUserId", "a\u0000b"],
    ["displayName", "x".repeat(256)],
    ["email", "a\u0000b"],
    ["redirectUrl", ""],
    ["redirectUrl", "/settings"],
    ["redirectUrl", "app.example.com"],
    ["redirectUrl", "javascript:alert(1)"],
    ["redirectUrl", "data:text/html,x"],
    ["redirectUrl", "https://user:pass@app.example.com/"],
    ["redirectUrl", "https://app.example.com/#top"],
    ["redirectUrl", `https://app.example.com/${"x".repeat(2_048)}`],
  ])("%s %j is INVALID_INPUT, and no end user is created", async (name, value) => {
    const { status, body } = await ask({ endUserId: "unmade", [name]: value });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toMatchObject({ code: "INVALID_INPUT" });
    expect(Object.keys(body.errors![0]!.extensions.errors!)).toEqual([`input.${name}`]);
    expect(body.extensions).toBeUndefined();
    const known = await server.query('{ endUser(endUserId: "unmade") { id } }');
    expect(known.body.errors![0]!.extensions.code).toBe("END_USER_NOT_FOUND");
  });

  test("without an end user is MISSING_REQUIRED", async () => {
    const { body } = await ask({ displayName: "Nobody" });
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "MISSING_REQUIRED",
      errors: { "input.endUserId": expect.any(String) },
    });
  });

  test("for an unknown provider is PROVIDER_NOT_FOUND", async () => {
    const { status, body } = await ask({ endUserId: "unmade", provider: "nosuch" });
    expect(status).toBe(404);
    expect(body.errors![0]!.extensions.code).toBe("PROVIDER_NOT_FOUND");
  });
});

describe("live and test", () => {
  test.each([
    ["https://app.example.com/settings?tab=crm", true, true],
    ["http://localhost:3000/", true, true],
    ["http://127.0.0.1/", true, true],
    ["http://app.example.com/", true, false],
  ])("redirectUrl %s: test %j, live %j", async (redirectUrl, inTest, inLive) => {
    const answers = await Promise.all([
      ask({ endUserId: "environments", redirectUrl }),
      ask({ endUserId: "environments", redirectUrl }, { key: liveKey }),
    ]);
    expect(answers.map(({ body }) => !body.errors)).toEqual([inTest, inLive]);
    for (const { body } of answers) {
      if (body.errors) expect(Object.keys(body.errors[0]!.extensions.errors!)).toEqual(["input.redirectUrl"]);
    }
  });

  test("a provider without an OAuth client is not configured for live keys, and the error names the missing setting", async () => {
    const configured = async (key?: string) =>
      (
        await published.data<{ providers: { slug: string; configured: boolean }[] }>(
          "{ providers { slug configured } }",
          {
            key,
          },
        )
      ).providers.map((provider) => [provider.slug, provider.configured]);
    expect(await configured()).toEqual(providers.all.map(({ slug }) => [slug, true]));
    expect(await configured(liveKey)).toEqual(
      providers.all.map(({ slug, oauth }) => [slug, slug === "hubspot" || oauth === undefined]),
    );
    for (const [provider, isOffered] of await configured(liveKey)) {
      const { body } = await ask({ endUserId: "environments", provider }, { key: liveKey }, published);
      expect([provider, body.errors?.[0]?.extensions.code]).toEqual([
        provider,
        isOffered ? undefined : "INVALID_INPUT",
      ]);
      if (isOffered) continue;
      const problem = body.errors![0]!.extensions.errors!["input.provider"];
      expect(problem).toContain(`CRMESH_${String(provider).toUpperCase()}_CLIENT_ID`);
      expect(problem).toContain(`CRMESH_${String(provider).toUpperCase()}_CLIENT_SECRET`);
    }
  });

  test.each(["test", "live"] as const)(
    "a connection made by a token of a %s key exists for that environment only",
    async (environment) => {
      const keys = { test: await ground.key(), live: liveKey };
      const endUserId = `odoo-${environment}`;
      for (const key of Object.values(keys)) await create({ endUserId }, { key });
      const { url } = await create({ endUserId, provider: "odoo" }, { key: keys[environment] });
      const browser = new EndUserBrowser();
      const home = await browser.open(url);
      const form = { ...ground.sandbox.credentials("odoo", "holder"), url: "https://holder.odoo.com" };
      const done = await browser.submit(
        home,
        `${new URL(home.url).pathname.match(/^\/connect\/[\w-]+/)![0]}/odoo`,
        form,
      );
      expect(done.status).toBe(200);
      for (const [where, key] of Object.entries(keys)) {
        const { connections } = await server.data<{ connections: unknown[] }>(
          "{ connections { status provider { slug } } }",
          { key, endUserId },
        );
        const expected = where === environment ? [{ status: "ACTIVE", provider: { slug: "odoo" } }] : [];
        expect([where, connections]).toEqual([where, expected]);
      }
    },
  );
});

describe("the page of a token", () => {
  test("opens once", async () => {
    const { url } = await create({ endUserId: "opener" });
    const pages = await Promise.all(Array.from({ length: 5 }, () => new EndUserBrowser().open(url)));
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
    for (const { status, text } of pages) if (status === 410) expect(text).toContain("already been used");
  });

  test("does not open after ten minutes", async () => {
    const [early, late] = [await create({ endUserId: "opener" }), await create({ endUserId: "opener" })];
    moveClock(598_000);
    expect((await new EndUserBrowser().open(early.url)).status).toBe(200);
    moveClock(2_000);
    const page = await new EndUserBrowser().open(late.url);
    expect(page.status).toBe(410);
    expect(page.text).toContain("expired");
  });

  test.each<[string, (token: string) => string]>([
    ["none", () => ""],
    ["a bare prefix", () => "ct_"],
    ["a text", () => "ct_abc"],
    ["one that is cut off", (token) => token.slice(0, -1)],
    ["one without its prefix", (token) => token.slice(3)],
    ["one with another payload", (token) => replacePart(token, 1, { ...payloadOf(token), eu: "eu_other" })],
    ["one of no algorithm", (token) => replacePart(token, 0, { alg: "none" }).replace(/\.[^.]*$/, ".")],
    ["one of an unknown key", (token) => replacePart(token, 0, { alg: "HS256", kid: "nosuch" })],
    ["an API key", () => "sk_test_demo"],
  ])("%s is refused on a clear page", async (_name, change) => {
    const { token, url } = await create({ endUserId: "opener" });
    const wrong = change(token);
    const page = await new EndUserBrowser().open(`${server.crmesh.origin}/connect?token=${wrong}`);
    expect(page.status).toBe(404);
    expect(page.text).toContain("does not work");
    expect(page.text).not.toMatch(/Error:|node_modules|\.ts:|JWS|JWT/);
    // A refused token does not spend the valid one.
    expect((await new EndUserBrowser().open(url)).status).toBe(200);
  });
});

describe("reconnectConnection", () => {
  test("returns a link for the connection's provider and end user", async () => {
    const id = await ground.connect("mender", "hubspot", { account: "mender" });
    const { reconnectConnection } = await server.data<{ reconnectConnection: ConnectToken }>(RECONNECT, {
      endUserId: "mender",
      variables: { id, redirectUrl: "https://app.example.com/done" },
    });
    expect(reconnectConnection.url).toBe(`${server.crmesh.origin}/connect?token=${reconnectConnection.token}`);
    const done = await new EndUserBrowser().consent(reconnectConnection.url, "hubspot", "mender-2");
    expect(done.url).toMatch(/^https:\/\/app\.example\.com\/done\b/);
    const { connections } = await server.data<{ connections: unknown[] }>("{ connections { id status scopes } }", {
      endUserId: "mender",
    });
    expect(connections).toEqual([
      { id, status: "ACTIVE", scopes: expect.arrayContaining(["crm.objects.contacts.read"]) },
    ]);
  });

  test("does not open other providers", async () => {
    const id = await ground.connect("narrow", "odoo");
    const { reconnectConnection } = await server.data<{ reconnectConnection: ConnectToken }>(RECONNECT, {
      endUserId: "narrow",
      variables: { id },
    });
    const browser = new EndUserBrowser();
    const home = await browser.open(reconnectConnection.url);
    const session = /^\/connect\/[\w-]+/.exec(new URL(home.url).pathname)![0];
    const other = await browser.open(new URL(`${session}/hubspot`, home.url).href);
    expect(other.status).toBe(404);
  });

  test("can do nothing but reconnect: not disconnect, and not connect again what has ended", async () => {
    const id = await ground.connect("strict", "hubspot", { account: "strict" });
    const link = async () =>
      (
        await server.data<{ reconnectConnection: ConnectToken }>(RECONNECT, {
          endUserId: "strict",
          variables: { id },
        })
      ).reconnectConnection.url;
    const browser = new EndUserBrowser();
    const home = await browser.open(await link());
    expect(home.status).toBe(200);
    expect(home.text).not.toContain("/disconnect");
    const session = /^\/connect\/[\w-]+/.exec(new URL(home.url).pathname)![0];
    const disconnect = `${session}/hubspot/disconnect`;
    expect((await browser.open(new URL(disconnect, home.url).href)).status).toBe(404);
    expect((await browser.submit(home, disconnect, {})).status).toBe(404);
    const still = await server.data<{ connection: unknown }>("query ($id: ID!) { connection(id: $id) { status } }", {
      endUserId: "strict",
      variables: { id },
    });
    expect(still.connection).toEqual({ status: "ACTIVE" });

    const [open, unopened] = [new EndUserBrowser(), await link()];
    const before = await open.open(await link());
    await server.data("mutation ($id: ID!) { deleteConnection(id: $id) { id } }", {
      endUserId: "strict",
      variables: { id },
    });
    const late = await new EndUserBrowser().open(unopened);
    expect([late.status, late.text]).toEqual([410, expect.stringContaining("This connection has ended")]);
    const path = new URL(before.url).pathname;
    const resumed = await open.open(new URL(`${path}/authorize`, before.url).href);
    expect(resumed.status).toBe(410);
    expect(await server.data("{ connections { id } }", { endUserId: "strict" })).toEqual({ connections: [] });
  });

  test.each(["javascript:alert(1)", "/settings"])("redirectUrl %j is INVALID_INPUT", async (redirectUrl) => {
    const { connections } = await server.data<{ connections: { id: string }[] }>("{ connections { id } }");
    const { body } = await server.query(RECONNECT, { variables: { id: connections[0]!.id, redirectUrl } });
    expect(body.errors![0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { redirectUrl: expect.any(String) },
    });
  });

  test("for a disconnected or unknown connection is CONNECTION_NOT_FOUND", async () => {
    const id = await ground.connect("gone", "odoo");
    await server.data("mutation ($id: ID!) { deleteConnection(id: $id) { id } }", {
      endUserId: "gone",
      variables: { id },
    });
    for (const gone of [id, "con_0000000000000000000000000", ""]) {
      const { status, body } = await server.query(RECONNECT, { variables: { id: gone } });
      expect([gone, status, body.errors![0]!.extensions.code]).toEqual([gone, 404, "CONNECTION_NOT_FOUND"]);
    }
  });
});

test("no log line of this file contains a token", () => {
  const answers = [...server.answers, ...published.answers].join("\n");
  const logs = [...server.logs, ...published.logs].join("\n");
  const tokens = new Set(answers.match(/ct_[\w-]+\.[\w-]+\.[\w-]+/g));
  expect(tokens.size).toBeGreaterThan(30);
  expect(logs).toContain('"path":"/connect"');
  expect(logs).not.toContain("ct_");
});

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as Record<string, unknown>;
}

/** The token with another header (0) or payload (1) but its old signature. */
function replacePart(token: string, part: 0 | 1, content: object): string {
  const parts = token.slice(3).split(".");
  parts[part] = Buffer.from(JSON.stringify(content)).toString("base64url");
  return `ct_${parts.join(".")}`;
}
