import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { ConfigError, readConfig } from "../../src/config.js";
import { BOUNDS, type BoundDefinition, type BoundName } from "../../src/graphql/operation/bounds.js";
import { providers } from "../../src/providers/index.js";

const read = (environment: Record<string, string>) => readConfig(environment, providers);

test("what holds when nothing is set", () => {
  expect(read({})).toMatchObject({
    production: false,
    port: 4000,
    host: "127.0.0.1",
    dataDir: ".crmesh",
    databaseUrl: undefined,
    databasePoolSize: 10,
    publicUrl: undefined,
    auditRetentionDays: 365,
    sandbox: true,
    allowPrivateHosts: false,
    maintenance: false,
    introspection: true,
    explorer: "graphiql",
    rateLimit: 600,
    maxBodyBytes: 1_048_576,
    headersTimeoutMs: 10_000,
    receiveTimeoutMs: 15_000,
    keepAliveTimeoutMs: 65_000,
    drainMs: 0,
    logFormat: "auto",
  });
});

test("in production, what helps developers is off unless asked for", () => {
  const off = { sandbox: false, introspection: false, explorer: "off" };
  expect(read({ NODE_ENV: "production" })).toMatchObject({ production: true, ...off });
  expect(read({ NODE_ENV: "production", CRMESH_SANDBOX: "on", CRMESH_INTROSPECTION: "on" })).toMatchObject({
    sandbox: true,
    introspection: true,
  });
});

test("the explorer is GraphiQL in development, and off in production, unless another one is named", () => {
  expect([read({}).explorer, read({ NODE_ENV: "production" }).explorer]).toEqual(["graphiql", "off"]);
  for (const explorer of ["graphiql", "sandbox", "off"]) {
    for (const NODE_ENV of ["", "production"]) {
      expect(read({ NODE_ENV, CRMESH_EXPLORER: explorer })).toMatchObject({ explorer, warnings: [] });
    }
  }
  expect(() => read({ CRMESH_EXPLORER: "on" })).toThrow("CRMESH_EXPLORER has an invalid value");
});

test("CRMESH_APOLLO_SANDBOX is still read, with a warning that names its successor", () => {
  const warning = (value: string) =>
    `CRMESH_APOLLO_SANDBOX is replaced by CRMESH_EXPLORER=${value}. The next version does not read it.`;
  const both = { CRMESH_APOLLO_SANDBOX: "off", CRMESH_EXPLORER: "graphiql" };
  expect(read({ CRMESH_APOLLO_SANDBOX: "on" })).toMatchObject({ explorer: "sandbox", warnings: [warning("sandbox")] });
  expect(read({ CRMESH_APOLLO_SANDBOX: "off" })).toMatchObject({ explorer: "off", warnings: [warning("off")] });
  expect(read({ NODE_ENV: "production", CRMESH_APOLLO_SANDBOX: "on" }).explorer).toBe("sandbox");
  expect(read(both)).toMatchObject({ explorer: "graphiql", warnings: [warning("off")] });
  expect(read({}).warnings).toEqual([]);
});

test("pages of Apollo's hosted Sandbox may use the graph in development, other origins if they are named", () => {
  const studio = "https://studio.apollographql.com";
  const named = { CRMESH_CORS_ORIGINS: "https://app.example.com, http://localhost:3000," };
  expect(read({}).corsOrigins).toEqual([studio]);
  expect(read({ NODE_ENV: "production" }).corsOrigins).toEqual([]);
  expect(read(named).corsOrigins).toEqual([studio, "https://app.example.com", "http://localhost:3000"]);
  const production = read({ NODE_ENV: "production", ...named });
  expect(production.corsOrigins).toEqual(["https://app.example.com", "http://localhost:3000"]);
});

test.each([
  "*",
  "null",
  "app.example.com",
  "https://a.example.com/",
  "https://a.example.com/app",
  "ftp://a.example.com",
])("%s is no origin that may use the graph", (origin) => {
  expect(() => read({ CRMESH_CORS_ORIGINS: `https://app.example.com,${origin}` })).toThrow(
    "CRMESH_CORS_ORIGINS must be origins without a path and without a slash at the end",
  );
});

test("in production, balancers get time to see that a server goes", () => {
  expect(read({ NODE_ENV: "production" }).drainMs).toBe(5_000);
  expect(read({ NODE_ENV: "production", CRMESH_DRAIN_MS: "0" }).drainMs).toBe(0);
  expect(read({ CRMESH_DRAIN_MS: "1500" }).drainMs).toBe(1_500);
});

test("the headers have at most the time of the whole request", () => {
  expect(read({ CRMESH_RECEIVE_TIMEOUT_MS: "2000" })).toMatchObject({
    headersTimeoutMs: 2_000,
    receiveTimeoutMs: 2_000,
  });
  const equal = { CRMESH_HEADERS_TIMEOUT_MS: "20000", CRMESH_RECEIVE_TIMEOUT_MS: "20000" };
  expect(read(equal)).toMatchObject({ headersTimeoutMs: 20_000, receiveTimeoutMs: 20_000 });
  expect(() => read({ CRMESH_HEADERS_TIMEOUT_MS: "15001" })).toThrow(
    "CRMESH_HEADERS_TIMEOUT_MS must not be greater than CRMESH_RECEIVE_TIMEOUT_MS.",
  );
});

test("an empty variable is one that is not set", () => {
  expect(
    read({ PORT: "", CRMESH_SANDBOX: "", CRMESH_HUBSPOT_BASE_URL: "", DATABASE_URL: "", CRMESH_PUBLIC_URL: "" }),
  ).toEqual(read({}));
});

test("base URLs keep their path, and neither a query nor a slash at the end", () => {
  const { baseUrls } = read({
    CRMESH_ODOO_BASE_URL: "http://127.0.0.1:8069/crm/?x=1",
    CRMESH_TWENTY_BASE_URL: "http://127.0.0.1:3000/",
  });
  expect(baseUrls.get("odoo")).toBe("http://127.0.0.1:8069/crm");
  expect(baseUrls.get("twenty")).toBe("http://127.0.0.1:3000");
});

test("the public URL is an origin", () => {
  expect(read({ CRMESH_PUBLIC_URL: "https://CRM.example.com:443/" }).publicUrl).toBe("https://crm.example.com");
});

describe("a PostgreSQL", () => {
  const key = { CRMESH_ENCRYPTION_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" };

  test.each([
    "postgres://crmesh:hunter2@db.example.com:5432/crmesh?sslmode=verify-full",
    "postgresql://localhost/crmesh",
    "postgres:///crmesh?host=/var/run/postgresql",
  ])("%s is taken as it is", (url) => {
    expect(read({ ...key, DATABASE_URL: url, CRMESH_DATABASE_POOL_SIZE: "3" })).toMatchObject({
      databaseUrl: url,
      databasePoolSize: 3,
    });
  });

  test("comes with an encryption key, because no server of several could keep it for all", () => {
    const attempt = () => read({ DATABASE_URL: "postgres://user:hunter2@db/crmesh" });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/^CRMESH_ENCRYPTION_KEY must be set with DATABASE_URL.*openssl rand -base64 32\.$/);
  });
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
    ["CRMESH_HEADERS_TIMEOUT_MS", "0"],
    ["CRMESH_HEADERS_TIMEOUT_MS", "20000"],
    ["CRMESH_RECEIVE_TIMEOUT_MS", "0"],
    ["CRMESH_KEEP_ALIVE_TIMEOUT_MS", "0"],
    ["CRMESH_DRAIN_MS", "-1"],
    ["CRMESH_MAX_RECORDS", "many"],
    ["CRMESH_REQUEST_TIMEOUT_MS", "1"],
    ["CRMESH_CONNECTION_TIMEOUT_MS", "0"],
    ["CRMESH_UPSTREAM_TIMEOUT_MS", "Infinity"],
    ["CRMESH_HUBSPOT_BASE_URL", "localhost:8080"],
    ["CRMESH_SALESFORCE_BASE_URL", "ftp://example.com"],
    ["CRMESH_ODOO_BASE_URL", "nonsense"],
    ["CRMESH_PUBLIC_URL", "crm.example.com"],
    ["CRMESH_PUBLIC_URL", "ftp://crm.example.com"],
    ["CRMESH_PUBLIC_URL", "https://example.com/crm"],
    ["CRMESH_PUBLIC_URL", "https://user:hunter2@example.com"],
    ["CRMESH_PUBLIC_URL", "https://example.com/?"],
    ["CRMESH_DATABASE_POOL_SIZE", "0"],
    ["CRMESH_AUDIT_RETENTION_DAYS", "0"],
    ["DATABASE_URL", "mysql://user:hunter2@db/crmesh"],
    ["DATABASE_URL", "postgres://user:hunter2@db:port/crmesh"],
    ["DATABASE_URL", "hunter2"],
  ])("%s=%s", (name, value) => {
    const attempt = () => read({ [name]: value });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(new RegExp(`^${name} .*\\.$`));
    expect(attempt).not.toThrow(/hunter2/);
  });
});

test("every bound of an operation is set by its variable, and stands in docs/configuration.md with its default", async () => {
  const { bounds } = read({});
  const rows = new Map(
    [...(await readFile("docs/configuration.md", "utf8")).matchAll(/^\| `(CRMESH_MAX_\w+)`\s+\| `(\d+)`\s+\|/gm)].map(
      ([, variable, value]) => [variable, Number(value)],
    ),
  );
  for (const [name, { variable }] of Object.entries(BOUNDS) as [BoundName, BoundDefinition][]) {
    expect(rows.get(variable)).toBe(bounds[name]);
    expect(read({ [variable]: "7" }).bounds[name]).toBe(7);
    expect(() => read({ [variable]: "0" })).toThrow(new RegExp(`^${variable} `));
  }
});

describe("workers", () => {
  const postgres = { DATABASE_URL: "postgres://db/crmesh", CRMESH_ENCRYPTION_KEY: "1:k" };

  test("are one by default, as many as are asked for, or as many as the machine has cores", () => {
    expect(read({}).workers).toBe(1);
    expect(read({ ...postgres, CRMESH_WORKERS: "3" }).workers).toBe(3);
    expect(read({ ...postgres, CRMESH_WORKERS: "auto" }).workers).toBe(availableParallelism());
  });

  test("need PostgreSQL, and the refusal says why", () => {
    expect(() => read({ CRMESH_WORKERS: "2" })).toThrow(
      "CRMESH_WORKERS needs a PostgreSQL in DATABASE_URL: only one process can open the embedded database, which runs inside of it.",
    );
    expect(read({ CRMESH_WORKERS: "1" })).toMatchObject({ workers: 1, warnings: [] });
    const auto = read({ CRMESH_WORKERS: "auto" });
    expect([auto.workers, auto.warnings[0]]).toEqual([1, expect.stringContaining("only one process can open")]);
  });

  test.each(["0", "257", "two"])("%p is refused", (value) => {
    expect(() => read({ ...postgres, CRMESH_WORKERS: value })).toThrow(
      "CRMESH_WORKERS has an invalid value: expected auto, or a number from 1 to 256.",
    );
  });
});
