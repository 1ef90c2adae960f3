import { MATCHES_MAX, type EmailMatches, type EmailSearch, type ProviderContext } from "../contract/contract.js";
import type { AnyFieldMap, EmailRules, NativeRecord } from "../contract/field-map.js";
import type { ResourceName, UnifiedRecord } from "../contract/model.js";
import type { Selection } from "../contract/selection.js";
import { decoding } from "../../upstream/answer-body.js";
import { normalEmail } from "../mapping/normal-email.js";
import { unreadOf } from "../mapping/unread.js";
import { chunks, orderField } from "./adapter-kit.js";
import type { Reading, ResourceRules } from "./resource-rules.js";
import { sieveOf, type Siftable } from "./sifted.js";

/** How the kit of a resource reads a selection. */
type ReadingOf<Resource extends ResourceName> = (
  context: ProviderContext,
  select: Selection,
) => Promise<{
  reading: Reading;
  toRecords: (natives: readonly NativeRecord[]) => Promise<readonly UnifiedRecord<Resource>[]>;
}>;

interface Found {
  natives: readonly NativeRecord[];
  hasMore: boolean;
}

/** Without the addresses of the records, nothing can be checked. Kept, as plans of reads are kept by the selection. */
const selections = new WeakMap<Selection, Selection>();

export function withEmails(select: Selection): Selection {
  if (select.has("emails")) return select;
  const known = selections.get(select) ?? new Set([...select, "emails"]);
  selections.set(select, known);
  return known;
}

/** The order in which a search reads, so that it always returns the same records of an address that has too many. */
export function searchOrder<Resource extends ResourceName, Condition>({
  map,
}: Pick<ResourceRules<Resource, Condition>, "map">) {
  const isOrdered = "CREATED_AT" in map.orders && !map.byEmails?.isUnordered;
  return isOrdered ? ({ field: orderField(map, "CREATED_AT"), direction: "ASC" } as const) : null;
}

/** Makes the search by e-mail addresses of the CRM's list and the rules of the field map. */
export function emailSearch<Resource extends ResourceName, Condition>(
  rules: Pick<ResourceRules<Resource, Condition>, "map" | "calls">,
  emails: EmailRules<unknown>,
  readingOf: ReadingOf<Resource>,
): EmailSearch<Resource> {
  const order = searchOrder(rules);

  const fits = (addresses: readonly string[]) => emails.fits?.(addresses) ?? true;
  const reads = (rules.map as AnyFieldMap).fields["emails"]?.reads;
  const ownFields = typeof reads === "function" ? reads(() => false) : (reads ?? []);

  /**
   * The keys of a record: what is stored in another form, the CRM would not find by the normal form.
   * @throws CrmError if the call that should have read the addresses failed
   */
  function keysIn(native: NativeRecord): readonly string[] {
    const unread = unreadOf(native);
    for (const name of ownFields) if (unread?.[name]) throw unread[name];
    const keys = decoding(() => emails.addressesOf(native)).flatMap((stored) => keyOf(stored) ?? []);
    return [...new Set(keys)];
  }

  function keyOf(stored: string): string | null {
    const address = askable(stored);
    return address === stored.trim().toLowerCase() ? address : null;
  }

  function askable(text: string): string | null {
    const address = normalEmail(text);
    const isAskable = address !== null && (emails.canFind?.(address) ?? true) && fits([address]);
    return isAskable ? address : null;
  }

  /**
   * Asks for all addresses at once. If the answer has no room for all records, those addresses that it shows to have too
   * many are finished, and the others are asked for again without them, or in halves.
   */
  async function search(
    context: ProviderContext,
    addresses: readonly string[],
    reading: Reading,
  ): Promise<Map<string, Found>> {
    if (!fits(addresses)) return searchEach(context, partsThatFit(addresses), reading);
    const { natives: conditions } = sieveOf([emails.condition(addresses) as Siftable<Condition>]);
    const page = await rules.calls.list(context, { conditions, order, limit: emails.pageSize, cursor: null, reading });
    const found = recordsByKey(page.records, addresses);
    const isWhole = page.next === null && !page.cap;
    if (isWhole || addresses.length === 1) return mapped(found, addresses, !isWhole);
    const full = addresses.filter((address) => (found.get(address)?.length ?? 0) > MATCHES_MAX);
    const others = addresses.filter((address) => !full.includes(address));
    const rest = await searchEach(context, full.length > 0 ? [others] : halves(others), reading);
    return new Map([...mapped(found, full, true), ...rest]);
  }

  /** As few parts as their order allows. A single address always fits: see `askable`. */
  function partsThatFit(addresses: readonly string[]): string[][] {
    const parts: string[][] = [[]];
    for (const address of addresses) {
      const last = parts.at(-1)!;
      if (last.length === 0 || fits([...last, address])) last.push(address);
      else parts.push([address]);
    }
    return parts;
  }

  async function searchEach(context: ProviderContext, parts: readonly (readonly string[])[], reading: Reading) {
    const asked = parts.filter((part) => part.length > 0);
    const found = await Promise.all(asked.map((part) => search(context, part, reading)));
    return new Map(found.flatMap((some) => [...some]));
  }

  /** A search that looks at parts of addresses finds strangers, too, so that every record is checked. */
  function recordsByKey(natives: readonly NativeRecord[], addresses: readonly string[]) {
    const wanted = new Set(addresses);
    const found = new Map<string, NativeRecord[]>();
    for (const native of natives) {
      for (const key of keysIn(native)) {
        if (wanted.has(key)) found.set(key, [...(found.get(key) ?? []), native]);
      }
    }
    return found;
  }

  return {
    batchSize: emails.batchSize,
    async find(context, addresses, select) {
      const normal = new Map(addresses.map((address) => [address, askable(address)]));
      const asked = [...new Set(normal.values())].filter((address) => address !== null);
      if (asked.length === 0) return new Map();
      const { reading, toRecords } = await readingOf(context, withEmails(select));
      const found = await search(context, asked, reading);
      const natives = [...new Set([...found.values()].flatMap((one) => one.natives))];
      const records = await toRecords(natives);
      const recordOf = new Map(natives.map((native, index) => [native, records[index]!]));
      const matches = new Map<string, EmailMatches<Resource>>();
      for (const [address, key] of normal) {
        const own = key === null ? undefined : found.get(key);
        if (own) matches.set(address, { ...own, records: own.natives.map((native) => recordOf.get(native)!) });
      }
      return matches;
    },
    keysOf(record) {
      if (record.failures?.["emails"]) throw record.failures["emails"];
      return keysIn(record.raw);
    },
  };
}

function halves(addresses: readonly string[]): string[][] {
  return chunks(addresses, Math.ceil(addresses.length / 2));
}

function mapped(
  found: ReadonlyMap<string, readonly NativeRecord[]>,
  addresses: readonly string[],
  hasMore: boolean,
): Map<string, Found> {
  return new Map(
    addresses.flatMap((address) => {
      const natives = found.get(address) ?? [];
      if (natives.length === 0 && !hasMore) return [];
      return [[address, { natives: natives.slice(0, MATCHES_MAX), hasMore: hasMore || natives.length > MATCHES_MAX }]];
    }),
  );
}
