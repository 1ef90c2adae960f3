import { describe, expect, test } from "@jest/globals";
import { Origins } from "../../src/connections/calls/origins.js";
import { CrmError } from "../../src/errors/crm-error.js";
import { serverOf } from "../../src/providers/contract/oauth.js";
import { oauth } from "../../src/providers/crm/salesforce/oauth.js";
import { providers } from "../../src/providers/index.js";

const { read } = oauth.ownServers!;
const refusalOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof CrmError) return [error.code, Object.keys(error.details.errors ?? {})];
    throw error;
  }
  return null;
};

describe("My Domain", () => {
  test.each([
    ["https://acme.my.salesforce.com", "acme.my.salesforce.com"],
    [" ACME.my.salesforce.com ", "acme.my.salesforce.com"],
    ["https://acme.my.salesforce.com/secur/login?x=1#top", "acme.my.salesforce.com"],
    ["https://acme--uat.sandbox.my.salesforce.com/", "acme--uat.sandbox.my.salesforce.com"],
    ["acme-dev-ed.develop.my.salesforce.com", "acme-dev-ed.develop.my.salesforce.com"],
    ["https://login.salesforce.com", "production"],
    ["test.salesforce.com", "sandbox"],
  ])("%s is a server of Salesforce", (address, id) => {
    const server = read(address);
    expect(server.id).toBe(id);
    // Credentials keep the id, and tokens are renewed and revoked at the same server.
    expect(serverOf(oauth, id)).toEqual(server);
    const { origin } = new URL(server.tokenEndpoint);
    expect(server).toMatchObject({
      authorizationEndpoint: `${origin}/services/oauth2/authorize`,
      tokenEndpoint: `${origin}/services/oauth2/token`,
      revocationEndpoint: `${origin}/services/oauth2/revoke`,
    });
    expect(origin).toMatch(/^https:\/\/[a-z0-9.-]+\.salesforce\.com$/);
  });

  test.each([
    "",
    "acme",
    "my.salesforce.com",
    "https://.my.salesforce.com",
    "http://acme.my.salesforce.com",
    "ftp://acme.my.salesforce.com",
    "https://acme.my.salesforce.com:8443",
    "https://ann:secret@acme.my.salesforce.com",
    "https://acme.my.salesforce.com@evil.example",
    "https://acme.my.salesforce.com.evil.example",
    "https://evil.example/acme.my.salesforce.com",
    "https://evil.example#.my.salesforce.com",
    "https://evil.example?.my.salesforce.com",
    "https://evil.example\\.my.salesforce.com",
    "https://acmemy.salesforce.com",
    "https://acme.my-salesforce.com",
    "https://acme.my.salesforce.com.",
    "https://a.b.c.my.salesforce.com",
    "https://-acme.my.salesforce.com",
    "https://acme.my.site.com",
    "https://acme.lightning.force.com",
    "javascript:alert(1)",
  ])("%j gets neither a code nor the secret", (address) => {
    expect(refusalOf(() => read(address))).toEqual(["INVALID_INPUT", ["credentials.myDomain"]]);
    expect(refusalOf(() => serverOf(oauth, address))).toEqual(["INVALID_INPUT", []]);
  });

  test("an id is exactly the host of a server", () => {
    for (const id of ["https://acme.my.salesforce.com", "ACME.my.salesforce.com", "acme.my.salesforce.com/login"])
      expect(refusalOf(() => serverOf(oauth, id))).toEqual(["INVALID_INPUT", []]);
  });

  test("a server of a customer's own belongs to its tenant, and the vendor's are everybody's", () => {
    const origins = new Origins({
      sandbox: new Map(),
      sandboxPages: () => "",
      overrides: new Map(),
      allowPrivateHosts: false,
    });
    const isShared = (id: string) =>
      origins.authorizationServer(providers.get("salesforce"), "live", serverOf(oauth, id)).isShared;
    expect([isShared("production"), isShared("sandbox"), isShared("acme.my.salesforce.com")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
