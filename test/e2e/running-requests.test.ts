import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { nextCall } from "../support/next-call.js";
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

test("a request whose time is over is answered", async () => {
  // Time enough for the call to begin, also on a busy machine; it is waited for, so it is not more.
  const server = await ground.serve({ config: { requestTimeoutMs: 2_000, upstreamTimeoutMs: PATIENCE_MS } });
  const { status, body } = await server.query(CONTACTS, { provider: "hubspot", headers: NEVER });
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", provider: "hubspot" });
});
