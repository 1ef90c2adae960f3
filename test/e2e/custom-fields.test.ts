import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hubspotSandbox } from "../../src/sandbox/crms/hubspot/index.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

interface Field {
  key: string;
  value: unknown;
  optionLabels: string[] | null;
}

interface Definition {
  key: string;
  isStandard: boolean;
  isReadOnly: boolean;
  options: { value: string; label: string }[] | null;
}

/** A standard field of every CRM. */
const STANDARD: Readonly<Record<string, string>> = {
  hubspot: "hs_lead_status",
  salesforce: "Birthdate",
  pipedrive: "visible_to",
  zoho: "Date_of_Birth",
  dynamics365: "preferredcontactmethodcode",
  close: "timezone",
  attio: "linkedin",
  odoo: "lang",
  espocrm: "salutationName",
  twenty: "avatarUrl",
};

describe("definitions", () => {
  test("a connection lists the fields of its account, standard ones among them, with the labels of options", async () => {
    const { connections } = await server.data<{
      connections: { provider: { slug: string }; customFieldDefinitions: Definition[] }[];
    }>(`{ connections { provider { slug } customFieldDefinitions(resource: CONTACT) {
      key isStandard isReadOnly options { value label }
    } } }`);
    const found = connections.map(({ provider: { slug }, customFieldDefinitions: definitions }) => {
      const standard = definitions.find(({ key }) => key === STANDARD[slug]);
      return [slug, standard?.isStandard, definitions.some(({ isStandard }) => !isStandard)];
    });
    expect(found.sort()).toEqual(
      Object.keys(STANDARD)
        .map((slug) => [slug, true, true])
        .sort(),
    );
    const dynamics = connections.find(({ provider }) => provider.slug === "dynamics365")!.customFieldDefinitions;
    expect(dynamics.find(({ key }) => key === "preferredcontactmethodcode")!.options).toContainEqual({
      value: "3",
      label: "Phone",
    });
    expect(dynamics.find(({ key }) => key === "creditlimit_base")).toMatchObject({ isReadOnly: true, options: null });
  });

  test("a kind of records that the CRM does not have has none", async () => {
    const { connections } = await server.data<{ connections: { customFieldDefinitions: Definition[] }[] }>(
      "{ connections { provider { slug } customFieldDefinitions(resource: LEAD) { key } } }",
    );
    expect(connections.filter(({ customFieldDefinitions: all }) => all.length === 0).length).toBeGreaterThan(0);
  });

  test("the price counts the calls that load them", async () => {
    const { connections } = await server.data<{ connections: { id: string; provider: { slug: string } }[] }>(
      "{ connections { id provider { slug } } }",
    );
    const { id } = connections.find(({ provider }) => provider.slug === "dynamics365")!;
    const document = `{ connection(id: "${id}") { customFieldDefinitions(resource: MEETING) { key } } }`;
    const answer = await server.fetch("/graphql/price", {
      method: "POST",
      headers: { authorization: "Bearer sk_test_demo", "x-end-user-id": "demo", "content-type": "application/json" },
      body: JSON.stringify({ query: document }),
    });
    expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(/"calls":\s*4/)]);
  });
});

describe("fields by their names", () => {
  const create = async (customFields: object[]) => {
    const { createContact } = await server.data<{ createContact: { id: string } }>(
      `mutation ($input: ContactInput!) { createContact(provider: "hubspot", input: $input) { id } }`,
      { variables: { input: { lastName: "Named", customFields } } },
    );
    return createContact.id;
  };

  test("an operation reads each selection's own names, and all custom fields without names", async () => {
    const id = await create([
      { key: "hs_lead_status", value: "OPEN_DEAL" },
      { key: "salutation", value: "Dr." },
      { key: "crmesh_note", value: "mine" },
    ]);
    const document = `query ($id: ID!, $keys: [String!], $one: String!) { contact(id: $id) {
      named: customFields(keys: $keys) { key value optionLabels }
      listed: customFields(keys: ["salutation", $one, "Birthdate"]) { key value }
      own: customFields { key value }
    } }`;
    const read = (keys: string[] | null) =>
      server.data<{ contact: Record<"named" | "listed" | "own", Field[]> }>(document, {
        variables: { id, keys, one: "crmesh_note" },
      });
    const { contact } = await read(["hs_lead_status"]);
    expect(contact.named).toEqual([{ key: "hs_lead_status", value: "OPEN_DEAL", optionLabels: ["Open Deal"] }]);
    expect(contact.listed.map(({ key }) => key).sort()).toEqual(["crmesh_note", "salutation"]);
    expect(contact.own).toContainEqual({ key: "crmesh_note", value: "mine" });
    expect(contact.own.map(({ key }) => key)).not.toContain("salutation");
    // The same operation with other names, and with none.
    expect((await read(["salutation"])).contact.named).toEqual([
      { key: "salutation", value: "Dr.", optionLabels: null },
    ]);
    const { own, named } = (await read(null)).contact;
    expect(named.map(({ key }) => key)).toEqual(own.map(({ key }) => key));
    expect((await read([])).contact.named).toEqual([]);
  });

  test("one query names the fields of several CRMs", async () => {
    const { endUser } = await server.data<{
      endUser: { contacts: { nodes: { providerSlug: string; customFields: Field[] }[] } };
    }>(
      `query ($keys: [String!]) { endUser { contacts(first: 60, providers: ["hubspot", "salesforce"]) {
        nodes { providerSlug customFields(keys: $keys) { key } }
      } } }`,
      { variables: { keys: Object.values(STANDARD) } },
    );
    const named = new Set(
      endUser.contacts.nodes.map(({ providerSlug: slug, customFields }) => {
        return `${slug} ${customFields.map(({ key }) => key).join()}`;
      }),
    );
    expect([...named].sort()).toEqual(["hubspot hs_lead_status", "salesforce Birthdate"]);
  });

  test("a field of the graph is refused by the name of its input, before any call", async () => {
    const { calls } = await server.traced(
      `mutation { createContact(provider: "salesforce", input: {
        lastName: "Twice", customFields: [{ key: "lastname", value: "Other" }]
      }) { id } }`,
    );
    expect(calls).toEqual([]);
  });
});

describe("a HubSpot contact's company", () => {
  interface Contact {
    company: { nativeId: string | null; name: string | null } | null;
  }
  const COMPANIES = "{ contacts(first: 25) { nodes { company { nativeId name } } } }";

  test("is the associated record, whose id comes with the contact, and its name in one batch of companies", async () => {
    const { data, calls } = await server.traced<{ contacts: { nodes: Contact[] } }>(COMPANIES, { provider: "hubspot" });
    const kinds = new Set(data.contacts.nodes.map(({ company }) => company && company.nativeId !== null));
    expect(kinds).toEqual(new Set([true, false]));
    for (const { company } of data.contacts.nodes) expect(company?.name ?? "none").not.toBe("");
    expect(calls.map(({ path }) => path.split("/").slice(-3).join("/"))).toEqual([
      expect.stringMatching(/contacts$/),
      "companies/batch/read",
    ]);
  });

  test("takes no further call for ids", async () => {
    const callsOf = async (selection: string) =>
      (await server.traced(`{ contacts(first: 25) { nodes { ${selection} } } }`, { provider: "hubspot" })).calls.length;
    expect([await callsOf("company { nativeId }"), await callsOf("fullName")]).toEqual([1, 1]);
  });

  test("names the company of the contact's leads", async () => {
    const { leads } = await server.data<{ leads: { nodes: { companyName: string | null }[] } }>(
      "{ leads(first: 25) { nodes { companyName } } }",
      { provider: "hubspot" },
    );
    expect(leads.nodes.every(({ companyName }) => Boolean(companyName))).toBe(true);
  });

  test("is the contact's text if the app may not read companies, which is asked once", async () => {
    const endUserId = "without-companies";
    await server.data(`mutation { upsertEndUser(input: { endUserId: "${endUserId}" }) { id } }`, { endUserId: null });
    const input = { endUserId, provider: "hubspot", credentials: hubspotSandbox.typedCredential("without-companies") };
    await server.data("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
      endUserId: null,
      variables: { input },
    });
    const read = () => server.traced<{ contacts: { nodes: Contact[] } }>(COMPANIES, { endUserId, provider: "hubspot" });
    const first = await read();
    expect(first.data.contacts.nodes.every(({ company }) => company!.nativeId === null && company!.name)).toBe(true);
    expect([first.calls.length, (await read()).calls.length]).toEqual([2, 1]);
    const ids = await server.traced<{ contacts: { nodes: Contact[] } }>(
      "{ contacts(first: 25) { nodes { company { nativeId } } } }",
      { endUserId, provider: "hubspot" },
    );
    const known = ids.data.contacts.nodes.filter(({ company }) => company && company.nativeId !== null);
    expect([known.length > 0, ids.calls.length]).toEqual([true, 1]);
  });
});

test("a meeting's participants at Pipedrive come once, with their replies", async () => {
  const { meetings } = await server.data<{
    meetings: {
      nodes: { attendees: { response: string | null; isOrganizer: boolean; contact: { id: string } | null }[] }[];
    };
  }>("{ meetings(first: 30) { nodes { attendees { response isOrganizer contact { id } } } } }", {
    provider: "pipedrive",
  });
  const people = meetings.nodes.map(({ attendees }) => attendees.filter(({ contact }) => contact));
  for (const some of people) expect(new Set(some.map(({ contact }) => contact!.id)).size).toBe(some.length);
  expect(new Set(people.flat().map(({ response }) => response))).toEqual(
    new Set(["ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS_ACTION", null]),
  );
  expect(people.flat().some(({ isOrganizer }) => isOrganizer)).toBe(true);
});
