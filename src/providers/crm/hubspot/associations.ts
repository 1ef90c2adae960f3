import type { ProviderContext } from "../../contract/contract.js";
import { associationBatch } from "./answers.js";
import { PATHS } from "./api-versions.js";

/** HubSpot reads the associations of at most this many records in one call. */
export const ASSOCIATIONS_BATCH = 1_000;

/**
 * Reads the associations of records, up to 500 of a record. Records without any are left out.
 * @param types HubSpot's plural names of both object types
 */
export async function associationsOf(
  context: ProviderContext,
  [from, to]: readonly [from: string, to: string],
  inputs: readonly { id: string; after?: string }[],
) {
  const path = `${PATHS.associations}/${from}/${to}/batch/read`;
  const { body } = await context.send({ method: "POST", path, json: { inputs }, safe: true });
  return body.decode(associationBatch).results;
}
