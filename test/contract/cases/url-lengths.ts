import { describe, expect, test } from "@jest/globals";
import type { CaseContext } from "../ground.js";
import { adapterOf, edgeIds, edgeNames, everything, plainAdapterOf } from "../stage/adapter.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";
import { resourceOf, resourcesOf } from "../subject.js";

/** Bytes of a request's path and query. Proxies before CRMs refuse longer ones, some of them with 414 or 431. */
const URL_MAX = 4_096;
/** An account with as many own fields as large customers have. */
const WIDE_ACCOUNT = "wide";

const TEXT_FILTERS = ["name", "search", "email", "phone", "attendeeEmail"];

export function describeUrlLengths({ subject, ground }: CaseContext): void {
  const { provider, wideFields = 0 } = subject;

  async function expectShort(run: () => Promise<unknown>): Promise<RecordedRequest[]> {
    const requests = await ground().stage.recorded(run);
    expect(
      requests.filter(({ url }) => url.length > URL_MAX).map(({ url }) => `${url.length}: ${url.slice(0, 300)}`),
    ).toEqual([]);
    return requests;
  }

  describe.each(resourcesOf(subject))("the length of URLs, %s", (resource) => {
    const adapter = adapterOf(provider, resource);
    // Such accounts, and batches of absent ids, are more than the costs take for granted.
    const plain = plainAdapterOf(provider, resource);
    const all = everything(adapter);
    const few = new Set(["createdAt", ...Object.keys(adapter.map.edges ?? {})]);

    test("an account with hundreds of own fields is listed, read by id and read after a write", async () => {
      const { stage, fresh } = ground();
      const { context } = stage.connect({ account: WIDE_ACCOUNT });
      const ids: string[] = [];
      await expectShort(async () => {
        const queries = [
          { filter: {}, orderBy: null },
          ...Object.keys(adapter.map.orders).map((field) => ({
            filter: {},
            orderBy: { field, direction: "ASC" as const },
          })),
        ];
        for (const query of queries) {
          const page = await plain.list(context, { ...query, limit: 100, cursor: null, select: all });
          const plainly = await plain.list(context, { ...query, limit: 100, cursor: null, select: few });
          expect(page.records.map(({ nativeId }) => nativeId)).toEqual(plainly.records.map(({ nativeId }) => nativeId));
          if (page.next !== null) await plain.list(context, { ...query, limit: 100, cursor: page.next, select: all });
          ids.push(...page.records.map(({ nativeId }) => nativeId));
          for (const [index, record] of page.records.entries()) {
            if (adapter.map.custom)
              expect((record.fields["customFields"] as unknown[]).length).toBeGreaterThanOrEqual(wideFields);
            expect(record.fields).toMatchObject(plainly.records[index]!.fields);
            expect(record.failures).toBeUndefined();
          }
        }
        const [first] = ids;
        const one = (await plain.get(context, [first!], all)).get(first!)!;
        const plainly = (await plain.get(context, [first!], few)).get(first!)!;
        expect(one.fields).toMatchObject(plainly.fields);
        expect(one.links).toMatchObject(plainly.links);
        const several = await plain.get(context, [...new Set(ids)].slice(0, plain.batchSize(all)), all);
        expect(several.get(first!)!.fields).toEqual(one.fields);
        for (const edge of edgeNames(adapter)) await edgeIds(plain, context, one, edge);
      });
      if (!adapter.create || resource !== "contact" || wideFields === 0) return;
      const [custom] = resourceOf(subject, resource).custom;
      const known = await plain.get(context, [ids[0]!], all);
      const named = known.get(ids[0]!)!.fields["customFields"] as { key: string; label: string }[];
      const key = named.find(({ label }) => label === custom?.label)?.key;
      const value = custom?.value;
      await expectShort(async () => {
        const own = key === undefined ? {} : { customFields: [{ key, value }] };
        const id = await plain.create!(context, { ...resourceOf(subject, resource).minimal(fresh), ...own });
        const { fields } = (await plain.get(context, [id], all)).get(id)!;
        if (key !== undefined) expect(fields["customFields"]).toContainEqual(expect.objectContaining({ key, value }));
      });
    });

    test("the largest batches of ids are read", async () => {
      const { reader } = ground();
      const absent = (count: number) => Array.from({ length: count }, (_, index) => subject.absentId(resource, index));
      await expectShort(async () => {
        for (const select of [new Set<string>(), all]) {
          const found = await plain.get(reader.context, absent(adapter.batchSize(select)), select);
          expect(found.size).toBe(0);
        }
        for (const [edge, loader] of Object.entries(plain.edges)) {
          if (!loader || edge in (adapter.map.edges ?? {})) continue;
          const found = await loader.load(reader.context, absent(loader.batchSize));
          expect([...found.values()].flatMap(({ ids }) => ids)).toEqual([]);
        }
      });
    });

    const filters = TEXT_FILTERS.filter((name) => name in adapter.map.filters);
    if (filters.length === 0) return;
    test.each(filters.flatMap((name) => ["longword", "слово"].map((word) => [name, word] as const)))(
      "200 words in the filter %s are answered, or refused by name (%s)",
      async (name, word) => {
        const { reader, stage } = ground();
        const value = Array.from({ length: 200 }, (_, index) => `${word}${index}`).join(" ");
        const query = { filter: { [name]: value }, orderBy: null, limit: 10, cursor: null, select: all };
        await expectShort(async () => {
          try {
            expect((await adapter.list(reader.context, query)).records).toEqual([]);
          } catch (error) {
            const refusal = await stage.failure(Promise.reject(error));
            expect([refusal.code, Object.keys(refusal.details.errors ?? {})]).toEqual([
              "INVALID_INPUT",
              [expect.stringMatching(/^filter/)],
            ]);
          }
        });
      },
    );
  });

  test("the largest batch of owners is read", async () => {
    const { reader, world } = ground();
    const [someone] = [...world.owners.keys()];
    const ids = Array.from({ length: Math.min(provider.owners.batchSize, 300) }, (_, index) =>
      index === 0 ? someone! : subject.absentId("contact", index),
    );
    await expectShort(async () => {
      expect([...(await provider.owners.load(reader.context, ids)).keys()]).toEqual([someone]);
    });
  });
}

/** Looks at the requests of all cases before it. */
export function describeAllUrls({ ground }: CaseContext): void {
  test("no URL of this file is longer than proxies read", () => {
    const urls = ground().stage.urls();
    expect(urls.length).toBeGreaterThan(0);
    expect(urls.filter((url) => url.length > URL_MAX).map((url) => url.slice(0, 300))).toEqual([]);
  });
}
