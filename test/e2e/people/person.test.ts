import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_BOUNDS } from "../../../src/graphql/operation/bounds.js";
import { providers } from "../../../src/providers/index.js";
import { overpriced, PeopleStage, type Asked, type ContactRow } from "./stage.js";

interface Source {
  recordId: string;
  connection: { provider: { slug: string } };
}

interface Person {
  id: string;
  endUserId: string;
  email: string | null;
  displayName: string | null;
  emails: { address: string; isPersonal: boolean; sources: Source[] }[];
  phones: { number: string; sources: Source[] }[];
  companies: { name: string; sources: Source[] }[];
  lastActivityAt: string | null;
  fields: { name: string; value: unknown; source: Source; conflicts: { value: unknown; source: Source }[] }[];
  reasons: { address: string; records: Source[] }[];
  contacts: { id: string; providerSlug: string }[];
  completeness: {
    isComplete: boolean;
    isClosed: boolean;
    missing: { connection: { provider: { slug: string } }; code: string; message: string }[];
    unsupported: { reason: string }[];
  };
}

const SOURCE = "recordId connection { provider { slug } }";
const PERSON = `id endUserId email displayName lastActivityAt
  emails { address isPersonal sources { ${SOURCE} } } phones { number sources { ${SOURCE} } }
  companies { name sources { ${SOURCE} } }
  fields { name value source { ${SOURCE} } conflicts { value source { ${SOURCE} } } }
  reasons { address records { ${SOURCE} } } contacts { id providerSlug }
  completeness { isComplete isClosed missing { connection { provider { slug } } code message } unsupported { reason } }`;
const SLUGS = providers.all.map(({ slug }) => slug);
/** A person of every account. */
const KNOWN = "chloe.okafor.0@example.com";

let stage: PeopleStage;
let rows: ContactRow[];
beforeAll(async () => {
  stage = await PeopleStage.open();
  await stage.ground.connectAll("all", { account: "small" });
  await stage.ground.connectAll("other", { account: "people-other" });
  await stage.ground.endUser("nobody");
  // One person whose addresses lead from record to record.
  await stage.contact("hubspot", ["Ada", "Lovelace"], ["ada@work.example", "ada@home.example"]);
  await stage.contact("pipedrive", ["Augusta", "Lovelace"], ["ADA@home.example", "countess@home.example"]);
  await stage.contact("attio", ["Ada", "King"], ["countess@home.example"]);
  // A mailbox of a function, and one that six people share.
  for (const slug of ["hubspot", "attio"]) await stage.contact(slug, ["Desk", slug], ["info@work.example"]);
  for (const slug of SLUGS.slice(0, 6)) await stage.contact(slug, ["Guest", slug], ["lobby.tablet@work.example"]);
  rows = await stage.contacts();
}, 120_000);
afterAll(() => stage.close());

async function person(email: string, asked: Asked = {}, at = stage.server) {
  const answer = await stage.ask<{ endUser: { person: Person | null } }>(
    `query ($email: String!) { endUser { person(email: $email) { ${PERSON} } } }`,
    { ...asked, variables: { email } },
    at,
  );
  expect(overpriced(answer)).toEqual([]);
  return { ...answer, person: answer.data?.endUser?.person ?? null };
}

const withAddress = (address: string) =>
  rows.filter(({ emails }) => emails.some((email) => email.address.toLowerCase() === address)).map(({ id }) => id);

describe("a person by an address", () => {
  test("has the contacts of all ten CRMs, by one look-up of each", async () => {
    const { person: found, errors } = await person(KNOWN);
    expect(errors).toEqual([]);
    expect(found!.contacts.map(({ id }) => id).sort()).toEqual(withAddress(KNOWN).sort());
    expect(found!.contacts.map(({ providerSlug }) => providerSlug).sort()).toEqual([...SLUGS].sort());
    expect(found).toMatchObject({ endUserId: "all", email: KNOWN });
    expect(found!.completeness).toEqual({ isComplete: true, isClosed: true, missing: [], unsupported: [] });
    const { calls } = await stage.ask(`{ endUser { person(email: "${KNOWN}") { contacts { id } } } }`);
    for (const slug of ["hubspot", "salesforce", "dynamics365", "close", "attio", "twenty"])
      expect([slug, calls.filter(({ provider }) => provider === slug).length]).toEqual([slug, 1]);
  });

  test("is the same however the address is written, and says the address as it was asked", async () => {
    const { person: plain } = await person(KNOWN);
    const { person: other } = await person(` ${KNOWN.toUpperCase()} `);
    expect(other!.id).toBe(plain!.id);
    expect(other!.email).toBe(` ${KNOWN.toUpperCase()} `);
  });

  test("names the record of every value, and why the records are one person", async () => {
    const { person: found } = await person(KNOWN);
    const ids = new Set(found!.contacts.map(({ id }) => id));
    const sources = [
      ...[...found!.emails, ...found!.phones, ...found!.companies].flatMap((one) => one.sources),
      ...found!.fields.flatMap(({ source, conflicts }) => [source, ...conflicts.map((one) => one.source)]),
      ...found!.reasons.flatMap(({ records }) => records),
    ];
    expect(sources.every(({ recordId }) => ids.has(recordId))).toBe(true);
    expect(found!.emails).toHaveLength(1);
    expect(found!.emails[0]).toMatchObject({ address: KNOWN, isPersonal: true });
    expect(found!.emails[0]!.sources).toHaveLength(10);
    expect(found!.reasons).toMatchObject([{ address: KNOWN }]);
    expect(found!.reasons[0]!.records).toHaveLength(10);
    expect(found!.fields.find(({ name }) => name === "fullName")).toMatchObject({ value: found!.displayName });
  });

  test("joins records that only further addresses connect, and shows where they disagree", async () => {
    const ids: (string | undefined)[] = [];
    for (const email of ["ada@work.example", "countess@home.example", "ada@home.example"]) {
      const { person: found } = await person(email);
      ids.push(found?.id);
      expect(found!.contacts.map(({ providerSlug }) => providerSlug).sort()).toEqual(["attio", "hubspot", "pipedrive"]);
      expect(found!.emails.map(({ address }) => address.toLowerCase()).sort()).toEqual([
        "ada@home.example",
        "ada@work.example",
        "countess@home.example",
      ]);
      const first = found!.fields.find(({ name }) => name === "firstName")!;
      const values = [first.value, ...first.conflicts.map(({ value }) => value)];
      expect(values.sort()).toEqual(["Ada", "Augusta"]);
      const last = found!.fields.find(({ name }) => name === "lastName")!;
      expect([last.value, ...last.conflicts.map(({ value }) => value)].sort()).toEqual(["King", "Lovelace"]);
    }
    expect(new Set(ids).size).toBe(1);
  });

  test("is null for an address that nobody has, that belongs to a function, or that many people share", async () => {
    for (const email of [
      "missing.person@nowhere.example",
      "info@work.example",
      "lobby.tablet@work.example",
      "no address",
    ]) {
      const { person: found, errors } = await person(email);
      expect([email, found, errors]).toEqual([email, null, []]);
    }
    const role = await person("info@work.example");
    expect(role.calls).toEqual([]);
    expect((await person(KNOWN, { endUserId: "nobody" })).person).toBeNull();
  });

  test("whom only a lead names is a person with that lead", async () => {
    const address = "only.lead@work.example";
    const created = await stage.ask(
      `mutation { createLead(input: { lastName: "Onlylead", firstName: "Olaf", companyName: "Work", emails: [{ address: "${address}" }] }) { id } }`,
      { provider: "salesforce" },
    );
    expect(created.errors).toEqual([]);
    const { data, errors } = await stage.ask<{ endUser: { person: Person & { leads: { nodes: { id: string }[] } } } }>(
      `{ endUser { person(email: "${address}") { ${PERSON} leads { nodes { id fullName } } } } }`,
    );
    expect(errors).toEqual([]);
    const { createLead } = created.data as { createLead: { id: string } };
    expect(data.endUser.person).toMatchObject({ email: address, displayName: "Olaf Onlylead", contacts: [] });
    expect(data.endUser.person.leads.nodes.map(({ id }) => id)).toEqual([createLead.id]);
    expect(data.endUser.person.companies.map(({ name }) => name)).toEqual(["Work"]);
    const again = await stage.ask<{ node: { id: string; displayName: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Person { id displayName } } }`,
      { variables: { id: data.endUser.person.id } },
    );
    expect(again.data.node).toEqual({ id: data.endUser.person.id, displayName: "Olaf Onlylead" });
    const key = await stage.ground.key({ scopes: ["endusers:read", "contacts:read"] });
    expect((await person(address, { key })).person).toBeNull();
  });
});

describe("the person of a record", () => {
  test("of a whole list is looked up together: one batch at each CRM", async () => {
    const answer = await stage.ask<{ contacts: { nodes: { id: string; person: Person }[] } }>(
      `{ contacts(first: 20) { nodes { id person { contacts { id } emails { address } } } } }`,
      { provider: "salesforce" },
    );
    expect(answer.errors).toEqual([]);
    expect(overpriced(answer)).toEqual([]);
    const { nodes } = answer.data.contacts;
    expect(nodes).toHaveLength(20);
    for (const { id, person: own } of nodes) expect(own.contacts.map((contact) => contact.id)).toContain(id);
    const addresses = nodes.flatMap(({ person: own }) => own.emails.map(({ address }) => address.toLowerCase()));
    const rounds = 2;
    for (const [slug, batch] of [
      ["dynamics365", 12],
      ["close", 20],
      ["attio", 50],
      ["twenty", 12],
    ] as const) {
      const calls = answer.calls.filter(({ provider }) => provider === slug).length;
      expect(calls).toBeLessThanOrEqual(Math.ceil(new Set(addresses).size / batch) + rounds);
    }
  });

  test("is the same from a contact, a lead and an attendee", async () => {
    const { data, errors } = await stage.ask<{
      hubspot: { nodes: { person: { id: string } | null; emails: { address: string }[] | null }[] };
      zoho: { nodes: { person: { id: string } | null; emails: { address: string }[] | null }[] };
      meetings: { nodes: { attendees: { email: string | null; person: { id: string } | null }[] }[] };
    }>(`{ hubspot: leads(provider: "hubspot", first: 6) { nodes { person { id } emails { address } } }
          zoho: leads(provider: "zoho", first: 6) { nodes { person { id } emails { address } } }
          meetings(provider: "hubspot", first: 10) { nodes { attendees { email person { id } } } } }`);
    expect(errors).toEqual([]);
    const attendees = data.meetings.nodes.flatMap((meeting) => meeting.attendees);
    const found = [
      ...[...data.hubspot.nodes, ...data.zoho.nodes].map((lead) => [lead.emails?.[0]?.address, lead.person] as const),
      ...attendees.map(({ email, person: own }) => [email, own] as const),
    ];
    let compared = 0;
    for (const [email, own] of found) {
      if (!email) continue;
      const direct = await person(email);
      expect([email, own?.id]).toEqual([email, direct.person?.id]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(10);
  });

  test("without an address is a person of its own", async () => {
    const lonely = rows.find(({ emails }) => emails.length === 0)!;
    const { data } = await stage.ask<{ node: { person: Person } }>(
      `query ($id: ID!) { node(id: $id) { ... on Contact { person { ${PERSON} } } } }`,
      { variables: { id: lonely.id } },
    );
    expect(data.node.person).toMatchObject({ email: null, reasons: [] });
    expect(data.node.person.contacts).toEqual([{ id: lonely.id, providerSlug: lonely.providerSlug }]);
  });

  test("of a created contact is found with it", async () => {
    const { data, errors } = await stage.ask<{ createContact: { person: Person } }>(
      `mutation { createContact(input: { lastName: "Fresh", emails: [{ address: "fresh@work.example" }] }) { person { ${PERSON} } } }`,
      { provider: "close" },
    );
    expect(errors).toEqual([]);
    expect(data.createContact.person).toMatchObject({ email: "fresh@work.example", displayName: "Fresh" });
  });
});

describe("what a person leads to", () => {
  test("meetings of all CRMs come in the order of their start, in pages", async () => {
    const document = `query ($email: String!, $after: String) { endUser { person(email: $email) { meetings(first: 4, after: $after) {
      edges { cursor node { id startAt providerSlug } } pageInfo { hasNextPage endCursor }
      completeness { isComplete missing { code } unsupported { reason } } } } } }`;
    interface Page {
      edges: { node: { id: string; startAt: string; providerSlug: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
      completeness: { isComplete: boolean; missing: unknown[] };
    }
    const seen: Page["edges"] = [];
    let after: string | null = null;
    do {
      const answer: Awaited<ReturnType<typeof stage.ask<{ endUser: { person: { meetings: Page } } }>>> =
        await stage.ask(document, { variables: { email: KNOWN, after } });
      expect(answer.errors).toEqual([]);
      expect(overpriced(answer)).toEqual([]);
      const { meetings } = answer.data.endUser.person;
      expect(meetings.completeness.missing).toEqual([]);
      seen.push(...meetings.edges);
      after = meetings.pageInfo.hasNextPage ? meetings.pageInfo.endCursor : null;
    } while (after !== null);
    const starts = seen.map(({ node }) => node.startAt);
    expect(starts).toEqual([...starts].sort());
    expect(new Set(seen.map(({ node }) => node.id)).size).toBe(seen.length);
    expect(new Set(seen.map(({ node }) => node.providerSlug)).size).toBeGreaterThan(5);
  });

  test("a size or a cursor that is refused costs no call for them", async () => {
    const plain = await stage.ask(`{ endUser { person(email: "${KNOWN}") { contacts { id } } } }`);
    for (const args of ["first: 0", 'after: "x"']) {
      const { errors, calls } = await stage.ask(
        `{ endUser { person(email: "${KNOWN}") { contacts { id } meetings(${args}) { pageInfo { hasNextPage } } } } }`,
      );
      expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
        ["meetings", "INVALID_INPUT"],
      ]);
      expect(calls).toHaveLength(plain.calls.length);
    }
  });

  test("more meetings than crmesh sorts are refused", async () => {
    const server = await stage.ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, window: 3 } } });
    const { data, errors } = await stage.ask<{ endUser: { person: { id: string; meetings: null } } }>(
      `{ endUser { person(email: "${KNOWN}") { id meetings { nodes { id } } } } }`,
      {},
      server,
    );
    expect(data.endUser.person.meetings).toBeNull();
    expect(data.endUser.person.id).toEqual(expect.any(String));
    expect(errors[0]!.extensions).toMatchObject({
      code: "INVALID_INPUT",
      errors: { query: expect.stringContaining("at most 3 (CRMESH_MAX_WINDOW)") },
    });
  });

  test("leads come by their address, or from the contacts where leads have none", async () => {
    const answer = await stage.ask<{
      endUser: { person: { leads: { nodes: { id: string; providerSlug: string; emails: { address: string }[] }[] } } };
    }>(
      `{ endUser { person(email: "${KNOWN}") { leads(first: 50) { nodes { id providerSlug emails { address } } completeness { missing { code } } } } } }`,
    );
    expect(answer.errors).toEqual([]);
    expect(overpriced(answer)).toEqual([]);
    const { nodes } = answer.data.endUser.person.leads;
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    const slugs = new Set(nodes.map(({ providerSlug }) => providerSlug));
    expect([...slugs]).toEqual(expect.arrayContaining(["hubspot", "pipedrive", "salesforce", "zoho"]));
    for (const { emails } of nodes) expect(emails.map(({ address }) => address)).toContain(KNOWN);
  });
});

describe("node", () => {
  test("forms the group anew around the oldest record", async () => {
    const { person: found } = await person("countess@home.example");
    const { data, errors } = await stage.ask<{ node: Person & { __typename: string } }>(
      `query ($id: ID!) { node(id: $id) { __typename ... on Person { ${PERSON} } } }`,
      { variables: { id: found!.id } },
    );
    expect(errors).toEqual([]);
    expect(data.node).toMatchObject({ __typename: "Person", id: found!.id, contacts: found!.contacts });
    // Nobody asked by an address: the first personal one of the oldest record.
    const oldest = found!.contacts[0]!.providerSlug;
    expect(data.node.email).toBe(oldest === "hubspot" ? "ada@work.example" : "ada@home.example");
    const foreign = await stage.ask<{ node: null }>(`query ($id: ID!) { node(id: $id) { id } }`, {
      variables: { id: found!.id },
      endUserId: "other",
    });
    expect(foreign.data.node).toBeNull();
    expect(foreign.errors[0]!.extensions.code).toBe("CONTACT_NOT_FOUND");
  });
});

describe("apart", () => {
  test("another end user’s and another tenant’s records never join", async () => {
    const key = await stage.ground.key({ workspace: "elsewhere" });
    await stage.ground.connect("all", "hubspot", { workspace: "elsewhere", account: "people-elsewhere" });
    const address = "same.address@work.example";
    const own = await stage.contact("twenty", ["Same", "Address"], [address]);
    const others = await stage.contact("hubspot", ["Same", "Address"], [address], "other");
    const foreign = await stage.contact("hubspot", ["Same", "Address"], [address], "all", key);
    for (const [asked, id] of [
      [{}, own],
      [{ endUserId: "other" }, others],
      [{ key }, foreign],
    ] as const) {
      const { person: found } = await person(address, asked);
      expect(found!.contacts.map((contact) => contact.id)).toEqual([id]);
    }
    const { person: found } = await person(address);
    const stolen = await stage.ask(`query ($id: ID!) { node(id: $id) { id } }`, {
      key,
      variables: { id: found!.id },
    });
    expect([stolen.data, stolen.calls]).toEqual([{ node: null }, []]);
  });

  test("a person needs the scope contacts:read, and what it leads to its own", async () => {
    const none = await stage.ground.key({ scopes: ["endusers:read", "leads:read", "meetings:read"] });
    const refused = await person(KNOWN, { key: none });
    expect([refused.person, refused.calls]).toEqual([null, []]);
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(["FORBIDDEN"]);
    const leads = await stage.ask(`{ leads(first: 2) { nodes { id person { id } } } }`, {
      key: none,
      provider: "zoho",
    });
    expect(leads.errors.map(({ extensions }) => extensions.code)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    const some = await stage.ground.key({ scopes: ["endusers:read", "contacts:read"] });
    const { errors } = await stage.ask(
      `{ endUser { person(email: "${KNOWN}") { id leads { nodes { id } } meetings { nodes { id } } } } }`,
      { key: some },
    );
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code]).sort()).toEqual([
      ["leads", "FORBIDDEN"],
      ["meetings", "FORBIDDEN"],
    ]);
    const { data } = await person(KNOWN, { key: none });
    const id = await stage.ask<{ node: null }>(`query ($id: ID!) { node(id: $id) { id } }`, {
      key: none,
      variables: { id: (await person(KNOWN)).person!.id },
    });
    expect([data, id.data.node, id.errors[0]!.extensions.code]).toEqual([
      { endUser: { person: null } },
      null,
      "FORBIDDEN",
    ]);
  });
});

describe("connections that fail", () => {
  test("are named missing, and leave the person of the others", async () => {
    const {
      person: found,
      errors,
      status,
    } = await person(KNOWN, {
      faults: { odoo: "PROVIDER_RATE_LIMITED", zoho: "PROVIDER_AUTH_FAILED" },
    });
    expect([status, errors]).toEqual([200, []]);
    expect(found!.contacts.map(({ providerSlug }) => providerSlug).sort()).toEqual(
      SLUGS.filter((slug) => slug !== "odoo" && slug !== "zoho").sort(),
    );
    expect(found!.completeness.isComplete).toBe(false);
    const missing = found!.completeness.missing.map(({ connection, code }) => [connection.provider.slug, code]);
    expect(missing.sort()).toEqual([
      ["odoo", "PROVIDER_RATE_LIMITED"],
      ["zoho", "PROVIDER_AUTH_FAILED"],
    ]);
  });

  test("are an error where nobody else has the address: the person may exist there", async () => {
    const { person: found, errors } = await person("missing.person@nowhere.example", {
      faults: { attio: "PROVIDER_ERROR" },
    });
    expect(found).toBeNull();
    expect(errors.map(({ path, extensions }) => [path, extensions.code, extensions.provider])).toEqual([
      [["endUser", "person"], "PROVIDER_ERROR", "attio"],
    ]);
  });

  test("leave meetings and leads of the others", async () => {
    const { data, errors } = await stage.ask<{ endUser: { person: Record<"meetings" | "leads", Part> } }>(
      `{ endUser { person(email: "${KNOWN}") { meetings(first: 100) { ${PART} } leads(first: 100) { ${PART} } } } }`,
      { faults: { pipedrive: "PROVIDER_UNAVAILABLE" } },
    );
    expect(errors).toEqual([]);
    for (const part of [data.endUser.person.meetings, data.endUser.person.leads]) {
      expect(part.nodes.length).toBeGreaterThan(3);
      expect(part.nodes.map(({ providerSlug }) => providerSlug)).not.toContain("pipedrive");
    }
  });

  test("whose look-ups would exceed CRMESH_MAX_CALLS are named missing, the dearest first", async () => {
    const plain = await person(KNOWN);
    const limit = plain.price.calls - 1;
    const server = await stage.ground.serve({ config: { bounds: { ...DEFAULT_BOUNDS, calls: limit } } });
    const { person: found, errors, calls, price } = await person(KNOWN, {}, server);
    expect(errors).toEqual([]);
    expect(price.calls).toBeLessThanOrEqual(limit);
    // EspoCRM’s search takes the most calls of all.
    expect(found!.completeness.missing).toMatchObject([
      { connection: { provider: { slug: "espocrm" } }, code: "INVALID_INPUT", message: "Validation failed" },
    ]);
    expect(calls.filter(({ provider }) => provider === "espocrm")).toEqual([]);
    expect(found!.contacts).toHaveLength(9);
  });
});

const PART = "nodes { providerSlug } completeness { isComplete missing { code } }";
interface Part {
  nodes: { providerSlug: string }[];
  completeness: { isComplete: boolean };
}
