import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Credentials } from "../../src/providers/contract/contract.js";
import type { AuthorizationServer, OAuthDefinition } from "../../src/providers/contract/oauth.js";
import { revokeGrant } from "../../src/providers/oauth/grants.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { LeapingClock } from "../upstream/harness.js";
import { json, startLocalServer, type LocalServer } from "../upstream/local-server.js";
import {
  exchangeWith,
  formOf,
  onlyRequest,
  plainDefinition,
  plainServer,
  safeFailure,
  SECRETS,
  text,
} from "./oauth-stage.js";

const CREDENTIALS = { accessToken: SECRETS.access, refreshToken: SECRETS.refresh, authorizationServer: "plain" };

describe("revoking a grant", () => {
  let server: LocalServer;
  let client: UpstreamClient;
  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
    server.answer(text(200, "", "text/plain"));
    client = new UpstreamClient({ clock: new LeapingClock() });
  });
  afterEach(() => client.close());

  const revoke = (
    credentials: Credentials = CREDENTIALS,
    own: Partial<OAuthDefinition> = {},
    endpoints: Partial<AuthorizationServer> = {},
  ) =>
    revokeGrant(
      exchangeWith(client, { ...plainServer(server.origin), ...endpoints }),
      plainDefinition(server.origin, own),
      credentials,
    );

  test("the refresh token goes, and with it all that came of it", async () => {
    expect(await revoke()).toBe(true);
    const request = onlyRequest(server);
    expect([request.method, request.url]).toEqual(["POST", "/revoke"]);
    expect(formOf(request)).toEqual({
      token: SECRETS.refresh,
      token_type_hint: "refresh_token",
      client_id: "client-1",
      client_secret: SECRETS.client,
    });
  });

  test("the client says who it is as the vendor wants it", async () => {
    await revoke(CREDENTIALS, { clientAuthentication: "client_secret_basic" });
    const { headers, ...request } = onlyRequest(server);
    expect(headers.authorization).toMatch(/^Basic /);
    expect(formOf({ headers, ...request })).toEqual({ token: SECRETS.refresh, token_type_hint: "refresh_token" });
  });

  test("where there is no refresh token, the access token goes", async () => {
    expect(await revoke({ accessToken: SECRETS.access, authorizationServer: "plain" })).toBe(true);
    expect(formOf(onlyRequest(server))).toMatchObject({ token: SECRETS.access, token_type_hint: "access_token" });
  });

  test.each([
    ["a token that the caller brought along", { accessToken: SECRETS.access }, {}],
    ["no token at all", { authorizationServer: "plain" }, {}],
    ["a vendor without an endpoint", CREDENTIALS, { revocationEndpoint: null }],
  ])("%s: nothing to revoke", async (_what, credentials: Credentials, endpoints) => {
    expect(await revoke(credentials, {}, endpoints)).toBe(false);
    expect(server.received).toHaveLength(0);
  });

  test.each([200, 201, 204])("%d is success, regardless of the body", async (status) => {
    server.answer((response) => response.writeHead(status).end());
    expect(await revoke()).toBe(true);
  });

  test.each([
    ["JSON", json(200, { status: "success" })],
    ["a page", text(200, "<p>done</p>")],
  ])("%s of a success is not read", async (_what, answer) => {
    server.answer(answer);
    expect(await revoke()).toBe(true);
  });

  test.each([
    [400, { error: "invalid_token" }],
    [400, { status: "BAD_REFRESH_TOKEN", error: "invalid_grant" }],
    [200, { error: "invalid_code" }],
  ])("%d %j: it was gone already", async (status, body) => {
    server.answer(json(status, body));
    expect(await revoke()).toBe(false);
  });

  test.each([
    [400, { error: "unsupported_token_type" }, "PROVIDER_ERROR"],
    [401, { error: "invalid_client" }, "SERVICE_UNAVAILABLE"],
    [429, {}, "PROVIDER_RATE_LIMITED"],
    [500, {}, "PROVIDER_ERROR"],
    [200, { error: "internal_error" }, "PROVIDER_ERROR"],
  ])("%d %j is told: the tokens may still be good", async (status, body, code) => {
    server.answer(json(status, body));
    expect((await safeFailure(revoke())).code).toBe(code);
  });

  test("a passing failure is tried again, for revoking twice does no harm", async () => {
    server.answer(json(503, {}), json(200, {}));
    expect(await revoke()).toBe(true);
    expect(server.received).toHaveLength(2);
  });
});
