import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { nextCall } from "../support/next-call.js";
import { Ground } from "../support/test-server.js";

const SLOW = { "x-sandbox-fault": "hubspot=SLOW" };
const NEVER = { "x-sandbox-fault": "hubspot=TIMEOUT" };
/** Longer than any request takes on a busy machine. */
const PATIENCE_MS = 600_000;
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open({ slowMs: 400 });
});
afterAll(() => ground.close());

/** Resolves when an operation looks up its end user, so that the request has arrived in full. */
const arrival = () => nextCall(ground.store.endUsers, "findConnected");

test("a stop finishes running requests and accepts no new ones", async () => {
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

test("a draining server is not ready but still answers", async () => {
  const server = await ground.serve();
  server.crmesh.lifecycle.drain();
  const ready = await server.fetch("/readyz");
  expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { status: "unavailable", reason: "draining" }]);
  expect((await server.fetch("/healthz")).status).toBe(200);
  const { status, body } = await server.query("{ providers { slug } }");
  expect([status, body.errors]).toEqual([200, undefined]);
});

test("a request beyond its time limit is answered with an error", async () => {
  // Long enough for the call to begin on a busy machine, and short because the test waits for it.
  const server = await ground.serve({ config: { requestTimeoutMs: 2_000, upstreamTimeoutMs: PATIENCE_MS } });
  const { status, body } = await server.query(CONTACTS, { provider: "hubspot", headers: NEVER });
  expect(status).toBe(503);
  expect(body.errors![0]!.extensions).toMatchObject({ code: "PROVIDER_UNAVAILABLE", provider: "hubspot" });
});
