import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { Reading } from "../../kit/resource-rules.js";
import { readText } from "../../mapping/json-dialect.js";
import type { HubSpotObject } from "./answers.js";
import { idOf, readObject, searchObjects } from "./api.js";
import { OBJECT_TYPES } from "./dialect.js";

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
  const [first, ...others] = ids;
  if (first === undefined) return [];
  // As many calls as one id takes, so that a batch keeps its price.
  if (others.length > 0) return searchedContacts(context, ids, reading);
  const contact = await readObject(context, OBJECT_TYPES.contact, first, reading);
  return contact ? [[first, contact]] : [];
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
