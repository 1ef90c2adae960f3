import { describe, expect, test } from "@jest/globals";
import { MATCHES_MAX, type ProviderContext } from "../../../src/providers/contract/contract.js";
import type { Selection } from "../../../src/providers/contract/selection.js";
import { chunks } from "../../../src/providers/kit/adapter-kit.js";
import type { ResourceContext } from "../ground.js";
import {
  adapterOf,
  everything,
  getOne,
  listAll,
  plainAdapterOf,
  type AnyEmailSearch,
  type AnyRecord,
} from "../stage/adapter.js";
import { resourceOf } from "../subject.js";
import { HOSTILE_TEXTS } from "./hostile-strings.js";

const NOBODY = "nobody@nowhere.example";
const ADDRESS_ONLY = new Set(["emails"]);

/** Texts that are no address, or that a CRM's query language could misread. None of them finds a record. */
const HOSTILE_ADDRESSES = [
  ...HOSTILE_TEXTS.map(([, text]) => text),
  ...HOSTILE_TEXTS.map(([, text]) => `${text.replace(/\s/g, "")}@hostile.example`),
  "",
  "@",
  "a@",
  "@hostile.example",
  "a b@hostile.example",
  "nul\0@hostile.example",
  "bell\u0007@hostile.example",
  `${"long".repeat(100)}@hostile.example`,
  `a@${"long.".repeat(100)}example`,
  `o'neil"x"@hostile.example`,
  `'or'1'='1'--@hostile.example`,
  `"quoted@local"@hostile.example`,
  "%@hostile.example",
  "_@_",
  "*@*",
  "a;b,c@hostile.example",
  "(a)[b]{c}<d>@hostile.example",
  "back\\slash\\'@hostile.example",
];

/** Finds any number of addresses, in batches. */
async function findAll(
  search: AnyEmailSearch,
  context: ProviderContext,
  addresses: readonly string[],
  select: Selection = new Set(),
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const batch of chunks(addresses, search.batchSize)) {
    for (const [address, { records, hasMore }] of await search.find(context, batch, select)) {
      expect({ address, hasMore }).toEqual({ address, hasMore: false });
      found.set(address, records.map(({ nativeId }) => nativeId).sort());
    }
  }
  return found;
}

export function describeByEmails({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const { byEmails } = adapter;
  const own = resourceOf(subject, resource);
  const { email } = own.filters;

  if (!byEmails) {
    test("records without e-mail addresses of their own have no search by them", () => {
      expect(adapter.map.byEmails).toBeUndefined();
      const { emails } = adapter.map.fields;
      expect(emails === undefined || emails.linked !== undefined).toBe(true);
    });
    return;
  }

  describe("the search by e-mail addresses", () => {
    /** The records of an address according to the CRM's own client, as the filter `email` finds them. */
    function having(address: string): string[] {
      const { world } = ground();
      const revealed = own.revealsUnlisted?.({ email: address }) ? world.unlisted[resource] : [];
      return [...world.records[resource], ...revealed]
        .filter(([id, native]) => email!.passes(native, address as never, world, id))
        .map(([id]) => id)
        .sort();
    }

    function addressesShown(): string[][] {
      const { world } = ground();
      return [...world.records[resource]].map(([id, native]) =>
        (own.fields["emails"]!.of(native, world, id) as { address: string }[]).map(({ address }) => address),
      );
    }

    /** First and further addresses of records, in other letters, and addresses of nobody between them. */
    function someAddresses(): string[] {
      const shown = addressesShown().filter((addresses) => addresses.length > 0);
      const several = shown.filter((addresses) => addresses.length > 1).slice(0, 8);
      const others = shown.slice(0, 12).flat();
      const all = [...new Set([...several.flat(), ...others].map((address) => address.toLowerCase()))];
      return all.flatMap((address, index) => [
        index % 3 === 1 ? address.toUpperCase() : address,
        ...(index % 4 === 0 ? [`${index}.${NOBODY}`] : []),
      ]);
    }

    const expectedOf = (addresses: readonly string[]) =>
      new Map(addresses.map((address) => [address, having(address)] as const).filter(([, ids]) => ids.length > 0));

    test("several addresses, in any case, find exactly the records that have them; nobody's find none", async () => {
      const { reader } = ground();
      const addresses = someAddresses();
      expect(addresses.length).toBeGreaterThan(byEmails.batchSize === 1 ? 5 : Math.min(byEmails.batchSize, 10));
      const expected = expectedOf(addresses);
      expect(expected.size).toBeGreaterThan(5);
      expect(await findAll(byEmails, reader.context, addresses)).toEqual(expected);
      expect((await byEmails.find(reader.context, [], new Set())).size).toBe(0);
    });

    test("an address in several forms is one address, and each form gets its records", async () => {
      const { reader } = ground();
      const [address] = addressesShown().find((addresses) => addresses.length > 0)!;
      const forms = [address!, ` ${address!.toUpperCase()}\n`].slice(0, Math.max(1, byEmails.batchSize));
      const found = await findAll(byEmails, reader.context, forms);
      expect(found).toEqual(new Map(forms.map((form) => [form, having(address!)])));
    });

    test("the keys of a record are exactly the addresses that find it", async () => {
      const { reader } = ground();
      const all = await listAll(adapter, reader.context, { select: ADDRESS_ONLY });
      const withSeveral = all.filter(({ fields }) => (fields["emails"] as unknown[]).length > 1).slice(0, 10);
      const withAny = all.filter(({ fields }) => (fields["emails"] as unknown[]).length > 0).slice(0, 25);
      const records = [...new Set([...all.slice(0, 10), ...withAny, ...withSeveral])];
      const keys = new Map(records.map((record) => [record.nativeId, byEmails.keysOf(record)]));
      for (const own of keys.values()) for (const key of own) expect(key).toBe(key.trim().toLowerCase());
      expect([...keys.values()].flat().length).toBeGreaterThan(10);
      const shown = records.map(({ nativeId, fields }) => {
        const addresses = (fields["emails"] as { address: string }[]).map(({ address }) => address.toLowerCase());
        return [nativeId, [...new Set(addresses)]] as const;
      });
      const asked = [...new Set([...shown.flatMap(([, addresses]) => addresses), ...[...keys.values()].flat()])];
      const found = await findAll(byEmails, reader.context, asked);
      for (const [id, addresses] of shown) {
        const finding = addresses.filter((address) => found.get(address)?.includes(id));
        expect({ id, keys: [...keys.get(id)!].sort() }).toEqual({ id, keys: finding.sort() });
      }
    });

    test("a found record has the fields that a read by its id has", async () => {
      const { reader } = ground();
      const select = everything(adapter);
      const addresses = addressesShown()
        .filter((shown) => shown.length > 0)
        .flatMap(([first]) => (having(first!).length === 1 ? [first!] : []))
        .slice(0, Math.min(3, byEmails.batchSize));
      const found = await byEmails.find(reader.context, addresses, select);
      expect([...found.keys()]).toEqual(addresses);
      const records = [...found.values()].flatMap((matches) => matches.records);
      const ids = records.map(({ nativeId }) => nativeId);
      const read = await adapter.get(reader.context, ids, select);
      for (const record of records) expect(record.fields).toEqual(read.get(record.nativeId)!.fields);
    });

    test("hostile addresses find nothing, fail nothing, and leave the other addresses of the batch alone", async () => {
      const { reader } = ground();
      const [good] = addressesShown().find((addresses) => addresses.length > 0)!;
      for (const hostile of chunks(HOSTILE_ADDRESSES, byEmails.batchSize - 1)) {
        const batch = [hostile[0]!, good!, ...hostile.slice(1)];
        const found = await byEmails.find(reader.context, batch, new Set());
        expect({ batch, found: [...found.keys()] }).toEqual({ batch, found: [good] });
      }
    });

    test("texts that are no addresses take no call", async () => {
      const { stage, reader } = ground();
      const texts = [
        "",
        "nobody",
        "a b@hostile.example",
        "nul\0@hostile.example",
        `${"x".repeat(300)}@hostile.example`,
      ];
      const requests = await stage.recorded(async () => {
        for (const text of texts) expect((await byEmails.find(reader.context, [text], new Set())).size).toBe(0);
      });
      expect(requests).toEqual([]);
    });

    test("a full batch takes the calls of its cost, of which no URL is longer than 4 KB", async () => {
      const { stage } = ground();
      const connection = stage.connect();
      const addresses = Array.from({ length: byEmails.batchSize }, (_, index) =>
        `${index}@example.com`.padStart(48, "long.name"),
      );
      const callsFor = async (some: readonly string[]) => {
        connection.calls.length = 0;
        await byEmails.find(connection.context, some, ADDRESS_ONLY);
        return connection.calls.length;
      };
      const requests = await stage.recorded(() => callsFor(addresses));
      for (const { url } of requests) expect(url.length).toBeLessThanOrEqual(4_096);
      // Definitions are cached, so they do not count as calls of the search.
      const { calls } = adapter.cost.byEmails!(addresses.length, ADDRESS_ONLY);
      expect(await callsFor(addresses)).toBeLessThanOrEqual(calls);
      expect(await callsFor(addresses.slice(0, 1))).toBe(1);
      // The longest addresses may take more calls, but no broken one.
      const longest = addresses.map(
        (address, index) => `${index}${address.slice(2)}`.padStart(64, "x") + ".x".repeat(90),
      );
      const long = await stage.recorded(() => plain().find(connection.context, longest, ADDRESS_ONLY));
      expect(long.length).toBeGreaterThan(0);
      for (const { url } of long) expect(url.length).toBeLessThanOrEqual(4_096);
    });

    const plain = () => plainAdapterOf(subject.provider, resource).byEmails!;
    const { create, delete: remove } = adapter;
    if (!create) return;

    /** Creates a record with the addresses, or resolves to null if the CRM allows an address only once. */
    async function made(addresses: readonly string[]): Promise<string | null> {
      const { writer, fresh, stage } = ground();
      const input = { ...own.minimal(fresh), emails: addresses.map((address) => ({ address })) };
      try {
        return await create!(writer.context, input);
      } catch (error) {
        const refusal = await stage.failure(Promise.reject(error));
        if (refusal.code !== "DUPLICATE_RECORD") throw refusal;
        return null;
      }
    }

    test("an address with characters of a query language finds its own record only, if it finds any", async () => {
      const { writer, fresh, stage } = ground();
      const host = `${fresh.unique()}.example`;
      const locals = [
        "o'neil",
        "o_neil",
        "o%neil",
        "o*neil",
        "oxneil",
        "o+neil",
        "neil",
        "o/neil=1",
        "o&neil#",
        "{o}|neil~",
      ];
      const addresses = [
        ...locals.map((local) => `${local}@${host}`),
        `o@xn--mller-kva.${host}`,
        `ü@${host}`,
        `o@müller.${host}`,
      ];
      const ids = new Map<string, string>();
      for (const address of addresses) {
        try {
          ids.set(address, (await made([address]))!);
        } catch (error) {
          // The CRM does not take the address, or crmesh does not write it.
          expect((await stage.failure(Promise.reject(error))).code).toBe("INVALID_INPUT");
        }
      }
      const keys = new Map<string, readonly string[]>();
      for (const id of ids.values())
        keys.set(id, byEmails.keysOf(await getOne(adapter, writer.context, id, ADDRESS_ONLY)));
      const usual = ["o'neil", "o_neil", "oxneil", "o+neil", "neil"].map((local) => `${local}@${host}`);
      expect([...keys.values()].flat()).toEqual(expect.arrayContaining(usual));
      const owners = (address: string) => [...keys].filter(([, own]) => own.includes(address)).map(([id]) => id);
      const expected = new Map(
        addresses.map((address) => [address, owners(address)] as const).filter(([, own]) => own.length > 0),
      );
      const found = await findAll(byEmails, writer.context, addresses);
      found.delete(`o@müller.${host}`);
      expect(found).toEqual(expected);
      // Both forms of a domain are one address.
      const [unicode, ascii] = [`o@müller.${host}`, `o@xn--mller-kva.${host}`];
      if (!expected.has(ascii)) return;
      expect(await findAll(byEmails, writer.context, [unicode])).toEqual(new Map([[unicode, expected.get(ascii)]]));
    });

    test("all records of one address are found, of which a deleted one is none", async () => {
      const { writer, fresh } = ground();
      const address = `${fresh.unique()}@shared.example`;
      const other = `${fresh.unique()}@other.example`;
      const ids = [await made([address]), await made([address])].filter((id) => id !== null);
      const alone = (await made([other]))!;
      const expected = (of: readonly string[]) =>
        new Map([[address, [...of].sort()] as const].filter(([, all]) => all.length > 0));
      expect(await findAll(byEmails, writer.context, [address, NOBODY])).toEqual(expected(ids));
      expect(await findAll(byEmails, writer.context, [address, other])).toEqual(
        new Map([...expected(ids), [other, [alone]]]),
      );
      if (!remove) return;
      await remove(writer.context, ids[0]!);
      expect(await findAll(byEmails, writer.context, [address])).toEqual(expected(ids.slice(1)));
    });

    test("an address of very many records brings 50 of them and says so, and hides no record of another address", async () => {
      const { writer, fresh } = ground();
      const crowd = `${fresh.unique()}@crowd.example`;
      const alone = `${fresh.unique()}@alone.example`;
      const [first, second] = [await made([crowd]), await made([crowd])];
      if (second === null) return;
      const many = await Promise.all(Array.from({ length: MATCHES_MAX + 2 }, () => made([crowd])));
      const single = await made([alone]);
      const found = new Map<string, { records: readonly AnyRecord[]; hasMore: boolean }>();
      for (const batch of chunks([NOBODY, crowd, alone], byEmails.batchSize)) {
        for (const [address, matches] of await plain().find(writer.context, batch, new Set()))
          found.set(address, matches);
      }
      expect([...found.keys()].sort()).toEqual([alone, crowd].sort());
      expect(found.get(alone)).toMatchObject({ records: [{ nativeId: single }], hasMore: false });
      const ids = found.get(crowd)!.records.map(({ nativeId }) => nativeId);
      expect([ids.length, new Set(ids).size, found.get(crowd)!.hasMore]).toEqual([MATCHES_MAX, MATCHES_MAX, true]);
      expect([first, second, ...many]).toEqual(expect.arrayContaining(ids));
    });
  });
}
