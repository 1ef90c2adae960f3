import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { RESOURCES, type ResourceName } from "../../src/providers/contract/model.js";
import { providers } from "../../src/providers/index.js";
import { FailingProxy, type ProxiedRequest } from "../support/failing-proxy.js";
import { Ground, type AnsweredError, type TestServer } from "../support/test-server.js";

/** The calls that read the definitions of custom fields. */
const DEFINITIONS: Record<string, (request: ProxiedRequest) => boolean> = {
  hubspot: ({ url }) => url.startsWith("/crm/properties/2026-09/"),
  salesforce: ({ url }) => url.endsWith("/describe"),
  odoo: ({ body }) => body.includes('"fields_get"'),
  pipedrive: ({ url }) => /\/(person|lead)Fields\b/.test(url),
  zoho: ({ url }) => url.includes("/settings/fields"),
  dynamics365: ({ url }) => url.includes("/EntityDefinitions("),
  close: ({ url }) => url.includes("/custom_field_schema/"),
  attio: ({ url }) => url.includes("/attributes"),
  espocrm: ({ url }) => url.includes("/Metadata"),
  twenty: ({ url }) => url.includes("/metadata/objects"),
};

let ground: Ground;
let server: TestServer;
const proxies = new Map<string, FailingProxy>();

beforeAll(async () => {
  ground = await Ground.open();
  for (const [slug, origin] of ground.sandbox.origins) proxies.set(slug, await FailingProxy.open(origin));
  const origins = new Map([...proxies].map(([slug, { origin }]) => [slug, origin]));
  const sandbox = Object.assign(Object.create(ground.sandbox) as Ground["sandbox"], { origins });
  server = await ground.serve({ sandbox, circuit: { failures: 1_000 } });
});
afterAll(async () => {
  await ground.close();
  for (const proxy of proxies.values()) await proxy.close();
});
beforeEach(() => {
  for (const proxy of proxies.values()) proxy.fails = () => false;
});

let endUsers = 0;
/** A connection of its own, so that no definitions are known. */
async function connected(provider: string, account = "demo") {
  const endUserId = `further-${(endUsers += 1)}`;
  const connectionId = await ground.connect(endUserId, provider, { account });
  return { connectionId, options: { provider, endUserId } };
}

type Node = Record<string, unknown> & { id: string };
type Data = Record<string, { nodes: Node[] }>;

/** The values of a field over all nodes of an answer. */
const valuesOf = (nodes: readonly Node[], field: string) => nodes.map((node) => node[field]);
const withoutField = (nodes: readonly Node[], field: string) => nodes.map(({ [field]: _value, ...rest }) => rest);
const pathsOf = (errors: readonly AnsweredError[] = []) => errors.map(({ path }) => path!.join(".")).sort();

const TITLES: Record<ResourceName, string> = { contact: "Contact", lead: "Lead", meeting: "Meeting" };

describe("definitions of custom fields that cannot be read", () => {
  const withDefinitions = providers.all.flatMap(({ slug, resources }) =>
    RESOURCES.filter((resource) => resources[resource]?.furtherCalls.has("customFields")).map(
      (resource) => [slug, resource] as const,
    ),
  );

  test("every CRM has some", () => {
    expect(new Set(withDefinitions.map(([slug]) => slug))).toEqual(new Set(providers.all.map(({ slug }) => slug)));
  });

  test.each(withDefinitions)("%s: of %ss, only customFields is null, in lists and by id", async (slug, resource) => {
    const { connectionId, options } = await connected(slug);
    const fields = "id nativeId createdAt customFields { key value }";
    const list = `{ ${resource}s(first: 3) { nodes { ${fields} } } }`;
    const whole = (await server.data<Data>(list, options))[`${resource}s`]!.nodes;
    expect(whole).toHaveLength(3);
    for (const value of valuesOf(whole, "customFields")) expect(value).not.toHaveLength(0);

    const other = await connected(slug);
    let refused = 0;
    proxies.get(slug)!.fails = (request) => DEFINITIONS[slug]!(request) && (refused += 1) > 0;
    const { status, body } = await server.query<Data>(list, other.options);
    expect([status, refused > 0]).toEqual([200, true]);
    const { nodes } = body.data![`${resource}s`]!;
    expect(valuesOf(nodes, "nativeId")).toEqual(valuesOf(whole, "nativeId"));
    expect(valuesOf(nodes, "createdAt")).toEqual(valuesOf(whole, "createdAt"));
    expect(valuesOf(nodes, "customFields")).toEqual([null, null, null]);
    expect(pathsOf(body.errors)).toEqual([0, 1, 2].map((index) => `${resource}s.nodes.${index}.customFields`));
    for (const { extensions } of body.errors!) {
      expect(extensions).toMatchObject({ provider: slug, connectionId: other.connectionId });
      expect(extensions.code).toMatch(/^PROVIDER_(ERROR|UNAVAILABLE)$/);
      expect(extensions.resolution).toEqual(expect.any(String));
    }

    const ids = valuesOf(nodes, "id");
    const byId = await server.query<{ nodes: Node[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${TITLES[resource]} { ${fields} } } }`,
      { variables: { ids }, endUserId: other.options.endUserId },
    );
    expect(withoutField(byId.body.data!.nodes, "customFields")).toEqual(withoutField(nodes, "customFields"));
    expect(pathsOf(byId.body.errors)).toEqual([0, 1, 2].map((index) => `nodes.${index}.customFields`));
    expect(connectionId).not.toBe(other.connectionId);
  });
});

/** Calls that add a part to records: which requests they are, and the field that needs the part, with its selection. */
const PARTS: readonly [
  slug: string,
  list: string,
  field: string,
  selection: string,
  isCall: (request: ProxiedRequest) => boolean,
  account?: string,
][] = [
  ["odoo", "contacts", "tags", "tags", ({ body }) => body.includes("res.partner.category")],
  ["odoo", "meetings", "attendees", "attendees { name }", ({ body }) => body.includes("calendar.attendee")],
  ["odoo", "contacts", "phones", "phones { number }", ({ body }) => body.includes('"fields_get"')],
  ["pipedrive", "leads", "companyName", "companyName", ({ url }) => url.includes("/organizations")],
  ["pipedrive", "leads", "tags", "tags", ({ url }) => url.includes("/leadLabels")],
  ["attio", "meetings", "organizer", "organizer { id }", ({ url }) => url.includes("/workspace_members")],
  ["espocrm", "contacts", "emails", "emails { address }", ({ url }) => /\/Contact\/\w+/.test(url)],
  ["espocrm", "contacts", "phones", "phones { number }", ({ url }) => /\/Contact\/\w+/.test(url)],
  ["zoho", "meetings", "attendees", "attendees { name }", ({ url }) => /\/Events\/\d+/.test(url), "sparse-org"],
];

describe("a call that adds a part to records and fails", () => {
  test.each(PARTS)("%s: of %s, only %s is null", async (...[slug, list, field, selection, isCall, account]) => {
    const document = `{ ${list}(first: 20) { nodes { id nativeId createdAt ${selection} } } }`;
    const { options } = await connected(slug, account);
    const whole = (await server.data<Data>(document, options))[list]!.nodes;
    expect(whole.length).toBeGreaterThan(0);

    const { options: others, connectionId } = await connected(slug, account);
    proxies.get(slug)!.fails = isCall;
    const { status, body } = await server.query<Data>(document, others);
    expect(status).toBe(200);
    const { nodes } = body.data![list]!;
    const named = (all: readonly Node[]) => all.map(({ nativeId, createdAt }) => ({ nativeId, createdAt }));
    expect(named(nodes)).toEqual(named(whole));
    const failed = nodes.flatMap((node, index) =>
      node[field] === null && whole[index]![field] !== null ? [index] : [],
    );
    expect(failed.length).toBeGreaterThan(0);
    const atField = failed.map((index) => `${list}.nodes.${index}.${field}`);
    expect(pathsOf(body.errors)).toEqual(expect.arrayContaining(atField));
    for (const { path, extensions } of body.errors!) {
      expect(path![3]).toBe(field);
      expect(extensions).toMatchObject({ provider: slug, connectionId });
    }
  });

  test.each([
    ["attio", ({ url }: ProxiedRequest) => url.includes("/objects/companies/")],
    ["close", ({ url, body }: ProxiedRequest) => /\/data\/search/.test(url) && !body.includes('"contact"')],
    ["twenty", ({ url }: ProxiedRequest) => url.includes("/rest/companies")],
    ["pipedrive", ({ url }: ProxiedRequest) => url.includes("/organizations")],
  ])("%s: a company keeps its id, and only its name is null", async (slug, isCall) => {
    type Company = { nativeId: string; name: string | null } | null;
    const document = "{ contacts(first: 20) { nodes { id fullName company { id nativeId name } } } }";
    const { options } = await connected(slug);
    const whole = (await server.data<Data>(document, options))["contacts"]!.nodes;
    const names = whole.flatMap(({ company }) => (company as Company)?.name ?? []);
    expect(names.length).toBeGreaterThan(0);

    const { options: others } = await connected(slug);
    proxies.get(slug)!.fails = isCall;
    const { status, body } = await server.query<Data>(document, others);
    expect(status).toBe(200);
    const { nodes } = body.data!["contacts"]!;
    const shown = (all: readonly Node[]) =>
      all.map(({ fullName, company }) => [fullName, (company as Company)?.nativeId ?? null]);
    expect(shown(nodes)).toEqual(shown(whole));
    const failed = nodes.flatMap(({ company }, index) => (company ? [`contacts.nodes.${index}.company.name`] : []));
    expect(pathsOf(body.errors)).toEqual(failed.sort());
  });
});

describe("writes", () => {
  test("a created record whose custom fields cannot be read back is answered, and the error says that the write succeeded", async () => {
    const { options } = await connected("hubspot", "written");
    proxies.get("hubspot")!.fails = DEFINITIONS["hubspot"]!;
    const { body } = await server.query<{ createContact: Node }>(
      'mutation { createContact(input: { lastName: "Read back" }) { id lastName customFields { key } } }',
      options,
    );
    expect(body.data).toEqual({
      createContact: { id: expect.any(String), lastName: "Read back", customFields: null },
    });
    expect(body.errors).toMatchObject([
      {
        path: ["createContact", "customFields"],
        extensions: { outcome: "COMPLETED", retryable: false, id: body.data!.createContact.id },
      },
    ]);
  });

  test("a look-up before a write still fails the write, and nothing is written", async () => {
    const { options } = await connected("espocrm", "written");
    let writes = 0;
    proxies.get("espocrm")!.fails = (request) => {
      if (request.method === "POST") writes += 1;
      return DEFINITIONS["espocrm"]!(request);
    };
    const { body } = await server.query(
      'mutation { createContact(input: { lastName: "Never", customFields: [{ key: "cSize", value: 1 }] }) { id } }',
      options,
    );
    expect(body.data).toEqual({ createContact: null });
    expect(pathsOf(body.errors)).toEqual(["createContact"]);
    expect(writes).toBe(0);
  });
});
