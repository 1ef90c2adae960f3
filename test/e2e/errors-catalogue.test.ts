import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { hubspot } from "../../src/providers/crm/hubspot/index.js";
import { ProviderRegistry } from "../../src/providers/registry.js";
import { StoreUnavailableError } from "../../src/store/faults.js";
import type { Store } from "../../src/store/open-store.js";
import { undocumentedIn } from "../support/documented-extensions.js";
import { linesFrom, linesOf, requestLine } from "../support/log-lines.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { startClock, stopClock } from "../support/fake-date.js";
import { MovedClock } from "../support/moved-clock.js";
import { Ground, type Answer, type TestServer } from "../support/test-server.js";
import { DOCUMENTED } from "../support/documented-errors.js";

const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const PROVIDERS: Record<string, string> = { a: "hubspot", b: "salesforce", c: "odoo" };
const fault = (name: string) => ({ provider: "hubspot", headers: { "x-sandbox-fault": `hubspot=${name}` } });
const brokenStore = (store: Store, listByEndUsers: () => Promise<never>): Store => ({
  ...store,
  connections: Object.assign(Object.create(store.connections) as Store["connections"], { listByEndUsers }),
});

let ground: Ground;
let server: TestServer;
let broken: TestServer;
let shut: TestServer;

beforeAll(async () => {
  ground = await Ground.open();
  // Its circuits stay open: the clock stands still.
  server = await ground.serve({ circuit: { failures: 2 }, clock: new MovedClock() });
  broken = await ground.serve({
    store: brokenStore(ground.store, async () => {
      throw new TypeError("db://admin:hunter2@internal exploded");
    }),
  });
  shut = await ground.serve({ config: { maintenance: true } });
});
afterAll(() => ground.close());

interface Case {
  provoke(): Promise<Answer<Record<string, unknown>>>;
  origin: string;
  actor: string;
  retryable: boolean;
  /** Seconds, if a wait is known. */
  retryAfter?: number;
  /** Set if a provider is involved. */
  provider?: string;
  /** Set if a connection is involved. */
  connected?: boolean;
  /** True if the credential is refused, so that the end user must reconnect. */
  reconnect?: boolean;
  /** Input paths in `errors`. */
  errors?: string[];
}

const caller = { origin: "CALLER", actor: "DEVELOPER", retryable: false };
const atHubSpot = { provider: "hubspot", connected: true };

const CASES: Record<string, Case> = {
  INVALID_API_KEY: { ...caller, provoke: () => server.query(CONTACTS, { key: null }) },
  FORBIDDEN: {
    ...caller,
    provoke: async () => {
      const key = await ground.key({ scopes: ["leads:read"] });
      return server.query(CONTACTS, { key, provider: "hubspot" });
    },
  },
  CONTACT_NOT_FOUND: {
    ...caller,
    ...atHubSpot,
    provoke: () => server.query('{ contact(id: "1", provider: "hubspot") { fullName } }'),
  },
  LEAD_NOT_FOUND: {
    ...caller,
    ...atHubSpot,
    provoke: () => server.query('{ lead(id: "1", provider: "hubspot") { subject } }'),
  },
  MEETING_NOT_FOUND: {
    ...caller,
    ...atHubSpot,
    provoke: () => server.query('{ meeting(id: "1", provider: "hubspot") { title } }'),
  },
  PROVIDER_NOT_FOUND: { ...caller, provoke: () => server.query(CONTACTS, { provider: "nosuchcrm" }) },
  CONNECTION_NOT_FOUND: {
    ...caller,
    actor: "END_USER",
    provider: "hubspot",
    provoke: async () => {
      await ground.endUser("lonely");
      return server.query(CONTACTS, { provider: "hubspot", endUserId: "lonely" });
    },
  },
  END_USER_NOT_FOUND: {
    ...caller,
    provoke: () => server.query(CONTACTS, { provider: "hubspot", endUserId: "nobody" }),
  },
  CONNECTION_ALREADY_EXISTS: {
    ...caller,
    provider: "hubspot",
    provoke: () =>
      server.query("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
        variables: {
          input: { endUserId: "demo", provider: "hubspot", credentials: { accessToken: "pat-sandbox-demo" } },
        },
      }),
  },
  INVALID_INPUT: {
    ...caller,
    ...atHubSpot,
    errors: ["first"],
    provoke: () => server.query("{ contacts(first: 101) { nodes { fullName } } }", { provider: "hubspot" }),
  },
  MISSING_REQUIRED: {
    ...caller,
    provider: "salesforce",
    connected: true,
    errors: ["input.lastName"],
    provoke: () =>
      server.query('mutation { createContact(input: { firstName: "Ann" }) { id } }', { provider: "salesforce" }),
  },
  MISSING_PROVIDER: { ...caller, provoke: () => server.query(CONTACTS) },
  UNSUPPORTED_RESOURCE: {
    ...caller,
    ...atHubSpot,
    provoke: async () => {
      const { contact } = hubspot.resources;
      const withoutLeads = new ProviderRegistry([{ ...hubspot, resources: { contact: contact! } }]);
      const small = await ground.serve({ providers: withoutLeads });
      return small.query("{ leads { nodes { subject } } }", { provider: "hubspot" });
    },
  },
  INVALID_DATE_RANGE: {
    ...caller,
    errors: ["input.endAt"],
    provoke: () =>
      server.query(
        `mutation {
          createMeeting(input: { title: "Back", startAt: "2026-05-01T10:00:00Z", endAt: "2026-05-01T09:00:00Z" }) { id }
        }`,
        { provider: "hubspot" },
      ),
  },
  PROVIDER_ERROR: {
    ...atHubSpot,
    origin: "PROVIDER",
    actor: "NOBODY",
    retryable: true,
    provoke: () => server.query(CONTACTS, fault("PROVIDER_ERROR")),
  },
  PROVIDER_RATE_LIMITED: {
    ...atHubSpot,
    origin: "PROVIDER",
    actor: "NOBODY",
    retryable: true,
    retryAfter: 10,
    provoke: () => server.query(CONTACTS, fault("PROVIDER_RATE_LIMITED")),
  },
  PROVIDER_UNAVAILABLE: {
    ...atHubSpot,
    origin: "PROVIDER",
    actor: "NOBODY",
    retryable: true,
    provoke: async () => {
      await server.query(CONTACTS, { provider: "hubspot" });
      return server.query(CONTACTS, fault("PROVIDER_UNAVAILABLE"));
    },
  },
  CIRCUIT_OPEN: {
    ...atHubSpot,
    origin: "PROVIDER",
    actor: "NOBODY",
    retryable: true,
    retryAfter: 10,
    provoke: async () => {
      // In its own workspace, so that the open circuit affects no other case.
      const key = await ground.key({ workspace: "failing" });
      await ground.connect("broken", "hubspot", { workspace: "failing" });
      const options = { ...fault("PROVIDER_UNAVAILABLE"), key, endUserId: "broken" };
      for (let failure = 1; failure <= 2; failure += 1) await server.query(CONTACTS, options);
      return server.query(CONTACTS, options);
    },
  },
  PROVIDER_AUTH_FAILED: {
    ...atHubSpot,
    origin: "PROVIDER",
    actor: "END_USER",
    retryable: false,
    provoke: () => server.query(CONTACTS, fault("PROVIDER_AUTH_FAILED")),
  },
  NEEDS_REAUTH: {
    ...atHubSpot,
    origin: "PROVIDER",
    actor: "END_USER",
    retryable: false,
    reconnect: true,
    provoke: () => server.query(CONTACTS, fault("NEEDS_REAUTH")),
  },
  INTERNAL_ERROR: {
    origin: "GATEWAY",
    actor: "OPERATOR",
    retryable: true,
    provoke: () => broken.query("{ connections { id } }"),
  },
  SERVICE_UNAVAILABLE: {
    origin: "GATEWAY",
    actor: "OPERATOR",
    retryable: true,
    retryAfter: 60,
    provoke: () => shut.query(CONTACTS, { provider: "hubspot" }),
  },
  RATE_LIMITED: {
    origin: "CALLER",
    actor: "NOBODY",
    retryable: true,
    retryAfter: 60,
    provoke: async () => {
      const strict = await ground.serve({ config: { rateLimit: 1 } });
      stopClock();
      try {
        await strict.query("{ errorCodes { code } }");
        return await strict.query("{ errorCodes { code } }");
      } finally {
        startClock();
      }
    },
  },
  DUPLICATE_RECORD: {
    ...caller,
    ...atHubSpot,
    provoke: async () => {
      const create = 'mutation { createContact(input: { emails: [{ address: "twice@example.com" }] }) { id } }';
      await server.query(create, { provider: "hubspot" });
      return server.query(create, { provider: "hubspot" });
    },
  },
};

const ADDED: typeof DOCUMENTED = {
  RATE_LIMITED: [
    429,
    "API key rate limit exceeded",
    "Your API key sent too many requests. Respect the Retry-After header.",
  ],
  DUPLICATE_RECORD: [
    409,
    "Record already exists in the CRM",
    "The CRM refuses a duplicate. Update the existing record (existingId, where the CRM says which).",
  ],
};

test("the cases cover exactly the codes of the catalogue", () => {
  expect(Object.keys(DOCUMENTED)).toHaveLength(22);
  expect(Object.keys(CASES).sort()).toEqual([...Object.keys(DOCUMENTED), ...Object.keys(ADDED)].sort());
  expect([...ERROR_CODES].sort()).toEqual(Object.keys(CASES).sort());
});

describe.each(Object.entries(CASES))("%s", (code, expected) => {
  const [status, message, resolution] = (DOCUMENTED[code] ?? ADDED[code])!;
  let answer: Answer<Record<string, unknown>>;
  beforeAll(async () => {
    answer = await expected.provoke();
  });

  test("in the status line and headers", () => {
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toMatch(/^application\/(graphql-response\+)?json/);
    expect(answer.headers.get("retry-after")).toBe(expected.retryAfter?.toString() ?? null);
  });

  test("in the body", () => {
    expect(answer.body.errors).toHaveLength(1);
    const [error] = answer.body.errors!;
    expect(error!.message).toBe(message);
    expect(error!.extensions).toMatchObject({
      code,
      resolution,
      origin: expected.origin,
      actor: expected.actor,
      retryable: expected.retryable,
      requestId: answer.headers.get("x-request-id"),
    });
  });

  test("the http hint has status and Retry-After", () => {
    const { http, retryAfter } = answer.body.errors![0]!.extensions;
    expect(retryAfter).toBe(expected.retryAfter);
    expect(http).toEqual(
      expected.retryAfter === undefined
        ? { status }
        : { status, headers: { "retry-after": String(expected.retryAfter) } },
    );
  });

  test("is as the JSON schema of docs/errors.md says, and has nothing else", () => {
    expect(undocumentedIn(answer.body.errors![0]!.extensions)).toEqual([]);
  });

  test("in the log, by its request id", async () => {
    const requestId = answer.headers.get("x-request-id")!;
    const request = await requestLine(requestId, ground.logs);
    expect(request).toMatchObject({ level: "info", status, codes: [code], errors: 1 });
    const lines = linesOf(requestId, ground.logs);
    const failures = lines.filter(({ msg }) => msg === "Provider failed");
    // Before a refused renewal, the CRM has refused the access token too. The caller did not notice that.
    const noticed = failures.filter(({ errors }) => errors !== 0);
    if (expected.origin === "PROVIDER") {
      const { provider, connectionId, upstream } = answer.body.errors![0]!.extensions;
      expect(noticed).toEqual([expect.objectContaining({ level: "warn", code, provider, connectionId, errors: 1 })]);
      expect([noticed[0]!["upstreamStatus"], noticed[0]!["upstreamCode"]]).toEqual([upstream?.status, upstream?.code]);
    } else expect(failures).toEqual([]);
    // Only crmesh itself causes errors.
    expect(lines.filter(({ level }) => level === "error").length > 0).toBe(code === "INTERNAL_ERROR");
  });

  test("has the path of the field", () => {
    const { provider, connectionId, errors, reconnectUrl } = answer.body.errors![0]!.extensions;
    expect(provider).toBe(expected.provider);
    expect(connectionId).toEqual(expected.connected ? expect.stringMatching(/^con_[a-z0-9]+$/) : undefined);
    expect(errors && Object.keys(errors)).toEqual(expected.errors);
    expect(reconnectUrl !== undefined).toBe(expected.reconnect === true);
  });
});

test("a duplicate has the global id of the existing record", async () => {
  const answer = await CASES["DUPLICATE_RECORD"]!.provoke();
  const { existingId } = answer.body.errors![0]!.extensions;
  const { body } = await server.query("query ($id: ID!) { contact(id: $id) { emails { address } } }", {
    variables: { id: existingId },
  });
  expect(body.data).toEqual({ contact: { emails: [{ address: "twice@example.com" }] } });
});

test("a refused credential has a Connect link in every failing field and in no log line", async () => {
  const { body } = await server.query(
    '{ a: contacts { nodes { id } } b: leads { nodes { id } } c: contact(id: "1") { fullName } }',
    fault("NEEDS_REAUTH"),
  );
  const urls = body.errors!.map(({ extensions }) => extensions.reconnectUrl!);
  expect(urls).toHaveLength(3);
  for (const url of urls) expect(url.startsWith(`${server.crmesh.origin}/connect?token=ct_`)).toBe(true);
  expect(new Set(urls).size).toBeGreaterThan(1);
  const page = await new EndUserBrowser().open(urls[0]!);
  expect(page.status).toBe(200);
  expect(page.text).toContain("HubSpot");
  expect(server.logs.join("\n")).not.toContain("ct_");
});

test("a credential that cannot be renewed has a Connect link, a missing permission has none", async () => {
  const credentials = { accessToken: "pat-unknown-demo" };
  await ground.connect("static", "hubspot", { credentials });
  const refused = await server.query(CONTACTS, { provider: "hubspot", endUserId: "static" });
  expect(refused.body.errors![0]!.extensions).toMatchObject({
    code: "PROVIDER_AUTH_FAILED",
    reconnectUrl: expect.stringContaining("/connect?token=ct_"),
  });
  const forbidden = await server.query(CONTACTS, fault("PROVIDER_AUTH_FAILED"));
  expect(forbidden.body.errors![0]!.extensions.reconnectUrl).toBeUndefined();
});

describe("an unexpected error", () => {
  test("is answered without message, stack or value, and logged with the request id", async () => {
    broken.logs.length = 0;
    const answer = await broken.query("{ connections { id } }", { headers: { "x-request-id": "trace-me-1" } });
    expect(answer.text).not.toMatch(/hunter2|exploded|TypeError|node_modules|\.ts:/);
    const line = broken.logs
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find(({ level }) => level === "error");
    expect(line).toMatchObject({ requestId: "trace-me-1", err: { name: "TypeError" } });
  });

  test("a store that is down is SERVICE_UNAVAILABLE with Retry-After, before and within GraphQL", async () => {
    const down = () => Promise.reject(new StoreUnavailableError("the secret reason"));
    const apiKeys = Object.assign(Object.create(ground.store.apiKeys) as Store["apiKeys"], { findByHash: down });
    const beforeGraphQL = await ground.serve({ store: { ...ground.store, apiKeys }, config: { sandbox: false } });
    const withinGraphQL = await ground.serve({ store: brokenStore(ground.store, down) });
    for (const failing of [beforeGraphQL, withinGraphQL]) {
      const answer = await failing.query("{ connections { id } }", { headers: { "x-request-id": "trace-me-2" } });
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("5");
      expect(answer.body.errors![0]!.extensions).toMatchObject({ code: "SERVICE_UNAVAILABLE", retryAfter: 5 });
      expect(answer.text).not.toContain("secret reason");
      const line = failing.logs.find((text) => text.includes("secret reason"));
      expect(JSON.parse(line!)).toMatchObject({ requestId: "trace-me-2", level: "error" });
    }
  });
});

test("an operation that gets no turn in its time is expected under load, so it is one warning and no error", async () => {
  const hurried = await ground.serve({ config: { requestTimeoutMs: 0 } });
  const fields = ["a", "b", "c"].map((name) => `${name}: contacts(provider: "${PROVIDERS[name]}") { nodes { id } }`);
  const { status, body } = await hurried.query(`{ ${fields.join(" ")} }`, { headers: { "x-request-id": "hurried-1" } });
  expect(status).toBe(503);
  // The connections are looked up for the price, so that the whole operation is refused.
  expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual(["SERVICE_UNAVAILABLE"]);
  expect(linesFrom("warn", hurried.logs)).toMatchObject([
    {
      level: "warn",
      msg: "Operation not served",
      requestId: "hurried-1",
      failures: 1,
      detail: "The time limit of this request ended while a call waited for its turn.",
    },
  ]);
});

describe("GraphQL's own codes", () => {
  test.each([
    ["GRAPHQL_PARSE_FAILED", "{ contacts("],
    ["GRAPHQL_VALIDATION_FAILED", "{ nosuchfield }"],
  ])("%s", async (code, document) => {
    const { status, body, headers } = await server.query(document);
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions).toEqual({
      code,
      http: { status: 400 },
      requestId: headers.get("x-request-id"),
    });
  });

  test("PERSISTED_QUERY_NOT_FOUND", async () => {
    const { text, status } = await server.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk_test_demo" },
      body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } }),
    });
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } }] });
    expect(status).toBe(400);
  });
});

test("the documented page of errors shows every message and resolution", () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  for (const [code, [status, message, resolution]] of Object.entries(DOCUMENTED)) {
    expect(page).toContain(`| \`${code}\` | ${status} | ${message} | ${resolution} |`);
  }
});
