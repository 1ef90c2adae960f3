import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { MATCHES_MAX, type ProviderContext } from "../../src/providers/contract/contract.js";
import type { EmailRules, FieldMap, NativeRecord } from "../../src/providers/contract/field-map.js";
import { resourceAdapter } from "../../src/providers/kit/resource-kit.js";
import type { NativePage, NativeQuery } from "../../src/providers/kit/resource-rules.js";
import { fieldKit } from "../../src/providers/mapping/field-kit.js";
import { jsonDialect } from "../../src/providers/mapping/json-dialect.js";
import { withUnread } from "../../src/providers/mapping/unread.js";

const kit = fieldKit(jsonDialect("Acme"));
const PAGE = 60;

const context: ProviderContext = {
  origin: "https://acme.example",
  send: () => Promise.reject(new Error("These resources call no CRM.")),
  setting: () => "",
  memo: (_key, load) => load(context),
};

interface Person extends NativeRecord {
  id: string;
  emails: readonly string[];
}

const emailsOf = (native: NativeRecord) => (native as Person).emails;

/** A CRM whose search finds every person with a part of the address, one page of them. */
function crm(people: readonly NativeRecord[], rules: Partial<EmailRules<readonly string[]>> = {}) {
  const searches: NativeQuery<readonly string[]>[] = [];
  const map: FieldMap<"contact", readonly string[]> = {
    resource: "contact",
    providerName: "Acme",
    nativeName: "people",
    identity: ["id"],
    fields: {
      fullName: { ...kit.text("name"), read: ({ name }) => String(name) },
      emails: { reads: ["emails"], read: () => [] },
    },
    required: [],
    filters: {},
    byEmails: {
      batchSize: 8,
      pageSize: PAGE,
      covers: ["emails"],
      source: "this test",
      condition: (addresses) => addresses,
      addressesOf: emailsOf,
      ...rules,
    },
    orders: { CREATED_AT: "created" },
  };
  const list = (_context: ProviderContext, query: NativeQuery<readonly string[]>): Promise<NativePage> => {
    searches.push(query);
    const wanted = query.conditions.flat();
    const found = people.filter((one) =>
      emailsOf(one).some((email) => wanted.some((address) => email.toLowerCase().includes(address))),
    );
    const records = found.slice(0, query.limit);
    return Promise.resolve({ records, next: found.length > records.length ? "more" : null });
  };
  const adapter = resourceAdapter<"contact", readonly string[]>({
    map,
    cost: { list: () => ({ calls: 1 }), read: () => ({ calls: 1 }) },
    calls: { batchSize: 10, isId: (text) => text !== "", list, read: () => Promise.resolve([]) },
  });
  const asked = () => searches.map(({ conditions }) => conditions.flat());
  const find = async (addresses: readonly string[], select: ReadonlySet<string> = new Set()) =>
    new Map(
      [...(await adapter.byEmails!.find(context, addresses, select))].map(([address, { records, hasMore }]) => [
        address,
        { ids: records.map(({ nativeId }) => nativeId), hasMore },
      ]),
    );
  return { search: adapter.byEmails!, cost: adapter.cost, searches, asked, find };
}

const person = (id: string, ...emails: string[]): Person => ({ id, emails, name: id });
const crowd = (size: number, email: string) =>
  Array.from({ length: size }, (_, index) => person(`${email} ${index}`, email));
const address = (name: string) => `${name}@acme.example`;

describe("the search by e-mail addresses", () => {
  test("asks once for each address in its normal form, oldest records first, and reads the addresses", async () => {
    const { find, searches, asked } = crm([person("1", "Ann@Acme.example")]);
    const found = await find([address("ann"), " ANN@acme.example ", address("bob")], new Set(["fullName"]));
    expect(found).toEqual(
      new Map([
        [address("ann"), { ids: ["1"], hasMore: false }],
        [" ANN@acme.example ", { ids: ["1"], hasMore: false }],
      ]),
    );
    expect(asked()).toEqual([[address("ann"), address("bob")]]);
    expect(searches[0]).toMatchObject({ order: { field: "created", direction: "ASC" }, limit: PAGE, cursor: null });
    expect(searches[0]!.reading.fields).toEqual(["id", "name", "emails"]);
  });

  test("leaves out strangers whom the CRM finds by a part of the address", async () => {
    const { find } = crm([person("1", address("mary-ann")), person("2", `${address("ann")}.evil`)]);
    expect(await find([address("ann")])).toEqual(new Map());
  });

  test("a record with several of the addresses is a match of each", async () => {
    const { find } = crm([person("1", address("ann"), address("bob")), person("2", address("bob"))]);
    expect(await find([address("ann"), address("bob")])).toEqual(
      new Map([
        [address("ann"), { ids: ["1"], hasMore: false }],
        [address("bob"), { ids: ["1", "2"], hasMore: false }],
      ]),
    );
  });

  test("texts that are no address, or that the CRM cannot find, take no call", async () => {
    const { find, asked } = crm([person("1", address("a%b"))], { canFind: (text) => !text.includes("%") });
    expect(await find([address("a%b"), "nobody", ""])).toEqual(new Map());
    expect(asked()).toEqual([]);
  });

  test("an address of more than 50 records has the first 50, and the other addresses are asked for again without it", async () => {
    const people = [...crowd(MATCHES_MAX + 20, address("info")), person("1", address("ann"))];
    const { find, asked } = crm(people);
    const found = await find([address("ann"), address("info"), address("bob")]);
    expect(found.get(address("info"))).toEqual({
      ids: people.slice(0, MATCHES_MAX).map(({ id }) => id),
      hasMore: true,
    });
    expect(found.get(address("ann"))).toEqual({ ids: ["1"], hasMore: false });
    expect([...found.keys()]).toEqual([address("ann"), address("info")]);
    expect(asked()).toEqual([
      [address("ann"), address("info"), address("bob")],
      [address("ann"), address("bob")],
    ]);
  });

  test("records of several addresses that do not fit on a page are asked for in halves", async () => {
    const names = ["one", "two", "six", "ten"].map(address);
    const people = names.flatMap((name) => crowd(40, name));
    const { find, asked } = crm(people);
    const found = await find(names);
    for (const name of names) expect(found.get(name)).toMatchObject({ ids: { length: 40 }, hasMore: false });
    expect(asked()).toHaveLength(7);
  });

  test("strangers who fill every page cost a bounded number of calls, and no address counts as one without records", async () => {
    const names = Array.from({ length: 8 }, (_, index) => address(`a${index}`));
    const { find, asked } = crm(names.flatMap((name) => crowd(PAGE + 1, `x${name}`)));
    const found = await find(names);
    expect([...found.values()]).toEqual(names.map(() => ({ ids: [], hasMore: true })));
    expect(asked().length).toBeLessThan(2 * names.length);
  });

  test("addresses that one search has no room for take several, and one that never fits is not sent", async () => {
    const fits = (all: readonly string[]) => all.join().length <= 60;
    const { find, asked, search } = crm([person("1", address("ann"))], { fits });
    const names = ["ann", "bob", "cid", "dan", "eve"].map(address);
    const long = address("l".repeat(60));
    expect(await find([...names, long])).toEqual(new Map([[address("ann"), { ids: ["1"], hasMore: false }]]));
    expect(asked()).toEqual([names.slice(0, 3), names.slice(3)]);
    const record = { nativeId: "1", fields: {}, links: {}, raw: person("1", long, address("ann")) };
    expect(search.keysOf(record)).toEqual([address("ann")]);
  });

  test("keys are the addresses in the form by which the CRM finds them", () => {
    const { search } = crm([]);
    const raw = person("1", "Ann@Acme.example", address("ann"), "ann@müller.example", "Ann <ann@acme.example>", "");
    expect(search.keysOf({ nativeId: "1", fields: {}, links: {}, raw })).toEqual([address("ann")]);
  });

  test("addresses that could not be read fail the search, instead of looking like those of nobody", async () => {
    const broken = new CrmError("PROVIDER_UNAVAILABLE", {});
    const { find, search } = crm([withUnread(person("1", address("ann")), ["emails"], broken)]);
    await expect(find([address("ann")])).rejects.toBe(broken);
    const record = { nativeId: "1", fields: {}, links: {}, raw: person("1"), failures: { emails: broken } };
    expect(() => search.keysOf(record)).toThrow(broken);
  });

  test("the cost names what it takes for granted", () => {
    expect(crm([]).cost.byEmails!(8, new Set())).toEqual({
      calls: 1,
      assumption: expect.stringContaining("2 records of an e-mail address"),
    });
  });
});
