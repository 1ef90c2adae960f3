import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hashApiKey } from "../../src/store/api-key-secret.js";
import { openStore } from "../../src/store/open-store.js";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

/** The configuration of `CRMESH_SANDBOX=on CRMESH_EXPLORER=graphiql` in production. */
const PRODUCTION = { production: true, sandbox: true, explorer: "graphiql" } as const;
const QUERY = '{ contacts(provider: "hubspot", first: 1) { nodes { fullName } } }';

let ground: Ground;
let development: TestServer;
let production: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  // Uses the same store, as a server does that was first used in development.
  development = await ground.serve();
  production = await ground.serve({ config: PRODUCTION });
});
afterAll(() => ground.close());

test("works at a development server, but not at a production server with the same data", async () => {
  expect((await development.query(QUERY)).status).toBe(200);
  const { status, body } = await production.query(QUERY);
  expect([status, body.errors![0]!.extensions.code]).toEqual([401, "INVALID_API_KEY"]);
});

test("other test keys reach the sandbox in production", async () => {
  const { status, body } = await production.query(QUERY, { key: await ground.key() });
  expect([status, body.errors]).toEqual([200, undefined]);
});

test("is not created in production", async () => {
  const store = await openStore({ dataDir: null });
  try {
    const fresh = await ground.serve({ config: PRODUCTION, store });
    expect(await store.apiKeys.findByHash(hashApiKey(DEMO_KEY))).toBeNull();
    await fresh.crmesh.close();
  } finally {
    await store.close();
  }
});

test("keeps its workspace when that gets another name", async () => {
  const store = await openStore({ dataDir: null });
  try {
    await (await ground.serve({ store })).crmesh.close();
    await store.workspaces.rename("demo", "Acme");
    const again = await ground.serve({ store });
    expect((await store.workspaces.list()).map(({ name }) => name)).toEqual(["Acme"]);
    expect((await again.query(QUERY)).status).toBe(200);
    await again.crmesh.close();
  } finally {
    await store.close();
  }
});

// For the pages: explorer.test.ts.
test("is not shown in production", () => {
  expect([development.crmesh.demo?.key, production.crmesh.demo?.key]).toEqual([DEMO_KEY, null]);
});
