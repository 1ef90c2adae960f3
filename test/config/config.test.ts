import { describe, expect, test } from "@jest/globals";
import { ConfigError, readConfig } from "../../src/config.js";
import { providers } from "../../src/providers/index.js";

const read = (environment: Record<string, string>) => readConfig(environment, providers);

test("what holds when nothing is set", () => {
  expect(read({})).toMatchObject({
    production: false,
    port: 4000,
    host: "127.0.0.1",
    dataDir: ".crmesh",
    sandbox: true,
    allowPrivateHosts: false,
    maintenance: false,
    introspection: true,
    apolloSandbox: true,
    rateLimit: 600,
  });
});

test("in production, what helps developers is off unless asked for", () => {
  const off = { sandbox: false, introspection: false, apolloSandbox: false };
  expect(read({ NODE_ENV: "production" })).toMatchObject({ production: true, ...off });
  expect(read({ NODE_ENV: "production", CRMESH_SANDBOX: "on", CRMESH_INTROSPECTION: "on" })).toMatchObject({
    sandbox: true,
    introspection: true,
  });
});

test("an empty variable is one that is not set", () => {
  expect(read({ PORT: "", CRMESH_SANDBOX: "", CRMESH_HUBSPOT_BASE_URL: "", DATABASE_URL: "" })).toEqual(read({}));
});

test("base URLs are cut to their origin", () => {
  const { baseUrls } = read({ CRMESH_ODOO_BASE_URL: "http://127.0.0.1:8069/web/" });
  expect([...baseUrls]).toEqual([["odoo", "http://127.0.0.1:8069"]]);
});

test("an OAuth client comes whole", () => {
  const both = { CRMESH_HUBSPOT_CLIENT_ID: "id", CRMESH_HUBSPOT_CLIENT_SECRET: "secret" };
  expect([...read(both).oauthClients]).toEqual([["hubspot", { id: "id", secret: "secret" }]]);
  expect(() => read({ CRMESH_HUBSPOT_CLIENT_ID: "id" })).toThrow(
    /CRMESH_HUBSPOT_CLIENT_ID and CRMESH_HUBSPOT_CLIENT_SECRET/,
  );
});

describe("a value that cannot be used stops the start with a sentence that names its variable", () => {
  test.each([
    ["PORT", "http"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["CRMESH_SANDBOX", "yes"],
    ["CRMESH_MAINTENANCE", "ON"],
    ["CRMESH_ALLOW_PRIVATE_HOSTS", "true"],
    ["CRMESH_INTROSPECTION", "1"],
    ["CRMESH_LOG_LEVEL", "loud"],
    ["CRMESH_RATE_LIMIT", "0"],
    ["CRMESH_MAX_BODY_BYTES", "10"],
    ["CRMESH_MAX_RECORDS", "many"],
    ["CRMESH_REQUEST_TIMEOUT_MS", "1"],
    ["CRMESH_UPSTREAM_TIMEOUT_MS", "Infinity"],
    ["CRMESH_HUBSPOT_BASE_URL", "localhost:8080"],
    ["CRMESH_SALESFORCE_BASE_URL", "ftp://example.com"],
    ["CRMESH_ODOO_BASE_URL", "nonsense"],
    ["DATABASE_URL", "postgres://user:hunter2@db/crmesh"],
  ])("%s=%s", (name, value) => {
    const attempt = () => read({ [name]: value });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(new RegExp(`^${name} .*\\.$`));
    expect(attempt).not.toThrow(/hunter2/);
  });
});
