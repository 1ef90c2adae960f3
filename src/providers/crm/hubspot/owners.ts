import type { Provider, ProviderContext } from "../../contract/contract.js";
import type { Owner } from "../../contract/model.js";
import { getDecoded, getDecodedIfThere } from "../../kit/rest.js";
import { joinName } from "../../mapping/name-fields.js";
import { PATHS } from "./api-versions.js";
import { ownerAnswer, ownerPage, type OwnerAnswer } from "./answers.js";

/**
 * Maximum number of owners in a page. In accounts with more owners, crmesh reads the owners beyond the first page one
 * by one.
 */
const PAGE_MAX = 100;

/**
 * Source: developers.hubspot.com, "Owners". HubSpot has no batch read of owners, so crmesh looks in the first page of
 * the list before it reads single owners.
 */
async function loadOwners(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, Owner>> {
  const first = await context.memo("owners", (shared) =>
    getDecoded(shared, PATHS.owners, { limit: PAGE_MAX }, ownerPage),
  );
  const owners = new Map(first.results.map((answer) => [answer.id, ownerFrom(answer)]));
  const missing = ids.filter((id) => /^\d+$/.test(id) && !owners.has(id));
  for (const owner of await Promise.all(missing.map((id) => loadOwner(context, id))))
    if (owner) owners.set(owner.id, owner);
  return owners;
}

/** Also reads archived owners: HubSpot archives users who left, and records still refer to them. */
async function loadOwner(context: ProviderContext, id: string): Promise<Owner | null> {
  for (const archived of ["false", "true"]) {
    const query = { idProperty: "id", archived };
    const found = await getDecodedIfThere(context, `${PATHS.owners}/${id}`, query, ownerAnswer);
    if (found) return ownerFrom(found);
  }
  return null;
}

function ownerFrom({ id, email, firstName, lastName }: OwnerAnswer): Owner {
  return { id, name: joinName(firstName, lastName), email: email ?? null };
}

export const owners: Provider["owners"] = { batchSize: 1_000, load: loadOwners };
