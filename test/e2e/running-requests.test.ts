import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { Ground } from "../support/test-server.js";

const SLOW = { "x-sandbox-fault": "hubspot=SLOW" };
const NEVER = { "x-sandbox-fault": "hubspot=TIMEOUT" };
/** Longer than anything takes on a busy machine. */
const PATIENCE_MS = 600_000;
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open({ slowMs: 400 });
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

test("a caller who hangs up stops the reads it caused, and is no failure", async () => {
  const server = await ground.serve({ config: { upstreamTimeoutMs: PATIENCE_MS, requestTimeoutMs: PATIENCE_MS } });
  const key = await ground.key();
  const arrived = arrival();
  const gone = new AbortController();
  const running = fetch(`${server.url}?provider=hubspot`, {
    method: "POST",
    signal: gone.signal,
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, "x-end-user-id": "demo", ...NEVER },
    body: JSON.stringify({ query: CONTACTS }),
  });
  await arrived;
  gone.abort();
  await expect(running).rejects.toThrow();
  // Nothing but the caller's leaving ends it: there is no answer, and the time-out is far away.
  const call = await eventually(() => {
    const line = server.logs.find((text) => text.includes('"Upstream call"'));
    if (line === undefined) return undefined;
    return (JSON.parse(line) as { call: { status: number | null; attempt: number; durationMs: number } }).call;
  });
  expect(call).toMatchObject({ status: null, attempt: 1 });
  expect(call.durationMs).toBeLessThan(PATIENCE_MS);
  expect(server.logs.filter((text) => (JSON.parse(text) as { level: number }).level >= 50)).toEqual([]);
});

test("a request whose time is over is answered", async () => {
  // Time enough for the call to begin, also on a busy machine; it is waited for, so it is not more.
  const server = await ground.serve({ config: { requestTimeoutMs: 2_000, upstreamTimeoutMs: PATIENCE_MS } });
  const { status, body } = await server.query(CONTACTS, { provider: "hubspot", headers: NEVER });
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", provider: "hubspot" });
});
