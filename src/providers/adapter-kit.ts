import { CrmError, invalidInput } from "../errors/crm-error.js";
import type { ErrorCode } from "../errors/catalogue.js";
import type { AnyFieldMap } from "./field-map.js";
import type { ResourceName } from "./model.js";
import { withUnifiedNames } from "./write-record.js";

/** The parts that adapters share and that are not a matter of fields. */

const NOT_FOUND: Record<ResourceName, ErrorCode> = {
  contact: "CONTACT_NOT_FOUND",
  lead: "LEAD_NOT_FOUND",
  meeting: "MEETING_NOT_FOUND",
};

export function notFound(resource: ResourceName): CrmError {
  return new CrmError(NOT_FOUND[resource]);
}

/** Whether the CRM answered that there is no such thing. */
export function isUpstreamNotFound(error: unknown): error is CrmError {
  return error instanceof CrmError && error.code === "PROVIDER_ERROR" && error.details.upstream?.status === 404;
}

/** Runs a write and turns what the CRM says against it into the caller's terms: unified names, the resource's NOT_FOUND. */
export async function writing<Result>(
  map: AnyFieldMap,
  run: () => Promise<Result>,
  isMissing: (error: unknown) => boolean = isUpstreamNotFound,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (isMissing(error)) throw notFound(map.resource);
    throw withUnifiedNames(map, error);
  }
}

/** Runs what follows the first call of a write: when it fails, the write is half done, and the error says so. */
export async function afterwards(run: () => Promise<void> | undefined): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw error instanceof CrmError ? new CrmError(error.code, { ...error.details, outcome: "PARTIAL" }) : error;
  }
}

/**
 * The native conditions of a filter, in the order of its names.
 * @throws CrmError INVALID_INPUT naming every filter that the CRM cannot apply
 */
export function filterConditions<Condition>(map: AnyFieldMap, filter: object): Condition[] {
  const errors: Record<string, string> = {};
  const conditions: Condition[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined || value === null) continue;
    const condition = map.filters[name];
    if (condition) conditions.push(condition(value as never) as Condition);
    else
      errors[`filter.${name}`] =
        `${map.providerName} cannot filter ${map.resource}s by ${name}; it can by ${Object.keys(map.filters).join(", ")}.`;
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
  return conditions;
}

/**
 * The native field of an order.
 * @throws CrmError INVALID_INPUT where the CRM cannot order by it
 */
export function orderField(map: AnyFieldMap, field: string): string {
  const native = map.orders[field];
  if (native !== undefined) return native;
  throw invalidInput({
    orderBy: `${map.providerName} cannot order ${map.resource}s by ${field}; it can by ${Object.keys(map.orders).join(", ")}.`,
  });
}
