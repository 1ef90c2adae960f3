import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Credentials } from "../../src/providers/contract/contract.js";
import { providers } from "../../src/providers/index.js";
import { AuthorizationDeclinedError, authorizationUrl } from "../../src/providers/oauth/authorization.js";
import type { OAuthExchange } from "../../src/providers/contract/oauth.js";
import { exchangeCode, refreshGrant, revokeGrant, type TokenGrant } from "../../src/providers/oauth/grants.js";
import { SANDBOX_OAUTH_CLIENT, startSandbox, type Sandbox } from "../../src/sandbox/public.js";
import { locationOf, openPage, submit } from "../sandbox/browser.js";
import { CrmConnections } from "../support/crm-connections.js";
import { failure } from "../upstream/harness.js";

const REDIRECT_URI = "https://crmesh.example/connect/callback";
const STATE = "state-0123456789";
const VERIFIER = "verifier-0123456789-0123456789-0123456789-0123456";

/** The end user's answer to the question before consent. */
const ANSWER = "https://contoso.crm4.dynamics.com";

describe.each([
  ["hubspot", "Connect app", "Cancel"],
  ["salesforce", "Allow", "Deny"],
  ["pipedrive", "Allow and install", "Cancel"],
  ["zoho", "Accept", "Reject"],
  ["dynamics365", "Accept", "Cancel"],
  ["close", "Allow access", "Decline"],
  ["attio", "Authorize", "Cancel"],
])("OAuth at the sandbox's %s", (slug, allow, deny) => {
  const provider = providers.get(slug);
  const defined = provider.oauth!;
  const { question } = defined;
  const oauth = { ...defined, scopes: [...defined.scopes, ...(question?.scopes(ANSWER) ?? [])] };
  let sandbox: Sandbox;
  let connections: CrmConnections;
  let exchange: OAuthExchange;
  beforeAll(async () => (sandbox = await startSandbox({ rotateRefreshTokens: "on" })));
  afterAll(() => sandbox.close());
  beforeEach(() => {
    connections = new CrmConnections({ provider, origin: originOfSandbox(), oauthClient: SANDBOX_OAUTH_CLIENT });
    exchange = connections.oauth();
  });
  afterEach(() => connections.close());

  const originOfSandbox = () => sandbox.origins.get(slug)!;

  /** Sends an end user through the consent page. */
  async function press(button: string): Promise<URLSearchParams> {
    const url = await authorizationUrl(oauth, exchange.server, {
      clientId: exchange.client.id,
      redirectUri: REDIRECT_URI,
      state: STATE,
      codeVerifier: VERIFIER,
    });
    return locationOf(await submit(await openPage(url), { button })).searchParams;
  }

  async function finish(callback: URLSearchParams, codeVerifier = VERIFIER): Promise<TokenGrant> {
    const query = { callback, state: STATE, redirectUri: REDIRECT_URI, codeVerifier };
    const grant = await exchangeCode(exchange, oauth, query);
    const answered = question ? { [question.field.name]: ANSWER } : {};
    return { ...grant, credentials: { ...grant.credentials, ...answered } };
  }

  /** Verifies a credential at the API. */
  function verify(credentials: Credentials) {
    // Salesforce's token response contains the API's address.
    if (slug === "salesforce") expect(provider.origin(credentials, undefined)).toBe(originOfSandbox());
    return provider.verify(connections.connect(credentials).exchange, credentials);
  }

  test("consent and a call", async () => {
    const granted = await finish(await press(allow));
    expect(granted.credentials).toMatchObject({ authorizationServer: oauth.servers[0].id });
    const asked = [...oauth.scopes, ...(oauth.authorizationParameters?.["optional_scope"]?.split(" ") ?? [])];
    // Microsoft does not list this scope among the granted scopes. The refresh token shows that it was granted.
    const named = asked.filter((scope) => slug !== "dynamics365" || scope !== "offline_access");
    expect([...granted.scopes!].sort()).toEqual(named.sort());
    expect((await verify(granted.credentials)).accountName).toEqual(expect.any(String));
  });

  test("the end", async () => {
    const { credentials } = await finish(await press(allow));
    const revoked = await revokeGrant(exchange, oauth, credentials);
    expect(revoked).toBe(exchange.server.revocationEndpoint !== null);
    if (!revoked) return;
    expect((await failure(verify(credentials))).code).toBe("PROVIDER_AUTH_FAILED");
    if (oauth.refreshes) expect((await failure(refreshGrant(exchange, oauth, credentials))).code).toBe("NEEDS_REAUTH");
  });

  test("renewals, each with a token of its own", async () => {
    const granted = await finish(await press(allow));
    if (!oauth.refreshes) {
      expect(granted.credentials).not.toHaveProperty("refreshToken");
      expect(await refreshGrant(exchange, oauth, granted.credentials)).toBeNull();
      return;
    }
    const renewed = await refreshGrant(exchange, oauth, granted.credentials);
    expect(renewed!.credentials["refreshToken"]).not.toBe(granted.credentials["refreshToken"]);
    const again = await refreshGrant(exchange, oauth, renewed!.credentials);
    await verify(again!.credentials);
  });

  if (oauth.refreshes)
    test("a refresh token that was replaced is refused where its use twice is taken for theft", async () => {
      const { credentials } = await finish(await press(allow));
      await refreshGrant(exchange, oauth, credentials);
      expect((await failure(refreshGrant(exchange, oauth, credentials))).code).toBe("NEEDS_REAUTH");
    });

  test("Cancel", async () => {
    await expect(finish(await press(deny))).rejects.toBeInstanceOf(AuthorizationDeclinedError);
  });

  test("a code is valid once, and only for the browser that began", async () => {
    const callback = await press(allow);
    await finish(callback);
    expect((await failure(finish(callback))).code).toBe("PROVIDER_AUTH_FAILED");
    // Without a code challenge, nothing shows to whom the code belongs.
    if (!oauth.pkce) return;
    const stolen = finish(await press(allow), "a-verifier-of-somebody-else-0123456789-0123456789");
    expect((await failure(stolen)).code).toBe("PROVIDER_AUTH_FAILED");
  });

  test("a wrong client secret is the operator's mistake", async () => {
    const callback = await press(allow);
    exchange = { ...exchange, client: { ...exchange.client, secret: "wrong" } };
    expect((await failure(finish(callback))).code).toBe("SERVICE_UNAVAILABLE");
  });
});
