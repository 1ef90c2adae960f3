import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { Domain } from "./query.js";
import { callMethod } from "./api.js";

export interface OdooRecord extends NativeRecord {
  id: number;
}

export interface SearchOptions {
  fields: readonly string[];
  order?: string;
  offset?: number;
  limit?: number;
}

/**
 * The records that a domain matches. Archived ones are among them, also inside relations: where they are not wanted,
 * the domain says so. `read` is never used: versions differ in what it makes of a missing id.
 */
export function searchRead(
  context: ProviderContext,
  model: string,
  domain: Domain,
  options: SearchOptions,
): Promise<OdooRecord[]> {
  return callMethod<OdooRecord[]>(
    context,
    {
      model,
      method: "search_read",
      args: [],
      kwargs: { domain, ...options, context: { active_test: false } },
    },
    true,
  );
}

export async function existingIds(
  context: ProviderContext,
  model: string,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const found = await searchRead(context, model, [["id", "in", ids]], { fields: ["id"] });
  return new Set(found.map(({ id }) => id));
}
