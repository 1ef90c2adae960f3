import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { upstreamRequest } from "../../src/connections/provider-context.js";
import type { CredentialExchange } from "../../src/providers/contract.js";
import { oauthRefusal, refreshAccessToken } from "../../src/providers/oauth-refresh.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, LeapingClock, plainTraits, scopeOf } from "../upstream/harness.js";
import { drop, json, startLocalServer, type LocalServer } from "../upstream/local-server.js";

const CLIENT = { id: "client-1", secret: "client-secret-0123456789" };
const CREDENTIALS = { accessToken: "old-access", refreshToken: "refresh-0123456789", portal: "7" };
const NOW = Date.UTC(2026, 5, 10);

describe("the OAuth refresh grant", () => {
  let server: LocalServer;
  let client: UpstreamClient;
  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
    client = new UpstreamClient({ clock: new LeapingClock() });
  });
  afterEach(() => client.close());

  const exchange = (own: Partial<CredentialExchange> = {}): CredentialExchange => ({
    origin: server.origin,
    send: (request) =>
      client.send(upstreamRequest(server.origin, request), scopeOf(), {
        ...plainTraits,
        classify: (response) =>
          (response.status === 400 ? oauthRefusal(response.body, response.status) : null) ??
          plainTraits.classify(response),
      }),
    client: CLIENT,
    now: () => NOW,
    ...own,
  });
  const refresh = () => refreshAccessToken(exchange(), "/oauth/token", CREDENTIALS);

  test("sends everything in the body, nothing in the URL", async () => {
    server.answer(json(200, { access_token: "new-access", expires_in: 1800 }));
    await refresh();
    const [request] = server.received;
    expect([request!.method, request!.url]).toEqual(["POST", "/oauth/token"]);
    expect(Object.fromEntries(new URLSearchParams(request!.body))).toEqual({
      grant_type: "refresh_token",
      refresh_token: CREDENTIALS.refreshToken,
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
    });
    expect(request!.headers.authorization).toBeUndefined();
  });

  test("an answer without a refresh token does not erase the one there is", async () => {
    server.answer(json(200, { access_token: "new-access", expires_in: 1800 }));
    expect(await refresh()).toEqual({
      accessToken: "new-access",
      refreshToken: CREDENTIALS.refreshToken,
      portal: "7",
      expiresAt: new Date(NOW + 1_800_000).toISOString(),
    });
  });

  test("a rotated refresh token takes the place of the old one", async () => {
    server.answer(json(200, { access_token: "new-access", refresh_token: "rotated" }));
    expect(await refresh()).toEqual({ accessToken: "new-access", refreshToken: "rotated", portal: "7" });
  });

  test.each([undefined, 0, -1, "soon", null])("an expiry of %p is no expiry", async (expires_in) => {
    server.answer(json(200, { access_token: "new-access", expires_in }));
    expect(await refresh()).not.toHaveProperty("expiresAt");
  });

  test("the old expiry says nothing of the new token", async () => {
    server.answer(json(200, { access_token: "new-access" }));
    const expired = { ...CREDENTIALS, expiresAt: new Date(NOW - 1000).toISOString() };
    expect(await refreshAccessToken(exchange(), "/oauth/token", expired)).not.toHaveProperty("expiresAt");
  });

  test("is not repeated once it may have been spent", async () => {
    for (const answer of [drop, json(503, {})]) {
      server.received.length = 0;
      server.answer(answer);
      expect((await failure(refresh())).code).toBe("PROVIDER_UNAVAILABLE");
      expect(server.received).toHaveLength(1);
    }
  });

  test("an answer that is none is not taken for a token", async () => {
    for (const body of [{}, { access_token: 7 }, [], null]) {
      server.answer(json(200, body));
      expect((await failure(refresh())).code).toBe("PROVIDER_ERROR");
    }
  });

  test("without a refresh token or a client there is nothing to do", async () => {
    expect(await refreshAccessToken(exchange(), "/oauth/token", { accessToken: "a" })).toBeNull();
    expect(await refreshAccessToken(exchange({ client: null }), "/oauth/token", CREDENTIALS)).toBeNull();
    expect(server.received).toHaveLength(0);
  });

  test.each([{ error: "invalid_grant" }, { error: "access_denied" }, { status: "BAD_REFRESH_TOKEN" }])(
    "%j ends the grant",
    async (body) => {
      server.answer(json(400, body));
      const error = await failure(refresh());
      expect([error.code, error.definition.actor]).toEqual(["NEEDS_REAUTH", "END_USER"]);
    },
  );

  test.each([
    { error: "invalid_client" },
    { error: "unauthorized_client" },
    { status: "BAD_CLIENT_SECRET", error: "invalid_client" },
  ])("%j is the operator's mistake: nobody has to reconnect for it", async (body) => {
    server.answer(json(400, body));
    const error = await failure(refresh());
    expect([error.code, error.definition.actor]).toEqual(["SERVICE_UNAVAILABLE", "OPERATOR"]);
  });

  test.each([
    { error: "temporarily_unavailable" },
    { error: "server_error" },
    { error: "Access Denied" },
    {},
    null,
    "text",
  ])("%j says nothing of the grant", (body) => {
    expect(oauthRefusal(body, 400)).toBeNull();
  });
});
