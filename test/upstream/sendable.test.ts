import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { CIRCUIT_DEFAULTS } from "../../src/upstream/circuit.js";
import type { UpstreamRequest } from "../../src/upstream/request.js";
import { isHeaderText } from "../../src/upstream/sendable.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, plainTraits, scopeOf } from "./harness.js";
import { startLocalServer, type LocalServer } from "./local-server.js";

const endless: { self?: object } = {};
endless.self = endless;

describe("a request that cannot leave the process", () => {
  let server: LocalServer;
  let client: UpstreamClient;
  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
    client = new UpstreamClient();
  });
  afterEach(() => client.close());

  test.each<[string, Partial<UpstreamRequest>]>([
    ["headers.authorization", { headers: { authorization: "Bearer ключ" } }],
    ["headers.authorization", { headers: { authorization: "Bearer a\r\nx-injected: 1" } }],
    ["headers.x-api-key", { headers: { accept: "application/json", "x-api-key": "k\u0000" } }],
    ["headers.x key", { headers: { "x key": "value" } }],
    ["body", { json: endless }],
    ["body", { json: { number: 1n } }],
    ["url", { url: "crm.acme.example/contacts" }],
    ["url", { url: "ftp://crm.acme.example" }],
    ["url", { url: "http://[::1" }],
  ])("is INVALID_INPUT naming %s, and never counts: %#", async (name, part) => {
    const call = () =>
      client.send({ method: "POST", url: server.origin, safe: false, ...part }, scopeOf(), plainTraits);
    for (let count = 0; count < 2 * CIRCUIT_DEFAULTS.failures; count += 1) {
      const { code, details } = await failure(call());
      expect(code).toBe("INVALID_INPUT");
      expect(details).toEqual({
        errors: { [name]: expect.any(String) },
        outcome: "NOT_SENT",
        provider: "plain",
        connectionId: "connection-1",
      });
      expect(JSON.stringify(details)).not.toMatch(/ключ|x-injected|crm\.acme/);
    }
    expect(server.received).toHaveLength(0);
    expect(client.health(scopeOf())).toMatchObject({ circuit: "CLOSED", lastError: null });
  });

  test("a header carries Latin-1 without control characters", () => {
    expect(["token", "clé", "a b", "a\tb", ""].map(isHeaderText)).toEqual([true, true, true, true, true]);
    expect(["ключ", "a\nb", "a\u0000", "€", "\u200b", "😀"].map(isHeaderText)).toEqual(Array(6).fill(false));
  });
});
