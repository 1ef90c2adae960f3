import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { Ground, type TestServer } from "../support/test-server.js";
import { eventually } from "../support/eventually.js";
import { json, startLocalServer } from "../upstream/local-server.js";

const BY_CRMESH = { actor: { kind: "CRMESH" } } as const;
/** Owners, labels and custom fields: what crmesh remembers of an account for ten minutes. */
const DETAILS = `{
  contacts(first: 20) { nodes { nativeId fullName lifecycleStage owner { nativeId name email } customFields { key label value } } }
  leads(first: 20) { nodes { nativeId subject status owner { nativeId name } customFields { key label value } } }
  meetings(first: 20) { nodes { nativeId title owner { nativeId name } customFields { key label value } } }
}`;

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

/** What an end user would enter for an account of the sandbox CRM. */
function entered(slug: string, account: string): Record<string, string> {
  const held = ground.sandbox.credentials(slug, account);
  const names = providers.get(slug).credentialFields.map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => (name in held ? [[name, held[name]!]] : [])));
}

/** The records, and the calls that crmesh needed for them: also those for owners, labels and definitions not yet known. */
async function details(on: TestServer, endUserId: string, provider: string) {
  const { body } = await on.query(DETAILS, { endUserId, provider, headers: { "x-crmesh-trace": "calls" } });
  return {
    data: body.data,
    errors: body.errors?.map(({ path, extensions }) => [path, extensions.code]),
    calls: body.extensions!.calls!.map(({ method, path, records }) => `${method} ${path} ${records}`).sort(),
  };
}

async function reconnect(on: TestServer, endUserId: string, provider: string, id: string, account: string) {
  const { store } = ground;
  const { id: workspaceId } = await store.workspaces.ensure("demo");
  const row = (await store.connections.get(workspaceId, "test", id))!;
  await store.connections.setStatus(id, row.credentialsVersion, "NEEDS_REAUTH", { ...BY_CRMESH, type: "NEEDS_REAUTH" });
  expect(await connect(on, endUserId, provider, account)).toBe(id);
}

/** Creates a connection as callers do, or gives new credentials to one that needs them. */
async function connect(on: TestServer, endUserId: string, provider: string, account: string): Promise<string> {
  await ground.endUser(endUserId);
  const { createConnection } = await on.data<{ createConnection: { id: string } }>(
    "mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }",
    { variables: { input: { endUserId, provider, credentials: entered(provider, account) } } },
  );
  return createConnection.id;
}

const OTHER = "other-account";

test.each(providers.all.map(({ slug }) => slug))(
  "%s: after a reconnect to another account, owners, labels and custom fields are those of that account at once",
  async (slug) => {
    const [moved, fresh] = [`moved-${slug}`, `fresh-${slug}`];
    const id = await connect(server, moved, slug, "demo");
    await connect(server, fresh, slug, OTHER);
    const before = await details(server, moved, slug);
    await reconnect(server, moved, slug, id, OTHER);
    const after = await details(server, moved, slug);
    expect(after.data).not.toEqual(before.data);
    expect(after).toEqual(await details(server, fresh, slug));
  },
);

test("another replica uses the new account's owners, labels and custom fields as soon as it sees the reconnect", async () => {
  const replica = await ground.serve();
  const [moved, fresh] = ["moved-replica", "fresh-replica"];
  const id = await connect(server, moved, "hubspot", "demo");
  await connect(server, fresh, "hubspot", OTHER);
  const before = JSON.stringify((await details(replica, moved, "hubspot")).data);
  await reconnect(server, moved, "hubspot", id, OTHER);
  const after = await eventually(async () => {
    const now = await details(replica, moved, "hubspot");
    return JSON.stringify(now.data) === before ? undefined : now;
  });
  expect(after).toEqual(await details(server, fresh, "hubspot"));
});

test("the rate limit and the last error of the old account are not told for the new one", async () => {
  const crm = await startLocalServer();
  try {
    const live = await ground.serve({
      config: { baseUrls: new Map([["hubspot", crm.origin]]), allowPrivateHosts: true },
    });
    const key = await ground.key({ environment: "live" });
    const endUserId = "moved-live";
    const options = { key, endUserId };
    const id = await ground.connect(endUserId, "hubspot", {
      environment: "live",
      credentials: { accessToken: "pat-old" },
    });
    const health = async () => {
      const { connections } = await live.data<{ connections: { health: unknown }[] }>(
        "{ connections { health { rateLimit { limit } lastError { code } } } }",
        options,
      );
      return connections[0]!.health;
    };
    const contacts = () =>
      live.query("{ contacts(first: 1) { nodes { fullName } } }", { ...options, provider: "hubspot" });
    crm.answer(json(429, {}, { "retry-after": "600", "x-hubspot-ratelimit-max": "7" }));
    await contacts();
    const told = { rateLimit: { limit: 7 }, lastError: { code: "PROVIDER_RATE_LIMITED" } };
    expect(await health()).toEqual(told);
    const { id: workspaceId } = await ground.store.workspaces.ensure("demo");
    const row = (await ground.store.connections.get(workspaceId, "live", id))!;
    await ground.store.connections.setStatus(id, row.credentialsVersion, "NEEDS_REAUTH", {
      ...BY_CRMESH,
      type: "NEEDS_REAUTH",
    });
    crm.answer(json(200, { portalId: 1, results: [] }));
    const input = { endUserId, provider: "hubspot", credentials: { accessToken: "pat-new" } };
    await live.data("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
      key,
      variables: { input },
    });
    expect(await health()).toEqual({ rateLimit: null, lastError: null });
    // The pace of the old account, which asked for ten minutes, holds no call of the new one.
    expect((await contacts()).body.errors).toBeUndefined();
  } finally {
    await crm.close();
  }
});
