import { expect, test } from "@jest/globals";
import { configFacts } from "../../src/config-facts.js";
import { readConfig } from "../../src/config.js";
import { providers } from "../../src/providers/index.js";

const KEY = Buffer.alloc(32, 5).toString("base64");

test("the configuration in the log has every number and switch, and no secret", () => {
  const environment = {
    DATABASE_URL: "postgres://crmesh:pg-s3cret@db.internal:5433/crmesh?sslpassword=param-s3cret",
    CRMESH_ENCRYPTION_KEY: `s3cret-id:${KEY},2:${KEY}`,
    CRMESH_HUBSPOT_CLIENT_ID: "id-s3cret",
    CRMESH_HUBSPOT_CLIENT_SECRET: "client-s3cret",
    CRMESH_ODOO_BASE_URL: "http://user:url-s3cret@127.0.0.1:8080/path",
    CRMESH_PUBLIC_URL: "https://crm.example.com",
  };
  const config = readConfig(environment, providers);
  const facts = configFacts(config);
  expect(facts).toMatchObject({
    port: 4000,
    host: "127.0.0.1",
    publicUrl: "https://crm.example.com",
    rateLimit: 600,
    sandbox: true,
    production: false,
    database: "postgres://db.internal:5433/crmesh",
    encryptionKeys: 2,
    oauthClients: ["hubspot"],
    baseUrls: { odoo: "http://127.0.0.1:8080" },
    bounds: { calls: 1000 },
  });
  const plain = Object.entries(config).filter(([, value]) => ["number", "boolean"].includes(typeof value));
  expect(Object.keys(facts)).toEqual(expect.arrayContaining(plain.map(([name]) => name)));
  expect(JSON.stringify(facts)).not.toMatch(/s3cret|crmesh:|BQUF/);
});
