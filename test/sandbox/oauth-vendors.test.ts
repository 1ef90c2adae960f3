import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "@hubspot/api-client";
import jsforce from "jsforce";
import { hubspotSandbox } from "../../src/sandbox/crms/hubspot/index.js";
import { startSandbox } from "../../src/sandbox/public.js";
import { salesforceSandbox } from "../../src/sandbox/crms/salesforce/index.js";
import { type SandboxServer, startSandboxServer } from "../../src/sandbox/kit/server.js";
import { locationOf, openPage, submit, textOf } from "./browser.js";
import { challengeOf, CLIENT, postForm, REDIRECT_URI, refusalOf, VERIFIER } from "./oauth-apps.js";

/** The differences between the imitated authorization servers, which the real servers also have. */

const START = Date.UTC(2026, 5, 1, 12);
const SECRET = { client_id: CLIENT.id, client_secret: CLIENT.secret };

describe("HubSpot", () => {
  let server: SandboxServer;

  beforeAll(async () => {
    server = await startSandboxServer(hubspotSandbox, { now: () => START });
  });

  afterAll(() => server.close());

  const authorize = (parameters: Record<string, string>) =>
    openPage(
      `${server.origin}/oauth/authorize?${new URLSearchParams({
        client_id: CLIENT.id,
        redirect_uri: REDIRECT_URI,
        ...parameters,
      })}`,
    );

  async function codeFor(parameters: Record<string, string> = { scope: "oauth" }): Promise<string> {
    const page = await authorize(parameters);
    const back = locationOf(await submit(page, { button: "Connect app", typed: { account: "vendor" } }));
    return back.searchParams.get("code")!;
  }

  const token = (form: Record<string, string>, version = "2026-03") =>
    postForm(`${server.origin}/oauth/${version}/token`, { ...SECRET, ...form });

  test("the SDK exchanges a code: all about the tokens comes with them", async () => {
    const code = await codeFor({ scope: "oauth crm.objects.contacts.read tickets" });
    const { tokensApi } = new Client({ basePath: server.origin }).oauth;
    const answer = await tokensApi.create("authorization_code", code, REDIRECT_URI, CLIENT.id, CLIENT.secret);
    expect(answer).toMatchObject({ tokenType: "bearer", expiresIn: 1800 });
    const client = new Client({ basePath: server.origin, accessToken: answer.accessToken });
    expect((await client.crm.contacts.basicApi.getPage(1)).results).toHaveLength(1);

    const refreshed = await token({ grant_type: "refresh_token", refresh_token: answer.refreshToken });
    expect(refreshed.body).toEqual({
      token_type: "bearer",
      access_token: expect.stringMatching(/^hs-vendor\./),
      refresh_token: answer.refreshToken,
      expires_in: 1800,
      hub_id: expect.any(Number),
      scopes: ["oauth", "crm.objects.contacts.read"],
    });
  });

  test("optional scopes are granted, too, if HubSpot has them", async () => {
    const code = await codeFor({ scope: "oauth", optional_scope: "crm.objects.leads.read made.up" });
    const { body } = await token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI });
    expect(body.scopes).toEqual(["oauth", "crm.objects.leads.read"]);
  });

  test("the page describes each scope to the user", async () => {
    const page = await authorize({ scope: "crm.objects.contacts.read" });
    expect(textOf(page)).toContain("View contacts and meetings (crm.objects.contacts.read)");
    expect(textOf(page)).not.toContain("leads");
  });

  test.each<Record<string, string>>([
    {},
    { scope: " " },
    { scope: "made.up" },
    { optional_scope: "oauth" },
    { scope: "oauth", code_challenge: challengeOf(VERIFIER), code_challenge_method: "plain" },
    { scope: "oauth", code_challenge: "<b>short</b>" },
    { scope: "oauth", code_challenge_method: "S256" },
  ])("%j is refused on HubSpot’s own page", async (parameters) => {
    const page = await authorize(parameters);
    expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    expect(textOf(page)).toContain("Authorization failed because");
    expect(page.html).not.toContain("<b>");
  });

  test.each<[string, Record<string, string>, string]>([
    ["an unknown code", { code: "guess" }, "BAD_AUTH_CODE"],
    ["no code", { code: "" }, "BAD_AUTH_CODE"],
    ["another redirect URI", { redirect_uri: "https://evil.example/" }, "MISMATCH_REDIRECT_URI_AUTH_CODE"],
    ["another verifier", { code_verifier: "x".repeat(43) }, "BAD_CODE_VERIFIER"],
    ["another client", { client_id: "somebody" }, "BAD_CLIENT_ID"],
    ["another secret", { client_secret: "guess" }, "BAD_CLIENT_SECRET"],
    ["another grant type", { grant_type: "password" }, "BAD_GRANT_TYPE"],
  ])("%s", async (_name, wrong, status) => {
    const code = await codeFor({ scope: "oauth", code_challenge: challengeOf(VERIFIER) });
    const good = { grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
    const refused = await token({ ...good, ...wrong });
    expect(refused).toMatchObject({ status: 400, body: { status, error: expect.any(String) } });
    expect(refused.body.error_description).toBe(refused.body.message);
  });

  test("a code without its redirect URI", async () => {
    const refused = await token({ grant_type: "authorization_code", code: await codeFor() });
    expect(refused).toMatchObject({ status: 400, body: { status: "BAD_REDIRECT_URI", error: "invalid_grant" } });
  });

  test.each(["v1", "v3", "2026-03"])(
    "%s revokes for the app alone, and says the same of what it never knew",
    async (version) => {
      const revoke = (form: Record<string, string>) => postForm(`${server.origin}/oauth/${version}/token/revoke`, form);
      for (const known of ["hs-rt-revoking", "nonsense", "pat-sandbox-revoking"]) {
        expect(await revoke({ ...SECRET, token: known, token_type_hint: "refresh_token" })).toMatchObject({
          status: 200,
          text: "",
        });
      }
      expect(await revoke({ ...SECRET })).toMatchObject({ status: 400, body: { error: "invalid_request" } });
      expect(await revoke({ token: "hs-rt-kept" })).toMatchObject({ status: 400, body: { status: "BAD_CLIENT_ID" } });
      expect((await token({ grant_type: "refresh_token", refresh_token: "hs-rt-kept" }, version)).status).toBe(200);
    },
  );

  test("a call with a revoked token is refused in HubSpot’s words; a private app’s token is not an app’s to revoke", async () => {
    const call = (bearer: string) =>
      fetch(`${server.origin}/crm/v3/objects/contacts`, { headers: { authorization: `Bearer ${bearer}` } });
    const { accessToken, refreshToken } = server.credentials("ended");
    for (const ended of [refreshToken!, "pat-sandbox-ended"]) {
      await postForm(`${server.origin}/oauth/v3/token/revoke`, { ...SECRET, token: ended });
    }
    const refused = await call(accessToken!);
    expect([refused.status, await refused.json()]).toMatchObject([401, { category: "INVALID_AUTHENTICATION" }]);
    expect((await call("pat-sandbox-ended")).status).toBe(200);
    server.revoke("ended");
    expect((await call("pat-sandbox-ended")).status).toBe(401);
  });
});

describe("Salesforce", () => {
  let server: SandboxServer;

  beforeAll(async () => {
    server = await startSandboxServer(salesforceSandbox, { now: () => START });
  });

  afterAll(() => server.close());

  const app = (options: { useVerifier?: boolean } = {}) =>
    new jsforce.OAuth2({
      loginUrl: server.origin,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      redirectUri: REDIRECT_URI,
      ...options,
    });

  async function allow(url: string): Promise<URL> {
    return locationOf(await submit(await openPage(url), { button: "Allow", typed: { account: "vendor" } }));
  }

  test("jsforce completes the flow with its own verifier", async () => {
    const oauth2 = app({ useVerifier: true });
    const back = await allow(
      oauth2.getAuthorizationUrl({ scope: "api id refresh_token", state: "s", prompt: "consent" }),
    );
    const code = back.searchParams.get("code")!;
    expect(code).toMatch(/==$/);
    const connection = new jsforce.Connection({ oauth2, version: "66.0" });
    const { organizationId } = await connection.authorize(code);
    expect(connection.instanceUrl).toBe(server.origin);
    expect((await connection.query("SELECT Id FROM User")).totalSize).toBeGreaterThan(0);
    expect(organizationId).toMatch(/^00D/);
    const refreshToken = connection.refreshToken!;
    expect((await oauth2.refreshToken(refreshToken)).access_token).toBeTruthy();
    await connection.logoutByOAuth2(true);
    expect(await refusalOf(oauth2.refreshToken(refreshToken))).toBe("invalid_grant");
  });

  test("the answer to a code has a signature and no expiry", async () => {
    const back = await allow(app().getAuthorizationUrl({ scope: "refresh_token api made_up" }));
    const { status, body } = await postForm(`${server.origin}/services/oauth2/token`, {
      ...SECRET,
      grant_type: "authorization_code",
      code: back.searchParams.get("code")!,
      redirect_uri: REDIRECT_URI,
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^sf-vendor\./),
      refresh_token: expect.stringMatching(/^sf-rt-vendor\./),
      instance_url: server.origin,
      id: expect.stringMatching(/\/id\/00D\w{15}\/005\w{15}$/),
      issued_at: String(START),
      signature: expect.any(String),
      scope: "refresh_token api",
      token_type: "Bearer",
    });
  });

  test.each([
    ["api", false],
    ["full id", false],
    ["api offline_access", true],
    ["api refresh_token", true],
  ])("the scope %j: a refresh token comes: %s", async (scope, comes) => {
    const back = await allow(app().getAuthorizationUrl({ scope }));
    const answer = await app().requestToken(back.searchParams.get("code")!);
    expect("refresh_token" in answer).toBe(comes);
  });

  test("an app that names no scope gets its default scopes", async () => {
    const back = await allow(app().getAuthorizationUrl());
    const answer = await app().requestToken(back.searchParams.get("code")!);
    expect(answer.scope).toBe("refresh_token api");
  });

  test("a refresh token comes with a refresh only where it is replaced", async () => {
    const rotating = await startSandboxServer(salesforceSandbox, { rotateRefreshTokens: "on" });
    try {
      const refresh = (origin: string) =>
        postForm(`${origin}/services/oauth2/token`, {
          ...SECRET,
          grant_type: "refresh_token",
          refresh_token: "sf-rt-rotation",
        });
      expect((await refresh(server.origin)).body).not.toHaveProperty("refresh_token");
      expect((await refresh(rotating.origin)).body.refresh_token).toBe("sf-rt-rotation.seed.1");
    } finally {
      await rotating.close();
    }
  });

  test.each<[Record<string, string>, string]>([
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ scope: "made_up" }, "invalid_scope"],
    [{ code_challenge: "short" }, "invalid_request"],
    [{ code_challenge: challengeOf(VERIFIER), code_challenge_method: "plain" }, "invalid_request"],
  ])("%j is told to the app", async (wrong, error) => {
    const url = new URL(app().getAuthorizationUrl({ state: "s-3" }));
    for (const [name, value] of Object.entries(wrong)) url.searchParams.set(name, value);
    const back = locationOf(await openPage(url.href));
    expect(`${back.origin}${back.pathname}`).toBe(REDIRECT_URI);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error,
      error_description: expect.any(String),
      state: "s-3",
    });
  });

  test("a user who denies is reported in Salesforce’s words", async () => {
    const page = await openPage(app().getAuthorizationUrl({ state: "s-4" }));
    const back = locationOf(await submit(page, { button: "Deny" }));
    expect(back.search).toBe("?error=access_denied&error_description=end-user+denied+authorization&state=s-4");
  });

  test("a spent code has expired, another redirect URI is a mismatch, a verifier may have no ~", async () => {
    const exchange = async (code: string, more: Record<string, string> = {}) => {
      const form = { ...SECRET, grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI, ...more };
      return (await postForm(`${server.origin}/services/oauth2/token`, form)).body;
    };
    const codeFor = async (parameters = {}) =>
      (await allow(app().getAuthorizationUrl(parameters))).searchParams.get("code")!;
    const spent = await codeFor();
    await exchange(spent);
    expect(await exchange(spent)).toEqual({ error: "invalid_grant", error_description: "expired authorization code" });
    expect(await exchange(await codeFor(), { redirect_uri: "https://evil.example/" })).toEqual({
      error: "redirect_uri_mismatch",
      error_description: "redirect_uri must match configuration",
    });
    const verifier = `${VERIFIER}~`;
    const code = await codeFor({ code_challenge: challengeOf(verifier) });
    expect(await exchange(code, { code_verifier: verifier })).toEqual({
      error: "invalid_grant",
      error_description: "invalid code verifier",
    });
  });

  test("revocation also accepts GET, and refuses an invalid token with a form", async () => {
    const { refreshToken } = server.credentials("ended");
    const url = `${server.origin}/services/oauth2/revoke?${new URLSearchParams({ token: refreshToken! })}`;
    expect((await fetch(url)).status).toBe(200);
    const again = await fetch(url);
    expect([again.status, await again.text()]).toEqual([400, "error=invalid_token&error_description=invalid%20token"]);
    expect(await refusalOf(app().revokeToken("nonsense"))).toBe("unsupported_token_type");
    expect(await refusalOf(app().revokeToken("00Dsandbox-ended"))).toBe("unsupported_token_type");
    expect((await fetch(`${server.origin}/services/oauth2/revoke`)).status).toBe(400);
  });
});

test("the sandbox as a whole revokes, counts and hands out grants by slug", async () => {
  const sandbox = await startSandbox({ rotateRefreshTokens: "on" });
  try {
    const { refreshToken, accessToken } = sandbox.credentials("hubspot", "whole");
    const origin = sandbox.origins.get("hubspot")!;
    const refresh = () =>
      postForm(`${origin}/oauth/v3/token`, { ...SECRET, grant_type: "refresh_token", refresh_token: refreshToken! });
    expect((await refresh()).status).toBe(200);
    expect(sandbox.refreshes("hubspot", "whole")).toBe(1);
    expect(sandbox.refreshes("salesforce", "whole")).toBe(0);
    sandbox.revoke("hubspot", "whole");
    const call = (bearer: string) =>
      fetch(`${origin}/crm/v3/owners`, { headers: { authorization: `Bearer ${bearer}` } });
    expect((await call(accessToken!)).status).toBe(401);
    expect((await call(sandbox.credentials("hubspot", "whole").accessToken!)).status).toBe(200);
    expect(() => sandbox.revoke("odoo", "whole")).toThrow("no OAuth");
    expect(() => sandbox.revoke("nocrm", "whole")).toThrow("no sandbox of nocrm");
    expect(sandbox.credentials("odoo", "whole")).toMatchObject({ database: "whole", apiKey: "odoo-sandbox-whole" });
  } finally {
    await sandbox.close();
  }
});
