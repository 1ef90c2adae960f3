import type { Provider, ProviderContext } from "../../contract/contract.js";
import type { Owner } from "../../contract/model.js";
import { getBody, getIfThere } from "../../kit/rest.js";
import { joinName } from "../../mapping/name-fields.js";

interface OwnerAnswer {
  id: string;
  email?: string | null;
  firstName?: string | null;
  lastName?: string | null;
}

/** The owners of one page. In accounts with more owners, the missing ones are read one by one. */
const PAGE_MAX = 100;

/** Source: developers.hubspot.com, "Owners". There is no batch read, so the first page is tried as one. */
async function loadOwners(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, Owner>> {
  const first = await context.memo("owners", async (shared) => {
    const body = await getBody(shared, "/crm/v3/owners", { limit: PAGE_MAX });
    return (body as { results: OwnerAnswer[] }).results;
  });
  const owners = new Map(first.map((answer) => [String(answer.id), ownerFrom(answer)]));
  const missing = ids.filter((id) => /^\d+$/.test(id) && !owners.has(id));
  for (const owner of await Promise.all(missing.map((id) => loadOwner(context, id))))
    if (owner) owners.set(owner.id, owner);
  return owners;
}

/** People who left are archived, yet their records still name them. */
async function loadOwner(context: ProviderContext, id: string): Promise<Owner | null> {
  for (const archived of ["false", "true"]) {
    const found = await getIfThere(context, `/crm/v3/owners/${id}`, { idProperty: "id", archived });
    if (found) return ownerFrom(found as OwnerAnswer);
  }
  return null;
}

function ownerFrom({ id, email, firstName, lastName }: OwnerAnswer): Owner {
  return { id: String(id), name: joinName(firstName, lastName), email: email ?? null };
}

export const owners: Provider["owners"] = { batchSize: 1_000, load: loadOwners };
