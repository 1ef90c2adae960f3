import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Credentials } from "../../src/providers/contract/contract.js";
import type { OAuthDefinition } from "../../src/providers/contract/oauth.js";
import { refreshGrant } from "../../src/providers/oauth/grants.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { LeapingClock } from "../upstream/harness.js";
import { drop, json, startLocalServer, type LocalServer } from "../upstream/local-server.js";
import {
  exchangeWith,
  formOf,
  NOW,
  onlyRequest,
  plainDefinition,
  plainServer,
  safeFailure,
  SECRETS,
  text,
} from "./oauth-stage.js";

const CREDENTIALS = { accessToken: "secret-old-access", refreshToken: SECRETS.refresh, portal: "7" };

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

  const refresh = (credentials: Credentials = CREDENTIALS, own: Partial<OAuthDefinition> = {}) =>
    refreshGrant(exchangeWith(client, plainServer(server.origin)), plainDefinition(server.origin, own), credentials);

  test("sends everything in the body, nothing in the URL", async () => {
    server.answer(json(200, { access_token: "new-access", expires_in: 1800 }));
    await refresh();
    const request = onlyRequest(server);
    expect([request.method, request.url]).toEqual(["POST", "/token"]);
    expect(formOf(request)).toEqual({
      grant_type: "refresh_token",
      refresh_token: CREDENTIALS.refreshToken,
      client_id: "client-1",
      client_secret: SECRETS.client,
    });
    expect(request.headers.authorization).toBeUndefined();
  });

  test("an answer without a refresh token does not erase the one there is", async () => {
    for (const refresh_token of [undefined, null, ""]) {
      server.answer(json(200, { access_token: "new-access", expires_in: 1800, refresh_token }));
      const expiresAt = new Date(NOW + 1_800_000);
      expect(await refresh()).toEqual({
        credentials: {
          accessToken: "new-access",
          refreshToken: CREDENTIALS.refreshToken,
          portal: "7",
          expiresAt: expiresAt.toISOString(),
        },
        scopes: null,
        expiresAt,
      });
    }
  });

  test("a rotated refresh token takes the place of the old one", async () => {
    server.answer(json(200, { access_token: "new-access", refresh_token: "rotated" }));
    expect(await refresh()).toEqual({
      credentials: { accessToken: "new-access", refreshToken: "rotated", portal: "7" },
      scopes: null,
      expiresAt: null,
    });
  });

  test("the server that gave the grant stays with it", async () => {
    server.answer(json(200, { access_token: "new-access" }));
    const renewed = await refresh({ ...CREDENTIALS, authorizationServer: "plain" });
    expect(renewed?.credentials["authorizationServer"]).toBe("plain");
  });

  test("an address that moves is followed, and one that is not told stays", async () => {
    const credentials = { ...CREDENTIALS, apiUrl: "https://old.example" };
    const answerFields = { apiUrl: "api_domain" };
    server.answer(json(200, { access_token: "new-access", api_domain: "https://new.example" }));
    expect((await refresh(credentials, { answerFields }))?.credentials["apiUrl"]).toBe("https://new.example");
    server.answer(json(200, { access_token: "new-access" }));
    expect((await refresh(credentials, { answerFields }))?.credentials["apiUrl"]).toBe("https://old.example");
  });

  test.each([undefined, 0, -1, "soon", null, true, [60], 1e300, "Infinity"])(
    "an expiry of %p is no expiry",
    async (expires_in) => {
      server.answer(json(200, { access_token: "new-access", expires_in }));
      const renewed = await refresh();
      expect([renewed?.credentials, renewed?.expiresAt]).toEqual([expect.not.objectContaining({ expiresAt: 1 }), null]);
      expect(renewed?.credentials).not.toHaveProperty("expiresAt");
    },
  );

  test("an expiry as text is one", async () => {
    server.answer(json(200, { access_token: "new-access", expires_in: "3599" }));
    expect((await refresh())?.expiresAt).toEqual(new Date(NOW + 3_599_000));
  });

  test("the old expiry says nothing of the new token", async () => {
    server.answer(json(200, { access_token: "new-access" }));
    const expired = { ...CREDENTIALS, expiresAt: new Date(NOW - 1000).toISOString() };
    expect((await refresh(expired))?.credentials).not.toHaveProperty("expiresAt");
  });

  test.each([
    ["a text", { scope: "read write" }],
    ["a text with commas", { scope: "read,write" }],
    ["both", { scope: "read, write" }],
    ["a list", { scopes: ["read", "write"] }],
    ["a list by the standard's name", { scope: ["read", "write", 7] }],
  ])("scopes as %s", async (_form, scopes) => {
    server.answer(json(200, { access_token: "new-access", ...scopes }));
    expect((await refresh())?.scopes).toEqual(["read", "write"]);
  });

  test.each(["Bearer", "bearer", "BEARER", undefined, null, ""])(
    "a token type of %p is a bearer",
    async (token_type) => {
      server.answer(json(200, { access_token: "new-access", token_type }));
      expect((await refresh())?.credentials["accessToken"]).toBe("new-access");
    },
  );

  test("is not repeated once it may have been spent", async () => {
    for (const answer of [drop, json(503, {})]) {
      server.received.length = 0;
      server.answer(answer);
      const error = await safeFailure(refresh());
      expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", undefined]);
      expect(server.received).toHaveLength(1);
    }
  });

  test("an answer that is none is not taken for a token", async () => {
    for (const body of [{}, { access_token: 7 }, { access_token: {} }, [], null]) {
      server.answer(json(200, body));
      expect((await safeFailure(refresh())).code).toBe("PROVIDER_ERROR");
    }
  });

  test("without a refresh token there is nothing to do", async () => {
    expect(await refresh({ accessToken: "a" })).toBeNull();
    expect(await refresh({ accessToken: "a", refreshToken: "" })).toBeNull();
    expect(server.received).toHaveLength(0);
  });

  test.each([
    { error: "invalid_grant" },
    { error: "access_denied" },
    { status: "BAD_REFRESH_TOKEN", message: "unknown" },
    { status: "BAD_REFRESH_TOKEN", error: "invalid_grant", error_description: "refresh token is invalid" },
    { error: "inactive_user", error_description: "user is inactive" },
    { error: "interaction_required" },
  ])("%j ends the grant", async (body) => {
    server.answer(json(400, body));
    const error = await safeFailure(refresh());
    expect([error.code, error.definition.actor]).toEqual(["NEEDS_REAUTH", "END_USER"]);
    expect(error.details.upstream).toEqual({ status: 400, code: "status" in body ? body.status : body.error });
  });

  test.each([
    [400, { error: "invalid_client" }],
    [401, { error: "invalid_client" }],
    [400, { error: "unauthorized_client" }],
    [400, { error: "invalid_client_id" }],
    [400, { status: "BAD_CLIENT_SECRET", error: "invalid_client" }],
  ])("%d %j is the operator's mistake: nobody has to reconnect for it", async (status, body) => {
    server.answer(json(status, body));
    const error = await safeFailure(refresh());
    expect([error.code, error.definition.actor]).toEqual(["SERVICE_UNAVAILABLE", "OPERATOR"]);
  });

  test.each([
    { error: "server_error" },
    { error: "unsupported_grant_type" },
    { error: "Invalid_Grant" },
    { error: { code: "invalid_grant" } },
    { message: "invalid_grant" },
    { error: "toString" },
    {},
    null,
    [],
  ])("400 %j says nothing of the grant", async (body) => {
    server.answer(json(400, body));
    expect((await safeFailure(refresh())).code).toBe("PROVIDER_ERROR");
  });

  test.each([
    ["a page of HTML", text(400, "<h1>invalid_grant</h1>"), "PROVIDER_ERROR"],
    ["a refusal without a word", text(401, "", "text/plain"), "PROVIDER_ERROR"],
    ["a busy server", json(400, { error: "temporarily_unavailable" }), "PROVIDER_UNAVAILABLE"],
    ["a broken server", json(500, { error: "invalid_grant" }), "PROVIDER_ERROR"],
    ["a server that is away", json(503, { error: "invalid_grant" }), "PROVIDER_UNAVAILABLE"],
    ["the page of an edge", text(522, "<h1>down</h1>"), "PROVIDER_UNAVAILABLE"],
  ] as const)("%s is no verdict on the grant", async (_what, answer, code) => {
    server.answer(answer);
    expect((await safeFailure(refresh())).code).toBe(code);
  });

  test("too many calls: with the wait that is asked for, or one of ours", async () => {
    server.answer(json(429, { error: "invalid_grant" }, { "retry-after": "40" }));
    const told = await safeFailure(refresh());
    expect([told.code, told.details.retryAfter]).toEqual(["PROVIDER_RATE_LIMITED", 40]);
    server.answer(json(429, {}));
    expect((await safeFailure(refresh())).details.retryAfter).toBe(10);
  });

  test("a server that throws back what it was sent gives nothing away", async () => {
    for (const error of [SECRETS.refresh, SECRETS.client, `invalid_grant ${SECRETS.refresh}`]) {
      server.answer(json(400, { error, error_description: SECRETS.refresh, status: SECRETS.client }));
      const failure = await safeFailure(refresh());
      expect([failure.code, failure.details.upstream]).toEqual(["PROVIDER_ERROR", { status: 400 }]);
    }
  });
});
