import { describe, expect, test } from "@jest/globals";
import { Origins } from "../../src/connections/calls/origins.js";
import { providers } from "../../src/providers/index.js";

const SANDBOX = "http://127.0.0.1:4100";
const origins = new Origins({
  sandbox: new Map(providers.all.map(({ slug }) => [slug, SANDBOX])),
  sandboxPages: (slug) => `https://crmesh.example/sandbox/${slug}`,
  overrides: new Map([["espocrm", "https://crm.operator.example"]]),
  allowPrivateHosts: true,
});

/** Who else reaches the same server: all workspaces, or only those of one tenant. */
describe("the origin of calls", () => {
  test.each<[slug: string, credentials: Record<string, string>, origin: string, isShared: boolean]>([
    ["hubspot", { accessToken: "pat" }, "https://api.hubapi.com", true],
    ["hubspot", { accessToken: "https://looks.like.an/address" }, "https://api.hubapi.com", true],
    ["close", { apiKey: "key" }, "https://api.close.com", true],
    ["attio", { accessToken: "token" }, "https://api.attio.com", true],
    ["pipedrive", { apiToken: "token" }, "https://api.pipedrive.com", true],
    ["zoho", { accessToken: "token" }, "https://www.zohoapis.com", true],
    ["zoho", { accessToken: "token", apiDomain: "https://www.zohoapis.com" }, "https://www.zohoapis.com", true],
    ["twenty", { apiKey: "key" }, "https://api.twenty.com", true],
    // The operator's own address.
    ["espocrm", { url: "https://crm.acme.example", apiKey: "key" }, "https://crm.operator.example", true],
    ["twenty", { apiKey: "key", url: "https://crm.acme.example" }, "https://crm.acme.example", false],
    [
      "odoo",
      { url: "https://odoo.acme.example", database: "a", login: "l", apiKey: "k" },
      "https://odoo.acme.example",
      false,
    ],
    [
      "salesforce",
      { accessToken: "t", instanceUrl: "https://acme.my.salesforce.com" },
      "https://acme.my.salesforce.com",
      false,
    ],
    [
      "dynamics365",
      { accessToken: "t", environmentUrl: "https://acme.crm4.dynamics.com" },
      "https://acme.crm4.dynamics.com",
      false,
    ],
    ["pipedrive", { apiToken: "token", apiDomain: "https://acme.pipedrive.com" }, "https://acme.pipedrive.com", false],
    ["zoho", { accessToken: "token", apiDomain: "https://crm.acme.example" }, "https://crm.acme.example", false],
  ])("of %s for %j", (slug, credentials, origin, isShared) => {
    expect(origins.of(providers.get(slug), "live", credentials)).toMatchObject({ origin, isShared });
    // Each caller of the sandbox may ask for faults, which must not reach another.
    expect(origins.of(providers.get(slug), "test", credentials)).toMatchObject({ origin: SANDBOX, isShared: false });
  });

  test.each(["live", "test"] as const)("of an authorization server in %s", (environment) => {
    const provider = providers.get("hubspot");
    const { isShared } = origins.authorizationServer(provider, environment, provider.oauth!.servers[0]);
    expect(isShared).toBe(environment === "live");
  });

  test("of a sandbox’s pages is one that browsers reach; crmesh itself calls the sandbox", () => {
    const provider = providers.get("hubspot");
    const [vendors] = provider.oauth!.servers;
    expect(origins.authorizationServer(provider, "test", vendors).server).toMatchObject({
      authorizationEndpoint: "https://crmesh.example/sandbox/hubspot/oauth/authorize",
      tokenEndpoint: expect.stringMatching(`^${SANDBOX}/oauth/`),
      revocationEndpoint: expect.stringMatching(`^${SANDBOX}/oauth/`),
    });
    expect(origins.authorizationServer(provider, "live", vendors).server).toBe(vendors);
  });
});
