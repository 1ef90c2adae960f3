import type { Provider, ProviderContext } from "../../contract/contract.js";
import type { Owner } from "../../contract/model.js";
import { getDecoded, getDecodedIfThere } from "../../kit/rest.js";
import { joinName } from "../../mapping/name-fields.js";
import { PATHS } from "./api-versions.js";
import { ownerAnswer, ownerPage, type OwnerAnswer } from "./answers.js";

const PAGE_MAX = 100;
/** The most pages of a directory. Owners beyond them are read one by one. */
const PAGES_MAX = 20;

/** The names of the memos of the two directories. */
export const OWNERS = "owners";
export const ARCHIVED_OWNERS = "archived owners";

type Owners = ReadonlyMap<string, Owner>;

/**
 * Source: developers.hubspot.com, "Owners". HubSpot has no batch read of owners, so crmesh reads the directories and keeps
 * them. It looks among archived owners last: HubSpot archives users who left, and records still refer to them.
 */
async function loadOwners(context: ProviderContext, ids: readonly string[]): Promise<Owners> {
  const wanted = ids.filter((id) => /^\d+$/.test(id));
  const owners = new Map<string, Owner>();
  const missing = () => wanted.filter((id) => !owners.has(id));
  for (const [memo, archived] of [
    [OWNERS, "false"],
    [ARCHIVED_OWNERS, "true"],
  ] as const) {
    if (missing().length === 0) break;
    const directory = await context.memo(memo, (shared) => directoryOf(shared, archived));
    for (const id of missing()) if (directory.has(id)) owners.set(id, directory.get(id)!);
  }
  // New ones, and those beyond the directories. What HubSpot does not know is remembered, too.
  const others = await Promise.all(
    missing().map((id) => context.memo(`owner ${id}`, (shared) => readOwner(shared, id))),
  );
  for (const owner of others) if (owner) owners.set(owner.id, owner);
  return owners;
}

async function directoryOf(context: ProviderContext, archived: string): Promise<Owners> {
  const owners = new Map<string, Owner>();
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { limit: PAGE_MAX, archived, after };
    const { results, paging } = await getDecoded(context, PATHS.owners, query, ownerPage);
    for (const answer of results) owners.set(answer.id, ownerFrom(answer));
    const next = paging?.next?.after;
    if (next === undefined || next === after) break;
    after = next;
  }
  return owners;
}

async function readOwner(context: ProviderContext, id: string): Promise<Owner | null> {
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
