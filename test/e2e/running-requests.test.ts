import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { nextCall } from "../support/next-call.js";
import { Ground } from "../support/test-server.js";

const SLOW_MS = 400;
const SLOW = { "x-sandbox-fault": "hubspot=SLOW" };
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open({ slowMs: SLOW_MS });
});
afterAll(() => ground.close());

/** Resolves when an operation looks up its end user: the whole request has come by then. */
const arrival = () => nextCall(ground.store.endUsers, "find");

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

test("a server that is about to stop says so, and answers as ever", async () => {
  const server = await ground.serve();
  server.crmesh.lifecycle.drain();
  const ready = await server.fetch("/readyz");
  expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { status: "unavailable", reason: "draining" }]);
  expect((await server.fetch("/healthz")).status).toBe(200);
  const { status, body } = await server.query("{ providers { slug } }");
  expect([status, body.errors]).toEqual([200, undefined]);
});

test("a caller who hangs up stops the reads it caused, and is no failure", async () => {
  const server = await ground.serve();
  const key = await ground.key();
  const arrived = arrival();
  const gone = new AbortController();
  const running = fetch(`${server.url}?provider=hubspot`, {
    method: "POST",
    signal: gone.signal,
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, "x-end-user-id": "demo", ...SLOW },
    body: JSON.stringify({ query: CONTACTS }),
  });
  await arrived;
  gone.abort();
  await expect(running).rejects.toThrow();
  const call = await eventually(() => {
    const line = server.logs.find((text) => text.includes('"Upstream call"'));
    if (line === undefined) return undefined;
    return (JSON.parse(line) as { call: { status: number | null; attempt: number; durationMs: number } }).call;
  });
  expect(call).toMatchObject({ status: null, attempt: 1 });
  expect(call.durationMs).toBeLessThan(SLOW_MS);
  expect(server.logs.filter((text) => (JSON.parse(text) as { level: number }).level >= 50)).toEqual([]);
});

test("a request whose time is over is answered", async () => {
  const server = await ground.serve({ config: { requestTimeoutMs: 100 } });
  const { status, body } = await server.query(CONTACTS, { provider: "hubspot", headers: SLOW });
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", provider: "hubspot" });
});
