import type { ProviderContext } from "../contract/contract.js";

/**
 * A context that notes which definitions were known already, and not loaded for it. What they lack may have been added at
 * the CRM since.
 */
export function notingKnown(context: ProviderContext): { context: ProviderContext; known: ReadonlySet<string> } {
  const known = new Set<string>();
  return {
    known,
    context: {
      ...context,
      async memo(key, load) {
        let isLoaded = false;
        const value = await context.memo(key, (shared) => {
          isLoaded = true;
          return load(shared);
        });
        if (!isLoaded) known.add(key);
        return value;
      },
    },
  };
}
