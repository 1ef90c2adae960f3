import { readText } from "../../mapping/json-dialect.js";
import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { Reading } from "../../kit/resource-rules.js";
import type { HubSpotObject } from "./answers.js";
import { idOf, readObject, searchObjects } from "./api.js";
import { OBJECT_TYPES } from "./dialect.js";

/** Up to this many ids that a batch did not answer are read one by one. More of them are searched for, so that a batch keeps its price. */
export const SINGLE_READS_MAX = 1;

/** The ids that were merged into a contact. */
const MERGED_IDS = "hs_merged_object_ids";

/** A contact by the id that it was asked for by. */
export type MergedContact = readonly [asked: string, contact: HubSpotObject];

/**
 * Finds contacts by the ids that they had before they were merged with others. HubSpot answers such an id alone, and
 * leaves it out of a batch. Source: developers.hubspot.com, "Contacts" and the changelog on merges.
 */
export async function mergedContacts(
  context: ProviderContext,
  ids: readonly string[],
  reading: Reading,
): Promise<MergedContact[]> {
  if (ids.length === 0) return [];
  if (ids.length > SINGLE_READS_MAX) return searchedContacts(context, ids, reading);
  const found = await Promise.all(ids.map((id) => readObject(context, OBJECT_TYPES.contact, id, reading)));
  return found.flatMap((contact, index) => (contact ? [[ids[index]!, contact] as const] : []));
}

async function searchedContacts(context: ProviderContext, ids: readonly string[], reading: Reading) {
  const filters = [{ propertyName: MERGED_IDS, operator: "IN", values: ids }];
  const search = { filterGroups: [{ filters }], limit: ids.length };
  const properties = [...new Set([...reading.fields, MERGED_IDS])];
  const { results } = await searchObjects(context, OBJECT_TYPES.contact, search, properties).catch(noneIfRefused);
  const asked = new Set(ids);
  return results.flatMap((contact) => {
    const former = (readText(contact.properties[MERGED_IDS]) ?? "").split(";");
    return former.filter((id) => asked.has(id) && id !== idOf(contact)).map((id) => [id, { ...contact }] as const);
  });
}

/** That HubSpot searches by these ids is not documented. If it refuses, the ids are those of no contact, as in the batch. */
function noneIfRefused(error: unknown): { results: HubSpotObject[] } {
  if (error instanceof CrmError && error.details.upstream?.status === 400) return { results: [] };
  throw error;
}
