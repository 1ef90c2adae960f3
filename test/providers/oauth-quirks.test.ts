import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Credentials } from "../../src/providers/contract/contract.js";
import { authorizationUrl } from "../../src/providers/oauth/authorization.js";
import { serverOf, serverOfCallback, type OAuthDefinition } from "../../src/providers/contract/oauth.js";
import { exchangeCode, refreshGrant, revokeGrant } from "../../src/providers/oauth/grants.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { LeapingClock } from "../upstream/harness.js";
import { startLocalServer, type LocalServer } from "../upstream/local-server.js";
import {
  callback,
  exchangeWith,
  formOf,
  onlyRequest,
  safeFailure,
  SECRETS,
  STATE,
  text,
  VENDOR_CODES,
} from "./oauth-stage.js";

/** Characters that mean something in a form, in a URL and in a Basic header. */
const CLIENT = { id: "client:1 &+%é", secret: `${SECRETS.client} =/+:%~é` };
const REDIRECT_URI = "https://crmesh.example/connect/callback/quirks";

/**
 * The peculiarities of several CRMs together: Zoho's data centres and errors, Pipedrive's Basic header, rotating
 * tokens.
 */
describe("a vendor with all quirks", () => {
  let east: LocalServer;
  let west: LocalServer;
  let client: UpstreamClient;
  let definition: OAuthDefinition;

  beforeAll(async () => {
    [east, west] = await Promise.all([startLocalServer(), startLocalServer()]);
    definition = {
      servers: [serverAt(west, "west"), serverAt(east, "east")],
      serverParameter: "accounts-server",
      clientAuthentication: "client_secret_basic",
      pkce: false,
      refreshes: true,
      errorCodes: VENDOR_CODES,
      scopes: ["crm.read", "crm.write"],
      scopeSeparator: ",",
      authorizationParameters: { access_type: "offline", prompt: "consent" },
      answerFields: { apiDomain: "api_domain" },
    };
  });
  afterAll(() => Promise.all([east.close(), west.close()]));
  beforeEach(() => {
    for (const server of [east, west]) server.received.length = 0;
    client = new UpstreamClient({ clock: new LeapingClock() });
  });
  afterEach(() => client.close());

  function serverAt({ origin }: LocalServer, id: string) {
    return {
      id,
      label: id,
      authorizationEndpoint: `${origin}/oauth/v2/auth`,
      tokenEndpoint: `${origin}/oauth/v2/token`,
      revocationEndpoint: `${origin}/oauth/v2/token/revoke`,
    };
  }

  /** A JSON body with the content type of a text. */
  const answer = (body: unknown, status = 200) => text(status, JSON.stringify(body), "text/plain;charset=utf-8");

  const exchangeAt = (id: string) => exchangeWith(client, serverOf(definition, id), { client: CLIENT });

  function connect(parameters: Record<string, string>) {
    const answered = callback(parameters);
    const server = serverOfCallback(definition, answered, "west");
    return exchangeCode(exchangeAt(server.id), definition, {
      callback: answered,
      state: STATE,
      redirectUri: REDIRECT_URI,
      codeVerifier: SECRETS.verifier,
    });
  }

  const renew = (credentials: Credentials) =>
    refreshGrant(exchangeAt(credentials["authorizationServer"]!), definition, credentials);

  test("the way there", async () => {
    const url = await authorizationUrl(definition, serverOf(definition, undefined), {
      clientId: CLIENT.id,
      redirectUri: REDIRECT_URI,
      state: STATE,
      codeVerifier: SECRETS.verifier,
    });
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: "code",
      client_id: CLIENT.id,
      redirect_uri: REDIRECT_URI,
      scope: "crm.read,crm.write",
      state: STATE,
      access_type: "offline",
      prompt: "consent",
    });
  });

  test("a life: consent in another data centre, a renewal, another one, and the end", async () => {
    east.answer(
      answer({
        access_token: "access-1",
        refresh_token: "refresh-1",
        api_domain: "https://api.example.eu",
        scope: "crm.read,crm.write",
      }),
      answer({ access_token: "access-2", refresh_token: "refresh-2", api_domain: "https://api.example.eu" }),
      answer({ access_token: "access-3", token_type: "Bearer" }),
      answer({ status: "success" }),
    );
    const granted = await connect({ "accounts-server": east.origin, location: "eu" });
    expect(granted).toEqual({
      credentials: {
        accessToken: "access-1",
        refreshToken: "refresh-1",
        authorizationServer: "east",
        apiDomain: "https://api.example.eu",
      },
      scopes: ["crm.read", "crm.write"],
      expiresAt: null,
    });
    const second = await renew(granted.credentials);
    expect(second?.credentials).toEqual({
      ...granted.credentials,
      accessToken: "access-2",
      refreshToken: "refresh-2",
    });
    const third = await renew(second!.credentials);
    expect(third?.credentials).toEqual({ ...second!.credentials, accessToken: "access-3" });
    expect(await revokeGrant(exchangeAt("east"), definition, third!.credentials)).toBe(true);

    expect(west.received).toHaveLength(0);
    const [code, first, rotated, revoked] = east.received.map(formOf);
    expect(code).toEqual({ grant_type: "authorization_code", code: SECRETS.code, redirect_uri: REDIRECT_URI });
    expect([first, rotated].map((form) => form?.["refresh_token"])).toEqual(["refresh-1", "refresh-2"]);
    expect(revoked).toEqual({ token: "refresh-2", token_type_hint: "refresh_token" });
    expect(east.received.map(({ url }) => url)).toEqual([
      "/oauth/v2/token",
      "/oauth/v2/token",
      "/oauth/v2/token",
      "/oauth/v2/token/revoke",
    ]);
  });

  test("the Basic header holds id and secret form-encoded, so that a colon in either does no harm", async () => {
    west.answer(answer({ access_token: "access-1", api_domain: "https://api.example" }));
    await connect({});
    const { authorization = "" } = onlyRequest(west).headers;
    const [id, secret, ...rest] = Buffer.from(authorization.replace(/^Basic /, ""), "base64")
      .toString()
      .split(":");
    expect(rest).toEqual([]);
    const decoded = new URLSearchParams(`id=${id}&secret=${secret}`);
    expect([decoded.get("id"), decoded.get("secret")]).toEqual([CLIENT.id, CLIENT.secret]);
    expect(formOf(onlyRequest(west))).not.toHaveProperty("client_secret");
  });

  test.each([
    [200, "invalid_code", "NEEDS_REAUTH"],
    [200, "access_denied", "NEEDS_REAUTH"],
    [200, "invalid_client", "SERVICE_UNAVAILABLE"],
    [200, "invalid_client_secret", "SERVICE_UNAVAILABLE"],
    [200, "general_error", "PROVIDER_ERROR"],
    // Throttled, and not the same as `access_denied`.
    [400, "Access Denied", "PROVIDER_RATE_LIMITED"],
  ])("%d %s on a renewal is %s", async (status, error, code) => {
    west.answer(answer({ error, error_description: "You have made too many requests", status: "failure" }, status));
    const failure = await safeFailure(renew({ refreshToken: SECRETS.refresh, authorizationServer: "west" }));
    expect([failure.code, failure.details.upstream]).toEqual([code, { status, code: error }]);
    if (code === "PROVIDER_RATE_LIMITED") expect(failure.details.retryAfter).toBe(60);
    onlyRequest(west);
  });

  test("a spent code inside a 200", async () => {
    west.answer(answer({ error: "invalid_code" }));
    expect((await safeFailure(connect({}))).code).toBe("PROVIDER_AUTH_FAILED");
  });

  test("a stranger's data centre gets neither code nor secret", async () => {
    const error = await safeFailure((async () => connect({ "accounts-server": "https://accounts.evil.example" }))());
    expect(error.code).toBe("INVALID_INPUT");
    expect([...east.received, ...west.received]).toHaveLength(0);
  });
});
