import { expect, test } from "@jest/globals";
import { CrmError } from "../../../src/errors/crm-error.js";
import type { ResourceContext } from "../ground.js";
import { adapterOf, everything, type AnyQuery, type AnyRecord } from "../stage/adapter.js";
import type { RecordedRequest } from "../stage/recording-proxy.js";
import { resourceOf } from "../subject.js";

const LIMIT = 10;

/** What one call failing leads to, whichever of a listing's calls it is. */
export function describeFurtherCalls({ subject, resource, ground }: ResourceContext): void {
  const adapter = adapterOf(subject.provider, resource);
  const { rarelyFurther = [], decisiveCalls = 0 } = resourceOf(subject, resource);
  const query = { filter: {}, limit: LIMIT, cursor: null, select: everything(adapter) };
  const [order] = Object.keys(adapter.map.orders);
  /** Some CRMs have another API for ordered listings, which answers fewer fields. */
  const orders = [null, ...(order ? [{ field: order, direction: "ASC" as const }] : [])];
  const keyOf = ({ method, url, body }: RecordedRequest) => `${method} ${url} ${body}`;

  /** Every listing has a connection of its own, so that no definitions are known. */
  const list = async (orderBy: AnyQuery["orderBy"]) =>
    (await adapter.list(ground().stage.connect().context, { ...query, orderBy })).records;

  /** A record without what failed. A nested field that failed is missing in its object. */
  function rest({ nativeId, fields, links }: AnyRecord, failed: readonly string[]) {
    const left: Record<string, unknown> = structuredClone({ ...fields, ...links });
    for (const path of failed) {
      const [field = "", nested] = path.split(".");
      if (nested === undefined) delete left[field];
      else if (left[field]) delete (left[field] as Record<string, unknown>)[nested];
    }
    return { nativeId, ...left };
  }

  /** The paths that failed. Everything else is as in the whole records. */
  function failedIn(records: readonly AnyRecord[], whole: readonly AnyRecord[]): string[] {
    expect(records).toHaveLength(whole.length);
    return records.flatMap((record, index) => {
      const { failures = {} } = record;
      const failed = Object.keys(failures);
      expect(rest(record, failed)).toEqual(rest(whole[index]!, failed));
      expect(Object.keys({ ...record.fields, ...record.links }).filter((path) => path in failures)).toEqual([]);
      for (const { details } of Object.values(failures)) expect(details.provider).toBe(subject.provider.slug);
      return failed;
    });
  }

  test("a call that fails takes away only the fields that need it, unless it is the one that reads the records", async () => {
    const { stage } = ground();
    const lost = new Set<string>();
    for (const orderBy of orders) {
      let whole: AnyRecord[] = [];
      const requests = await stage.recorded(async () => void (whole = await list(orderBy)));
      expect(whole.length).toBeGreaterThan(0);
      const fatal: string[] = [];
      for (const key of new Set(requests.map(keyOf))) {
        const run = () => list(orderBy).catch((error: unknown) => error);
        const outcome = await stage.failing((request) => keyOf(request) === key, run);
        if (outcome instanceof CrmError) {
          fatal.push(key);
          continue;
        }
        const failed = failedIn(outcome as AnyRecord[], whole);
        expect([key, failed.length]).not.toEqual([key, 0]);
        for (const path of failed) lost.add(path);
      }
      // An ordered listing may be put together from several calls.
      const needed = 1 + decisiveCalls;
      expect(fatal.slice(0, orderBy ? needed : undefined)).toHaveLength(needed);
    }
    expect([...lost].sort()).toEqual([...adapter.furtherCalls].filter((path) => !rarelyFurther.includes(path)).sort());
  });
}
