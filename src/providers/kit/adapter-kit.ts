import { CrmError, invalidInput } from "../../errors/crm-error.js";
import type { ErrorCode } from "../../errors/catalogue.js";
import { EVERY_COLUMN, OverColumns, type Columns } from "../contract/columns.js";
import type { AnyFieldMap } from "../contract/field-map.js";
import type { MeetingInput } from "../contract/input.js";
import type { ResourceName } from "../contract/model.js";
import { unexpectedAnswer } from "./answer.js";
import { withUnifiedNames } from "../mapping/write-record.js";

/** Functions that adapters share: absent records, pages, chunks, errors of writes, filters and orders. */

const NOT_FOUND: Record<ResourceName, ErrorCode> = {
  contact: "CONTACT_NOT_FOUND",
  lead: "LEAD_NOT_FOUND",
  meeting: "MEETING_NOT_FOUND",
};

/** A UUID in lower case, the form in which most servers write ids. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The form in which crmesh sends and compares ids: a UUID in capitals is the same id. The case of other ids counts. */
export function canonicalId(id: string): string {
  return UUID.test(id) ? id.toLowerCase() : id;
}

export function notFound(resource: ResourceName): CrmError {
  return new CrmError(NOT_FOUND[resource]);
}

/** Whether the error means that the CRM does not have the record. */
export function isUpstreamNotFound(error: unknown): error is CrmError {
  return error instanceof CrmError && error.recordMissing;
}

/** Runs a read. Resolves to null if the CRM answers that the record does not exist. */
export async function absentIfNotFound<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (isUpstreamNotFound(error)) return null;
    throw error;
  }
}

/** Runs a call whose failure must not fail what other calls have read: resolves to the error in place of the result. */
export async function orFailure<Result>(run: () => Promise<Result>): Promise<Result | CrmError> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
}

/**
 * Reads all pages of a list.
 * @throws CrmError PROVIDER_ERROR if a page goes on where an earlier one did, because the list would never end
 */
export async function allPages<Item>(
  page: (cursor: string | null) => Promise<{ records: readonly Item[]; next: string | null }>,
): Promise<Item[]> {
  const all: Item[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const { records, next } = await page(cursor);
    all.push(...records);
    if (next !== null && seen.has(next)) throw unexpectedAnswer("The CRM’s list goes on from the same place again.");
    if (next !== null) seen.add(next);
    cursor = next;
  } while (cursor !== null);
  return all;
}

export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size);
  return starts.map((start) => items.slice(start, start + size));
}

/** Reads items in chunks, all chunks at the same time, and joins the results. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  size: number,
  read: (chunk: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  return (await Promise.all(chunks(items, size).map(read))).flat();
}

/** Whether a write has a list of a meeting's people. An update does not change a list that it omits. */
export function touchesPeople({ contactIds, leadIds }: Pick<MeetingInput, "contactIds" | "leadIds">): boolean {
  return contactIds !== undefined || leadIds !== undefined;
}

/**
 * Runs a write and translates the CRM's errors: native names become names of inputs, and a missing record becomes the
 * resource's NOT_FOUND.
 */
export async function writing<Result>(map: AnyFieldMap, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (isUpstreamNotFound(error)) throw notFound(map.resource);
    throw withUnifiedNames(map, error);
  }
}

/**
 * Runs the calls after the first call of a write. If they fail, the error has the outcome PARTIAL.
 * @param detail replaces the error's own detail
 */
export async function afterwards(run: () => Promise<unknown> | undefined, detail?: string): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const said = detail === undefined ? {} : { detail };
    throw new CrmError(error.code, { ...error.details, ...said, outcome: "PARTIAL" });
  }
}

/**
 * Returns the native conditions of a filter, in the order of its names.
 * @throws CrmError INVALID_INPUT naming every filter that the CRM cannot apply, or of which the account has no column
 */
export function filterConditions<Condition>(
  map: AnyFieldMap,
  filter: object,
  account: Columns = EVERY_COLUMN,
): Condition[] {
  const errors: Record<string, string> = {};
  const conditions: Condition[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined || value === null) continue;
    const condition = map.filters[name]?.(value as never);
    if (condition instanceof OverColumns) {
      const columns = condition.columns.filter((column) => account.has(column));
      if (columns.length > 0) conditions.push(condition.over(columns) as Condition);
      else errors[`filter.${name}`] = absentColumns(map, condition.columns);
    } else if (condition !== undefined) conditions.push(condition as Condition);
    else
      errors[`filter.${name}`] =
        `${map.providerName} cannot filter ${map.resource}s by ${name}. Use one of: ${Object.keys(map.filters).join(", ")}.`;
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
  return conditions;
}

const absentColumns = ({ providerName, resource }: AnyFieldMap, columns: readonly string[]) =>
  `This ${providerName} account has no ${columns.join(", ")} of a ${resource}, or the connected user may not read it.`;

/**
 * Returns the native field of an order.
 * @throws CrmError INVALID_INPUT if the CRM cannot order by it, or the account does not have the field
 */
export function orderField(map: AnyFieldMap, field: string, account: Columns = EVERY_COLUMN): string {
  const native = map.orders[field];
  if (native !== undefined && account.has(native)) return native;
  if (native !== undefined) throw invalidInput({ orderBy: absentColumns(map, [native]) });
  throw invalidInput({
    orderBy: `${map.providerName} cannot order ${map.resource}s by ${field}. Use one of: ${Object.keys(map.orders).join(", ")}.`,
  });
}
