import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { providers } from "../../src/providers/index.js";
import { authorizationUrl, generateCodeVerifier, generateState } from "../../src/providers/oauth/authorization.js";
import { serverOf, serverOfCallback, type OAuthDefinition } from "../../src/providers/contract/oauth.js";
import { plainDefinition, plainServer, REDIRECT_URI, SECRETS, STATE } from "./oauth-stage.js";

const ORIGIN = "https://login.example";
const QUERY = { clientId: "client-1", redirectUri: REDIRECT_URI, state: STATE, codeVerifier: SECRETS.verifier };

async function urlOf(own: Partial<OAuthDefinition> = {}, server = plainServer(ORIGIN)): Promise<URL> {
  return new URL(await authorizationUrl(plainDefinition(ORIGIN, own), server, QUERY));
}

function refusal(run: () => unknown): CrmError {
  try {
    run();
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
  throw new Error("It was expected to be refused.");
}

describe("the authorization URL", () => {
  test("says what the standard wants, and nothing secret", async () => {
    const url = await urlOf();
    expect(url.origin + url.pathname).toBe(`${ORIGIN}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: "code",
      client_id: "client-1",
      redirect_uri: REDIRECT_URI,
      scope: "read write",
      state: STATE,
      code_challenge: createHash("sha256").update(SECRETS.verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    expect(url.href).not.toContain("secret-");
  });

  test("spaces are not left to be read as pluses", async () => {
    expect((await urlOf({ scopes: ["a+b", "c"] })).search).toContain("scope=a%2Bb%20c&");
  });

  test("a vendor that takes no challenge gets none", async () => {
    const parameters = (await urlOf({ pkce: false })).searchParams;
    expect([...parameters.keys()].filter((name) => name.startsWith("code_challenge"))).toEqual([]);
  });

  test("scopes have the vendor's separator, and are omitted if there are none", async () => {
    expect((await urlOf({ scopeSeparator: "," })).searchParams.get("scope")).toBe("read,write");
    expect((await urlOf({ scopes: [] })).searchParams.has("scope")).toBe(false);
  });

  test("the vendor's own parameters join in, and take nothing away", async () => {
    const server = { ...plainServer(ORIGIN), authorizationEndpoint: `${ORIGIN}/authorize?brand=1` };
    const extra = { access_type: "offline", state: "fixed" };
    const { searchParams } = await urlOf({ authorizationParameters: extra }, server);
    expect([searchParams.get("brand"), searchParams.get("access_type"), searchParams.get("state")]).toEqual([
      "1",
      "offline",
      STATE,
    ]);
  });

  test("states and verifiers are new every time, and as long as the standard wants them", () => {
    const made = [generateState(), generateState(), generateCodeVerifier(), generateCodeVerifier()];
    expect(new Set(made).size).toBe(4);
    for (const one of made) expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});

describe("authorization servers", () => {
  const EU = plainServer("https://accounts.example.eu", "eu");
  const US = plainServer("https://accounts.example.com", "us");
  const definition = plainDefinition(ORIGIN, { servers: [US, EU], serverParameter: "accounts-server" });
  const answer = (...named: string[]) => new URLSearchParams(named.map((name) => ["accounts-server", name]));

  test("the first is meant where none is named", () => {
    expect([serverOf(definition, undefined), serverOf(definition, "eu")]).toEqual([US, EU]);
  });

  test("one that is not there is refused by name", () => {
    const error = refusal(() => serverOf(definition, "mars"));
    expect([error.code, error.details.detail]).toEqual([
      "INVALID_INPUT",
      "Unknown authorization server. Use one of: us, eu.",
    ]);
  });

  test("the callback names the data centre", () => {
    expect(serverOfCallback(definition, answer("https://accounts.example.eu"), "us")).toBe(EU);
    expect(serverOfCallback(definition, answer("https://accounts.example.eu/"), "us")).toBe(EU);
    expect(serverOfCallback(definition, answer(), "eu")).toBe(EU);
  });

  test.each([
    ["a stranger", ["https://accounts.example.evil"]],
    ["plain HTTP", ["http://accounts.example.eu"]],
    ["another port", ["https://accounts.example.eu:8443"]],
    ["a name that only begins alike", ["https://accounts.example.eu.evil"]],
    ["a user before the host", ["https://accounts.example.eu@evil.example"]],
    ["no address", ["eu"]],
    ["nothing", [""]],
    ["two of them", ["https://accounts.example.eu", "https://accounts.example.com"]],
  ])("%s is refused", (_what, named) => {
    expect(refusal(() => serverOfCallback(definition, answer(...named), "us")).code).toBe("INVALID_INPUT");
  });

  test("a vendor without data centres has no check of the data centre", () => {
    const single = plainDefinition(ORIGIN);
    expect(serverOfCallback(single, answer("https://accounts.example.evil"), "plain")).toBe(single.servers[0]);
  });
});

describe("the providers' definitions", () => {
  test.each(providers.all.map((provider) => [provider.slug, provider] as const))("%s", (_slug, provider) => {
    expect(provider.oauth !== undefined).toBe(provider.authType === "OAUTH2");
    // A provider renews credentials by OAuth or by `renew`, never by both.
    expect(provider.oauth && provider.renew).toBeUndefined();
    for (const server of provider.oauth?.servers ?? []) {
      const endpoints = [
        server.authorizationEndpoint,
        server.tokenEndpoint,
        server.revocationEndpoint ?? "https://none",
      ];
      for (const endpoint of endpoints) expect(new URL(endpoint).protocol).toBe("https:");
    }
    const ids = provider.oauth?.servers.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("HubSpot: leads are optional, because not every account has them", async () => {
    const { oauth } = providers.get("hubspot");
    const url = new URL(await authorizationUrl(oauth!, oauth!.servers[0], QUERY));
    expect(url.origin + url.pathname).toBe("https://app.hubspot.com/oauth/authorize");
    expect(url.searchParams.get("scope")).toBe(
      "oauth crm.objects.contacts.read crm.objects.contacts.write crm.objects.owners.read",
    );
    expect(url.searchParams.get("optional_scope")).toBe(
      "crm.objects.leads.read crm.objects.leads.write crm.objects.companies.read",
    );
  });

  test("Salesforce: production and sandbox", async () => {
    const { oauth } = providers.get("salesforce");
    const urls = oauth!.servers.map(async (server) => new URL(await authorizationUrl(oauth!, server, QUERY)));
    expect((await Promise.all(urls)).map(({ origin, pathname }) => origin + pathname)).toEqual([
      "https://login.salesforce.com/services/oauth2/authorize",
      "https://test.salesforce.com/services/oauth2/authorize",
    ]);
  });
});
