import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { AuthorizationDeclinedError } from "../../src/providers/oauth/authorization.js";
import type { OAuthDefinition } from "../../src/providers/contract/oauth.js";
import { exchangeCode } from "../../src/providers/oauth/grants.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { LeapingClock } from "../upstream/harness.js";
import { drop, json, startLocalServer, type LocalServer } from "../upstream/local-server.js";
import {
  callback,
  exchangeWith,
  formOf,
  NOW,
  onlyRequest,
  plainDefinition,
  plainServer,
  REDIRECT_URI,
  safeFailure,
  SECRETS,
  STATE,
  text,
} from "./oauth-stage.js";

const ANSWER = {
  access_token: SECRETS.access,
  token_type: "Bearer",
  expires_in: 3600,
  refresh_token: SECRETS.refresh,
  scope: "read write",
};

describe("the authorization code grant", () => {
  let server: LocalServer;
  let client: UpstreamClient;
  beforeAll(async () => (server = await startLocalServer()));
  afterAll(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
    server.answer(json(200, ANSWER));
    client = new UpstreamClient({ clock: new LeapingClock() });
  });
  afterEach(() => client.close());

  const exchange = (answered = callback(), own: Partial<OAuthDefinition> = {}) =>
    exchangeCode(exchangeWith(client, plainServer(server.origin)), plainDefinition(server.origin, own), {
      callback: answered,
      state: STATE,
      redirectUri: REDIRECT_URI,
      codeVerifier: SECRETS.verifier,
    });

  test("sends everything in the body, nothing in the URL", async () => {
    await exchange();
    const request = onlyRequest(server);
    expect([request.method, request.url]).toEqual(["POST", "/token"]);
    expect(formOf(request)).toEqual({
      grant_type: "authorization_code",
      code: SECRETS.code,
      redirect_uri: REDIRECT_URI,
      code_verifier: SECRETS.verifier,
      client_id: "client-1",
      client_secret: SECRETS.client,
    });
    expect(request.headers.authorization).toBeUndefined();
    expect(request.headers["content-type"]).toContain("application/x-www-form-urlencoded");
  });

  test("a vendor that takes no challenge gets no verifier", async () => {
    await exchange(callback(), { pkce: false });
    expect(formOf(onlyRequest(server))).not.toHaveProperty("code_verifier");
  });

  test("keeps the tokens, their end, and the server that gave them", async () => {
    const expiresAt = new Date(NOW + 3_600_000);
    expect(await exchange()).toEqual({
      credentials: {
        accessToken: SECRETS.access,
        refreshToken: SECRETS.refresh,
        expiresAt: expiresAt.toISOString(),
        authorizationServer: "plain",
      },
      scopes: ["read", "write"],
      expiresAt,
    });
  });

  test("a vendor whose answer is a token and nothing else is taken at its word", async () => {
    server.answer(json(200, { access_token: SECRETS.access, token_type: "Bearer" }));
    expect(await exchange()).toEqual({
      credentials: { accessToken: SECRETS.access, authorizationServer: "plain" },
      // The requested scopes: RFC 6749 §5.1.
      scopes: ["read", "write"],
      expiresAt: null,
    });
  });

  test("fewer granted than requested scopes are reported", async () => {
    server.answer(json(200, { ...ANSWER, scope: "read" }));
    expect((await exchange()).scopes).toEqual(["read"]);
  });

  test("what the API cannot be called without must be in the answer", async () => {
    const answerFields = { apiUrl: "api_domain" };
    server.answer(json(200, { ...ANSWER, api_domain: "https://api.example" }));
    expect((await exchange(callback(), { answerFields })).credentials["apiUrl"]).toBe("https://api.example");
    for (const api_domain of [undefined, null, "", 7, {}]) {
      server.answer(json(200, { ...ANSWER, api_domain }));
      const error = await safeFailure(exchange(callback(), { answerFields }));
      expect([error.code, error.details.detail]).toEqual([
        "PROVIDER_ERROR",
        "The token endpoint’s response lacks `api_domain`.",
      ]);
    }
  });

  describe("what the end user comes back with", () => {
    test.each([
      ["another state", { state: "another" }],
      ["an empty state", { state: "" }],
      ["another issuer", { iss: "https://login.evil.example" }],
      ["an empty code", { code: "" }],
      ["tokens in the URL", { token: "secret-token" }],
    ])("%s is refused before any call", async (_what, parameters: Record<string, string>) => {
      const error = await safeFailure(exchange(callback(parameters)));
      expect(error.code).toBe("INVALID_INPUT");
      expect(error.details.detail).toMatch(/\.$/);
      expect(server.received).toHaveLength(0);
    });

    test.each([
      ["no code", "code"],
      ["no state", "state"],
    ])("%s is refused before any call", async (_what, name) => {
      const answered = callback();
      answered.delete(name);
      expect((await safeFailure(exchange(answered))).code).toBe("INVALID_INPUT");
      expect(server.received).toHaveLength(0);
    });

    test.each(["code", "state", "iss"])("a second `%s` is refused before any call", async (name) => {
      const answered = callback({ iss: server.origin });
      answered.append(name, "another");
      expect((await safeFailure(exchange(answered))).code).toBe("INVALID_INPUT");
      expect(server.received).toHaveLength(0);
    });

    test("its own issuer is welcome", async () => {
      expect((await exchange(callback({ iss: server.origin }))).credentials["accessToken"]).toBe(SECRETS.access);
    });

    test("Cancel is no error of anybody's", async () => {
      const declined = new URLSearchParams({ error: "access_denied", state: STATE });
      await expect(exchange(declined)).rejects.toBeInstanceOf(AuthorizationDeclinedError);
    });

    test("Cancel counts only in the browser that began", async () => {
      const declined = new URLSearchParams({ error: "access_denied", state: "another" });
      expect((await safeFailure(exchange(declined))).code).toBe("INVALID_INPUT");
    });

    test.each([
      ["invalid_scope", "PROVIDER_ERROR", "invalid_scope"],
      ["server_error", "PROVIDER_ERROR", "server_error"],
      ["invalid_grant", "PROVIDER_ERROR", "invalid_grant"],
      ["temporarily_unavailable", "PROVIDER_UNAVAILABLE", "temporarily_unavailable"],
      ["unauthorized_client", "SERVICE_UNAVAILABLE", "unauthorized_client"],
      ["redirect_uri_mismatch", "SERVICE_UNAVAILABLE", "redirect_uri_mismatch"],
      ["secret-code-0123456789", "PROVIDER_ERROR", undefined],
      ["<script>alert(1)</script>", "PROVIDER_ERROR", undefined],
      ["constructor", "PROVIDER_ERROR", "constructor"],
    ])("the error %s is %s", async (code, expected, shown) => {
      const answered = new URLSearchParams({ error: code, state: STATE, error_description: "<b>secret-text</b>" });
      const error = await safeFailure(exchange(answered));
      expect([error.code, error.details.upstream?.code]).toEqual([expected, shown]);
      expect(error.details.detail).toMatch(/^The provider /);
    });
  });

  describe("what the token endpoint answers", () => {
    test.each([
      { error: "invalid_grant", error_description: `code ${SECRETS.code} was used before` },
      { status: "BAD_AUTH_CODE", message: "missing or unknown auth code" },
      { status: "BAD_CODE_VERIFIER", error: "invalid_grant" },
    ])("%j: the code is spent or too old", async (body) => {
      server.answer(json(400, body));
      const error = await safeFailure(exchange());
      expect([error.code, error.details.upstream?.status]).toEqual(["PROVIDER_AUTH_FAILED", 400]);
      expect(error.details.detail).toContain("authorization code");
      expect(error.credentialRefused).toBe(false);
    });

    test.each([
      [401, { error: "invalid_client" }],
      [400, { error: "invalid_client_id" }],
      [400, { status: "BAD_REDIRECT_URI", message: "redirect URI mismatch" }],
      [400, { error: "redirect_uri_mismatch" }],
    ])("%d %j is the operator's mistake", async (status, body) => {
      server.answer(json(status, body, { "www-authenticate": 'Basic realm="tokens"' }));
      const error = await safeFailure(exchange());
      expect([error.code, error.definition.actor]).toEqual(["SERVICE_UNAVAILABLE", "OPERATOR"]);
      expect(error.details.detail).toContain("operator");
    });

    test("a code is never sent twice, because the second use revokes what the first gave", async () => {
      for (const answer of [drop, json(503, {})]) {
        server.received.length = 0;
        server.answer(answer);
        const error = await safeFailure(exchange());
        expect(error.code).toBe("PROVIDER_UNAVAILABLE");
        // `outcome` is about the caller's write, and not about a token request.
        expect(error.details.outcome).toBeUndefined();
        onlyRequest(server);
      }
    });

    test.each([
      ["a page of HTML", text(200, `<html>${SECRETS.access}</html>`)],
      ["a list", json(200, [ANSWER])],
      ["null", json(200, null)],
      ["a text", text(200, '"secret-text"', "application/json")],
      ["nothing", text(200, "")],
      ["nothing, by 204", (response) => response.writeHead(204).end()],
      ["a token that is an object", json(200, { ...ANSWER, access_token: {} })],
      ["an empty token", json(200, { ...ANSWER, access_token: "" })],
      ["a token that breaks out of its header", json(200, { ...ANSWER, access_token: "secret-a\r\nX-Evil: 1" })],
      ["a token as long as a book", json(200, { ...ANSWER, access_token: `secret-${"a".repeat(1024 * 1024)}` })],
      ["a token of another kind", json(200, { ...ANSWER, token_type: "mac" })],
      ["a broken JSON", text(200, `{"access_token":"${SECRETS.access}"`, "application/json")],
      ["a redirect", (response) => response.writeHead(302, { location: "https://evil.example" }).end()],
    ] satisfies [string, Parameters<LocalServer["answer"]>[0]][])("%s is no grant", async (_what, answer) => {
      server.answer(answer);
      expect((await safeFailure(exchange())).code).toBe("PROVIDER_ERROR");
    });

    test("a megabyte next to the token does no harm", async () => {
      server.answer(json(200, { ...ANSWER, note: "a".repeat(1024 * 1024) }));
      expect((await exchange()).credentials["accessToken"]).toBe(SECRETS.access);
    });

    test("an identity token is ignored", async () => {
      server.answer(json(200, { ...ANSWER, id_token: "not.a.jwt" }));
      expect((await exchange()).credentials).not.toHaveProperty("idToken");
    });
  });
});
