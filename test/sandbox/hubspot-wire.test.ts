import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { SandboxFault } from "../../src/sandbox/kit/crm.js";
import { hubspotSandbox } from "../../src/sandbox/crms/hubspot/index.js";
import { type SandboxServer, startSandboxServer } from "../../src/sandbox/kit/server.js";

/** Details of the imitation that the SDK does not show: bytes, headers, refusals and faults. */

const START = Date.UTC(2026, 5, 1, 12);
const TOKEN_FORM = {
  grant_type: "refresh_token",
  client_id: "crmesh-sandbox",
  client_secret: "sandbox-secret",
  refresh_token: "hs-rt-wire",
};
let now = START;
let server: SandboxServer;

beforeAll(async () => {
  server = await startSandboxServer(hubspotSandbox, { now: () => now });
});

afterAll(() => server.close());

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

interface Call {
  method?: string;
  json?: unknown;
  text?: string;
  token?: string | null;
  fault?: SandboxFault;
  origin?: string;
}

async function call(path: string, { method, json, text, token = "pat-sandbox-wire", fault, origin }: Call = {}) {
  const body = json === undefined ? text : JSON.stringify(json);
  const response = await fetch(`${origin ?? server.origin}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(fault ? { "x-sandbox-fault": fault } : {}),
    },
    ...(body === undefined ? {} : { body }),
  });
  return answerOf(response);
}

async function refresh(form: Record<string, string>, path = "/oauth/v1/token", fault?: SandboxFault) {
  const headers = fault ? { "x-sandbox-fault": fault } : {};
  return answerOf(await fetch(`${server.origin}${path}`, { method: "POST", headers, body: new URLSearchParams(form) }));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, body };
}

/** The faults inside "Property values were not valid: [...]". */
function propertyFaults({ body }: Answer): { error: string; name: string; isValid: boolean }[] {
  const list = /^Property values were not valid: (\[.*\])$/s.exec(String(body.message))?.[1];
  return JSON.parse(list ?? "null") as { error: string; name: string; isValid: boolean }[];
}

const CONTACTS = "/crm/v3/objects/contacts";

describe("tokens", () => {
  test("credentials are valid for 30 minutes and expire in HubSpot's manner", async () => {
    const credentials = hubspotSandbox.credentials("wire", server.origin, now);
    expect(credentials).toEqual({
      accessToken: `hs-wire-${START + 1_800_000}`,
      refreshToken: "hs-rt-wire",
      expiresAt: "2026-06-01T12:30:00.000Z",
    });
    const token = credentials.accessToken!;
    now = START + 1_799_999;
    expect((await call(CONTACTS, { token })).status).toBe(200);
    now = START + 1_890_000;
    const expired = await call(CONTACTS, { token });
    expect(expired.status).toBe(401);
    expect(expired.body).toMatchObject({
      status: "error",
      category: "EXPIRED_AUTHENTICATION",
      message: "The OAuth token used to make this call expired 1 minute(s) ago.",
      context: { "expire time": ["2026-06-01T12:30:00.000Z"] },
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    now = START;
  });

  test.each([null, "nonsense", "pat-sandbox-", "pat-sandbox-UPPER", "hs-rt-wire"])("%s is no token", async (token) => {
    expect(await call(CONTACTS, { token })).toMatchObject({
      status: 401,
      body: { category: "INVALID_AUTHENTICATION" },
    });
  });

  test.each(["/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-03/token", "/oauth/2026-09/token"])(
    "%s refreshes",
    async (path) => {
      expect(await refresh(TOKEN_FORM, path)).toMatchObject({
        status: 200,
        body: {
          token_type: "bearer",
          access_token: `hs-wire-${START + 1_800_000}`,
          refresh_token: "hs-rt-wire",
          expires_in: 1800,
          hub_id: expect.any(Number),
          scopes: expect.arrayContaining(["crm.objects.leads.write"]),
        },
      });
    },
  );

  test.each([
    [{ refresh_token: "hs-rt-" }, "BAD_REFRESH_TOKEN", "invalid_grant"],
    [{ refresh_token: "stolen" }, "BAD_REFRESH_TOKEN", "invalid_grant"],
    [{ client_id: "other" }, "BAD_CLIENT_ID", "invalid_client"],
    [{ client_secret: "guess" }, "BAD_CLIENT_SECRET", "invalid_client"],
  ])("a refresh with %j is refused", async (wrong, status, error) => {
    const answer = await refresh({ ...TOKEN_FORM, ...wrong });
    expect(answer).toMatchObject({ status: 400, body: { status, error } });
    expect(answer.body.error_description).toBe(answer.body.message);
  });

  test("the secret counts in the form only", async () => {
    const query = new URLSearchParams(TOKEN_FORM).toString();
    expect((await refresh({}, `/oauth/v1/token?${query}`)).status).toBe(400);
    expect((await call("/oauth/v1/token", { json: TOKEN_FORM })).status).toBe(415);
  });
});

describe("accounts", () => {
  test("each has its own data, whatever token is used", async () => {
    const created = await call(CONTACTS, { json: { properties: { lastname: "Mine" } } });
    const path = `${CONTACTS}/${String(created.body.id)}`;
    const read = await call(path);
    expect(read.status).toBe(200);
    expect((await call(path, { token: `hs-wire-${START + 1000}` })).status).toBe(200);
    expect((await call(path, { token: "pat-sandbox-other" })).status).toBe(404);
    const portals = await Promise.all([1, 2].map(() => call("/account-info/v3/details")));
    expect(portals[0]!.body).toEqual(portals[1]!.body);
    expect(read.body.url).toContain(`/contacts/${String(portals[0]!.body.portalId)}/record/0-1/`);
  });

  test("every name of a type leads to the same records", async () => {
    const paths = ["v3/objects/contacts", "v3/objects/contact", "v3/objects/0-1"];
    const answers = await Promise.all(paths.map((path) => call(`/crm/${path}?limit=2&properties=email,phone`)));
    for (const { body } of answers) expect(body).toEqual(answers[0]!.body);
    expect((await call("/crm/v3/objects/spaceships")).status).toBe(400);
  });
});

describe("refusals", () => {
  test("property faults come as one list inside the message", async () => {
    const answer = await call("/crm/v3/objects/contacts", {
      json: {
        properties: {
          nickname: "x",
          email: "nobody",
          lifecyclestage: "Customer",
          crmesh_score: "many",
          createdate: "2026-01-01",
        },
      },
    });
    expect(answer).toMatchObject({ status: 400, body: { status: "error", category: "VALIDATION_ERROR" } });
    expect(propertyFaults(answer).map(({ name, error, isValid }) => [name, error, isValid])).toEqual([
      ["nickname", "PROPERTY_DOESNT_EXIST", false],
      ["email", "INVALID_EMAIL", false],
      ["lifecyclestage", "INVALID_OPTION", false],
      ["crmesh_score", "INVALID_INTEGER", false],
      ["createdate", "READ_ONLY_VALUE", false],
    ]);
  });

  test("derived lead properties cannot be written", async () => {
    const [lead] = (await call("/crm/v3/objects/leads?limit=1")).body.results as { id: string }[];
    const properties = { hs_associated_contact_email: "x@example.com" };
    const answer = await call(`/crm/v3/objects/leads/${lead!.id}`, { method: "PATCH", json: { properties } });
    expect(propertyFaults(answer)).toMatchObject([{ error: "READ_ONLY_VALUE" }]);
  });

  test("a read omits an unknown property, and an update without properties is refused", async () => {
    const { body } = await call(`${CONTACTS}?limit=1&properties=phone&properties=nickname`);
    const [contact] = body.results as { id: string; properties: object }[];
    expect(Object.keys(contact!.properties).sort()).toEqual([
      "createdate",
      "hs_object_id",
      "lastmodifieddate",
      "phone",
    ]);
    const update = await call(`${CONTACTS}/${contact!.id}`, { method: "PATCH", json: { properties: {} } });
    expect(update.status).toBe(400);
  });

  test("malformed JSON, no body, wrong shape, unknown route, missing record", async () => {
    expect(await call(CONTACTS, { text: "{" })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("Invalid input JSON") },
    });
    expect((await call(CONTACTS, { method: "POST" })).status).toBe(400);
    expect((await call(CONTACTS, { json: { properties: { firstname: { first: "x" } } } })).status).toBe(400);
    expect(await call("/crm/v3/nowhere")).toMatchObject({ status: 404, body: { status: "error" } });
    expect(await call(`${CONTACTS}/7`)).toMatchObject({ status: 404, body: { category: "OBJECT_NOT_FOUND" } });
    expect((await call(`${CONTACTS}/7`, { method: "PATCH", json: { properties: { phone: "1" } } })).status).toBe(404);
  });

  test("an unnamed contact is refused", async () => {
    expect(await call(CONTACTS, { json: { properties: { phone: "1" } } })).toMatchObject({
      status: 400,
      body: { context: { properties: ["email", "firstname", "lastname"] } },
    });
  });

  test.each([
    ["list limit", `${CONTACTS}?limit=101`, undefined],
    ["list cursor", `${CONTACTS}?after=next`, undefined],
    ["batch size", `${CONTACTS}/batch/read`, { inputs: Array.from({ length: 101 }, (_, id) => ({ id: `${id}` })) }],
    ["search limit", `${CONTACTS}/search`, { limit: 201 }],
    ["search window", `${CONTACTS}/search`, { after: "10000" }],
    ["two sorts", `${CONTACTS}/search`, { sorts: ["email", "phone"] }],
    ["unknown property", `${CONTACTS}/search`, search({ propertyName: "nickname", operator: "HAS_PROPERTY" })],
    ["unknown operator", `${CONTACTS}/search`, search({ propertyName: "email", operator: "LIKE", value: "a" })],
    ["list without values", `${CONTACTS}/search`, search({ propertyName: "email", operator: "IN", value: "a" })],
    ["no number", `${CONTACTS}/search`, search({ propertyName: "crmesh_score", operator: "GT", value: "a" })],
    ["six groups", `${CONTACTS}/search`, { filterGroups: Array.from({ length: 6 }, () => ({ filters: filters(1) })) }],
    ["seven filters", `${CONTACTS}/search`, { filterGroups: [{ filters: filters(7) }] }],
    [
      "twenty filters",
      `${CONTACTS}/search`,
      { filterGroups: Array.from({ length: 4 }, () => ({ filters: filters(5) })) },
    ],
  ])("%s beyond the limit is a 400", async (_name, path, json) => {
    expect(await call(path, { json })).toMatchObject({ status: 400, body: { category: "VALIDATION_ERROR" } });
  });

  test("a search body of 3000 characters passes, one more does not", async () => {
    const bodyOf = (characters: number) => {
      const empty = JSON.stringify({ query: "" }).length;
      return JSON.stringify({ query: "ü".repeat(characters - empty) });
    };
    expect((await call(`${CONTACTS}/search`, { text: bodyOf(3000) })).status).toBe(200);
    expect((await call(`${CONTACTS}/search`, { text: bodyOf(3001) })).status).toBe(400);
  });
});

describe("limits", () => {
  test("are reported on everything but search, and the daily ones not to OAuth", async () => {
    const { headers } = await call(CONTACTS);
    // Far above the real limit, so that a client that paces by it is not slowed down.
    expect(Number(headers.get("x-hubspot-ratelimit-max"))).toBeGreaterThan(100_000);
    expect(headers.get("x-hubspot-ratelimit-interval-milliseconds")).toBe("10000");
    expect(headers.has("x-hubspot-ratelimit-daily")).toBe(true);
    const oauth = await call(CONTACTS, { token: `hs-wire-${START + 1000}` });
    expect(oauth.headers.has("x-hubspot-ratelimit-remaining")).toBe(true);
    expect(oauth.headers.has("x-hubspot-ratelimit-daily")).toBe(false);
    const search = await call(`${CONTACTS}/search`, { json: {} });
    expect(search.headers.has("x-hubspot-ratelimit-max")).toBe(false);
  });

  describe("enforced", () => {
    let clock = START;
    let strict: SandboxServer;
    const burst = async (count: number, one: () => Promise<Answer>) => {
      const statuses: number[] = [];
      for (let index = 0; index < count; index += 1) statuses.push((await one()).status);
      return statuses;
    };

    beforeAll(async () => {
      strict = await startSandboxServer(hubspotSandbox, { now: () => clock, limits: "enforce" });
    });

    afterAll(() => strict.close());

    test("100 requests in ten seconds for each account", async () => {
      const one = () => call(`${CONTACTS}?limit=1`, { origin: strict.origin });
      expect(new Set(await burst(100, one))).toEqual(new Set([200]));
      const refused = await one();
      expect(refused.status).toBe(429);
      expect(refused.body).toMatchObject({
        status: "error",
        message: "You have reached your ten_secondly_rolling limit.",
        errorType: "RATE_LIMIT",
        policyName: "TEN_SECONDLY_ROLLING",
      });
      expect(refused.body).not.toHaveProperty("category");
      expect(refused.headers.get("x-hubspot-ratelimit-remaining")).toBe("0");
      expect(refused.headers.has("retry-after")).toBe(false);
      expect((await call(CONTACTS, { origin: strict.origin, token: "pat-sandbox-calm" })).status).toBe(200);
      clock += 9_999;
      expect((await one()).status).toBe(429);
      clock += 1;
      expect((await one()).headers.get("x-hubspot-ratelimit-remaining")).toBe("99");
    });

    test("five searches a second, as a separate limit", async () => {
      const one = () => call(`${CONTACTS}/search`, { origin: strict.origin, json: { limit: 1 } });
      expect(await burst(6, one)).toEqual([200, 200, 200, 200, 200, 429]);
      const refused = await one();
      expect(refused.body).toMatchObject({ message: "You have reached your secondly limit.", policyName: "SECONDLY" });
      expect(refused.headers.has("x-hubspot-ratelimit-max")).toBe(false);
      clock += 1000;
      expect((await one()).status).toBe(200);
    });
  });
});

describe("faults", () => {
  const fault = (name: SandboxFault) => call(CONTACTS, { fault: name });

  test("PROVIDER_ERROR is a 500, in JSON or HTML", async () => {
    expect(await fault("PROVIDER_ERROR")).toMatchObject({ status: 500, body: { message: "internal error" } });
    const token = await refresh(TOKEN_FORM, "/oauth/v1/token", "PROVIDER_ERROR");
    expect(token).toMatchObject({ status: 500, text: expect.stringMatching(/^<html>/) });
  });

  test("PROVIDER_RATE_LIMITED has the interval and no Retry-After", async () => {
    const answer = await fault("PROVIDER_RATE_LIMITED");
    expect(answer).toMatchObject({
      status: 429,
      body: { policyName: "TEN_SECONDLY_ROLLING", errorType: "RATE_LIMIT" },
    });
    expect(answer.headers.get("x-hubspot-ratelimit-interval-milliseconds")).toBe("10000");
    expect(answer.headers.get("x-hubspot-ratelimit-remaining")).toBe("0");
    expect(answer.headers.has("retry-after")).toBe(false);
  });

  test("PROVIDER_UNAVAILABLE is the edge's HTML", async () => {
    expect(await fault("PROVIDER_UNAVAILABLE")).toMatchObject({ status: 503, text: expect.stringMatching(/^<html>/) });
  });

  test("PROVIDER_AUTH_FAILED is a missing scope, and does not affect the token endpoint", async () => {
    expect(await fault("PROVIDER_AUTH_FAILED")).toMatchObject({ status: 403, body: { category: "MISSING_SCOPES" } });
    expect((await refresh(TOKEN_FORM, "/oauth/v1/token", "PROVIDER_AUTH_FAILED")).status).toBe(200);
  });

  test("NEEDS_REAUTH refuses the token and its refresh", async () => {
    expect(await fault("NEEDS_REAUTH")).toMatchObject({ status: 401, body: { category: "EXPIRED_AUTHENTICATION" } });
    const token = await refresh(TOKEN_FORM, "/oauth/2026-03/token", "NEEDS_REAUTH");
    expect(token).toMatchObject({ status: 400, body: { status: "BAD_REFRESH_TOKEN", error: "invalid_grant" } });
  });

  test("a faulted write changes nothing", async () => {
    const json = { properties: { email: "never@fault.example" } };
    expect((await call(CONTACTS, { json, fault: "PROVIDER_ERROR" })).status).toBe(500);
    expect((await call(`${CONTACTS}/never@fault.example?idProperty=email`)).status).toBe(404);
  });
});

function search(filter: Record<string, string>) {
  return { filterGroups: [{ filters: [filter] }] };
}

function filters(count: number) {
  return Array.from({ length: count }, () => ({ propertyName: "email", operator: "HAS_PROPERTY" }));
}

describe("versions", () => {
  interface Layout {
    objects: string;
    associations: string;
    owners: string;
    properties: string;
    account: string;
  }
  const OLD: Layout = {
    objects: "/crm/v3/objects",
    associations: "/crm/v4/associations",
    owners: "/crm/v3/owners",
    properties: "/crm/v3/properties",
    account: "/account-info/v3",
  };
  const dated = (version: string): Layout => ({
    objects: `/crm/objects/${version}`,
    associations: `/crm/associations/${version}`,
    owners: `/crm/owners/${version}`,
    properties: `/crm/properties/${version}`,
    account: `/account-info/${version}`,
  });

  /** What one version answers to the same requests, without what differs at every request. */
  async function answersOf({ objects, associations, owners, properties, account }: Layout) {
    const { results } = (await call(`${objects}/meetings?limit=5`)).body as { results: { id: string }[] };
    const inputs = results.map(({ id }) => ({ id }));
    const requests: [string, unknown?][] = [
      [`${account}/details`],
      [`${owners}?limit=3`],
      [`${properties}/contacts`],
      [`${objects}/contacts?limit=2&properties=email`],
      [`${objects}/leads?limit=2&associations=contacts`],
      [`${objects}/contacts/1`],
      [`${objects}/contacts/batch/read`, { inputs, properties: [] }],
      [`${objects}/meetings/batch/read`, { inputs, properties: ["hs_meeting_title"] }],
      [`${objects}/contacts/search`, { filterGroups: [], limit: 2, properties: ["email"] }],
      [`${associations}/meetings/contacts/batch/read`, { inputs }],
      [`${objects}/contacts`, { properties: { nonsense: "1" } }],
      [`${objects}/leads`, { properties: { hs_lead_name: "Alone" } }],
    ];
    return Promise.all(
      requests.map(async ([path, json]) => {
        const { status, text } = await call(path, json === undefined ? {} : { json });
        return {
          status,
          text: text.replace(/"correlationId":"[^"]+"/, "").replace(/"(started|completed)At":"[^"]+"/g, ""),
        };
      }),
    );
  }

  test.each(["2026-03", "2026-09"])("%s answers the same requests as v3 and v4, at its own paths", async (version) => {
    const [old, recent] = [await answersOf(OLD), await answersOf(dated(version))];
    const withTextIds = old.map(({ status, text }) => ({
      status,
      text: text.replace(/"toObjectId":(\d+)/g, '"toObjectId":"$1"'),
    }));
    expect(recent).toEqual(withTextIds);
    expect(recent).not.toEqual(old);
    expect(recent.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 404, 207, 200, 200, 200, 400, 400]);
  });

  test.each([
    ["/crm/v3/objects", 201],
    ["/crm/objects/2026-03", 201],
    ["/crm/objects/2026-09", 400],
  ])("an administrator’s rules are applied by 2026-09 only: %s", async (objects, status) => {
    const contact = { properties: { firstname: "Ann" } };
    const answer = await call(`${objects}/contacts`, { json: contact, token: "pat-sandbox-ruled-wire" });
    expect(answer.status).toBe(status);
    if (status === 201) return;
    expect(answer.body).toMatchObject({
      category: "VALIDATION_ERROR",
      errors: [
        { code: "MISSING_REQUIRED_PROPERTY", context: { propertyName: ["phone"] } },
        { code: "MISSING_REQUIRED_PROPERTY", context: { propertyName: ["crmesh_note"] } },
      ],
    });
  });
});
