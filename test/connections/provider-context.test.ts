import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { CallBudget } from "../../src/connections/calls/call-budget.js";
import { DefinitionCache } from "../../src/connections/calls/definition-cache.js";
import { createProviderContext, type CredentialSource } from "../../src/connections/calls/provider-context.js";
import type { Provider, ProviderContext } from "../../src/providers/contract/contract.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, plainTraits, scopeOf, type ScopeChanges } from "../upstream/harness.js";
import { json, startLocalServer, type LocalServer } from "../upstream/local-server.js";
import { anything } from "../../src/upstream/decode.js";

const READ = { method: "GET", path: "/read", safe: true } as const;
const writing = { method: "POST", path: "/write", safe: false } as const;
const provider = { name: "Plain", traits: plainTraits, authorize: (request: object) => request } as unknown as Provider;
const forever = () => new Promise<never>(() => undefined);

let server: LocalServer;
let client: UpstreamClient;
let definitions: DefinitionCache;
let caller: AbortController;

beforeAll(async () => (server = await startLocalServer()));
afterAll(() => server.close());
beforeEach(() => {
  server.received.length = 0;
  server.answer(json(200, { ok: true }));
  client = new UpstreamClient();
  definitions = new DefinitionCache();
  caller = new AbortController();
});
afterEach(() => client.close());

function contextWith(
  credentials: Partial<CredentialSource> = {},
  changes: ScopeChanges = {},
  budget?: CallBudget,
): ProviderContext {
  return createProviderContext({
    provider,
    client,
    credentials: {
      atHand: () => null,
      current: async () => ({ version: 1, accountGeneration: 1, value: {} }),
      renew: async () => null,
      ...credentials,
    },
    origin: server.origin,
    call: scopeOf({ signal: caller.signal, ...changes }),
    definitions,
    budget,
    explain: async (error) => error.with({ provider: "plain", connectionId: "connection-1" }),
  });
}

/** What a call fails with whose caller leaves as soon as it waits. */
async function leftBy(call: Promise<unknown>): Promise<object> {
  const failed = failure(call);
  caller.abort();
  const { code, details } = await failed;
  return { code, ...details };
}
const LEFT = { code: "SERVICE_UNAVAILABLE", provider: "plain", connectionId: "connection-1" };

describe("the budget of an operation", () => {
  const budgetOf = (calls: number) => new CallBudget(calls, new Map([["contacts", "At most 5 of something."]]));

  test("refuses the call that exceeds the price, before it is made, and names the assumption", async () => {
    const context = contextWith({}, {}, budgetOf(1));
    await context.send(READ);
    const { code, details } = await failure(context.send(READ));
    expect([code, details.errors]).toEqual([
      "INVALID_INPUT",
      { contacts: expect.stringContaining("At most 5 of something.") },
    ]);
    expect(server.received).toHaveLength(1);
  });

  test("does not count a request that the CRM refuses, because the adapter may repeat it in another form", async () => {
    const context = contextWith({}, {}, budgetOf(1));
    server.answer(json(400, {}), json(200, { ok: true }));
    await failure(context.send(READ));
    await context.send(READ);
    expect((await failure(context.send(READ))).code).toBe("INVALID_INPUT");
    expect(server.received).toHaveLength(2);
  });

  test("gives back no more calls than the price has, so that refusals without end stop", async () => {
    const context = contextWith({}, {}, budgetOf(2));
    server.answer(json(404, {}));
    for (let call = 0; call < 10; call += 1) await failure(context.send(READ));
    expect(server.received).toHaveLength(4);
  });

  test("counts calls that fail for another reason", async () => {
    const context = contextWith({}, {}, budgetOf(1));
    server.answer(json(500, {}));
    await failure(context.send(writing));
    expect((await failure(context.send(READ))).code).toBe("INVALID_INPUT");
    expect(server.received).toHaveLength(1);
  });
});

describe("a caller who leaves", () => {
  test("does not wait for the credential", async () => {
    expect(await leftBy(contextWith({ current: forever }).send(READ))).toMatchObject(LEFT);
    expect(server.received).toHaveLength(0);
  });

  test("does not wait for its renewal", async () => {
    server.answer(json(401, {}));
    let renewing!: () => void;
    const begun = new Promise<void>((resolve) => (renewing = resolve));
    const sending = contextWith({ renew: () => (renewing(), forever()) }).send(READ);
    await begun;
    expect(await leftBy(sending)).toMatchObject(LEFT);
  });

  test("does not wait for a definition, and does not end its load", async () => {
    let go!: () => void;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const load = async (context: ProviderContext) => {
      await gate;
      // Each step of a load goes through what the load is given.
      const inner = await context.memo("inner", async ({ send }) => (await send(READ)).body.decode(anything));
      return [inner, (await context.send(READ)).body.decode(anything)];
    };
    const leaving = contextWith().memo("outer", load);
    const staying = contextWith({}, { signal: new AbortController().signal }).memo("outer", load);
    expect(await leftBy(leaving)).toMatchObject(LEFT);
    go();
    expect(await staying).toEqual([{ ok: true }, { ok: true }]);
    expect(server.received).toHaveLength(2);
  });
});

describe("a definition that was read under an injected fault", () => {
  const read = async ({ send }: ProviderContext) => (await send(READ)).body.decode(anything);

  test("is cached for its caller only", async () => {
    const faulted = contextWith({}, { remember: false });
    await Promise.all([faulted.memo("a", read), faulted.memo("a", read)]);
    expect(server.received).toHaveLength(1);
    await contextWith({}, { remember: false }).memo("a", read);
    await contextWith().memo("a", read);
    expect(server.received).toHaveLength(3);
    // What others have read is as good as ever.
    await contextWith({}, { remember: false }).memo("a", read);
    expect(server.received).toHaveLength(3);
  });

  test("is read again after a failure", async () => {
    server.answer(json(400, {}), json(200, {}));
    const faulted = contextWith({}, { remember: false });
    expect((await failure(faulted.memo("a", read))).code).toBe("INVALID_INPUT");
    expect(await faulted.memo("a", read)).toEqual({});
  });
});
