import type { Provider, ProviderContext } from "../contract/contract.js";
import type { Owner } from "../contract/model.js";
import { notingKnown } from "./known-definitions.js";
import { readText } from "../mapping/json-dialect.js";
import type { ExistingIds } from "./resource-rules.js";

/** Maximum number of owners in one batch. They are found in memory. */
const BATCH_MAX = 1_000;

/**
 * The number of users that costs take for granted. A list of more users takes more pages, which are loads of a definition:
 * they are never refused for their price.
 */
export const USERS_ASSUMED = 100;

/** Builds an owner from the members of a CRM's user. */
export function ownerOf(id: unknown, name: unknown, email: unknown): Owner {
  return { id: String(id), name: readText(name), email: readText(email) };
}

/**
 * Loads owners for a CRM that lists all its users. The list is read once and cached for some minutes.
 * @param definition a definition that `list` itself loads
 */
export function ownerDirectory(
  list: (context: ProviderContext) => Promise<readonly Owner[]>,
  definition = "owners",
): Provider["owners"] & { existing: ExistingIds } {
  async function load(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<string, Owner>> {
    if (ids.length === 0) return new Map();
    const { context: noting, known } = notingKnown(context);
    const found = among(await noting.memo("owners", list), ids);
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) return found;
    // A user may be new. An id that was looked for in vain is not looked for again while its miss is kept.
    const misses = await context.memo("owners missed", () => Promise.resolve(new Set<string>()));
    const isNew = missing.some((id) => !misses.has(id));
    for (const id of missing) misses.add(id);
    if (!isNew || known.size === 0) return found;
    context.forget("owners");
    context.forget(definition);
    return among(await context.memo("owners", list), ids);
  }

  function among(everyone: readonly Owner[], ids: readonly string[]): Map<string, Owner> {
    const wanted = new Set(ids);
    return new Map(everyone.filter(({ id }) => wanted.has(id)).map((owner) => [owner.id, owner]));
  }

  return { batchSize: BATCH_MAX, load, existing: async (context, ids) => new Set((await load(context, ids)).keys()) };
}
