import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Ground } from "../support/test-server.js";

const SLOW_MS = 400;
const SLOW = { "x-sandbox-fault": "hubspot=SLOW" };
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open({ slowMs: SLOW_MS });
});
afterAll(() => ground.close());

/** Resolves when a request has come as far as its key being looked up. */
function arrival(): Promise<void> {
  const { apiKeys } = ground.store;
  return new Promise((resolve) => {
    const findByHash: typeof apiKeys.findByHash = (hash) => {
      delete (apiKeys as Partial<typeof apiKeys>).findByHash;
      resolve();
      return apiKeys.findByHash(hash);
    };
    Object.assign(apiKeys, { findByHash });
  });
}

test("a stop finishes what runs and takes nothing new", async () => {
  const server = await ground.serve();
  const key = await ground.key();
  const arrived = arrival();
  const running = server.query(CONTACTS, { provider: "hubspot", headers: SLOW, key });
  await arrived;
  const stopping = server.crmesh.close();
  const { status, body } = await running;
  expect([status, body.errors]).toEqual([200, undefined]);
  await stopping;
  await expect(server.query(CONTACTS, { provider: "hubspot" })).rejects.toThrow();
});

test("a request whose time is over is answered", async () => {
  // Long enough for a busy machine to have the call under way when the time is over.
  const server = await ground.serve({ config: { requestTimeoutMs: 3_000 } });
  const headers = { "x-sandbox-fault": "hubspot=TIMEOUT" };
  const { status, body } = await server.query(CONTACTS, { provider: "hubspot", headers });
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", provider: "hubspot" });
});
