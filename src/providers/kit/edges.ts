import type { EdgeIds, EdgeLoader, ProviderContext, ResourceAdapter } from "../contract/contract.js";
import type { EdgeName, ResourceName } from "../contract/model.js";
import { canonicalId } from "./adapter-kit.js";

/** The ids at the two ends of an edge. */
export type EdgePair = readonly [from: string, to: string];

/** An edge whose ids are part of the record. */
export function ownEdge<Resource extends ResourceName>(
  { get, batchSize }: Pick<ResourceAdapter<Resource>, "get" | "batchSize">,
  edge: EdgeName<Resource>,
): EdgeLoader {
  const select = new Set([edge]);
  return {
    batchSize: batchSize(select),
    async load(context, nativeIds) {
      const records = await get(context, nativeIds, select);
      return new Map(
        [...records].map(([id, { links, failures }]) => {
          if (failures?.[edge]) throw failures[edge];
          return [id, { ids: links[edge] ?? [], complete: true }];
        }),
      );
    },
  };
}

interface PairRules {
  /** Maximum number of records whose edges one call reads. */
  batchSize: number;
  isId: (text: string) => boolean;
}

/**
 * An edge that is read for several records at once.
 * @param load reads the edges of these records, at least one; the result omits edges of other records
 */
export function edgesOfMany(
  { batchSize, isId }: PairRules,
  load: (context: ProviderContext, ids: readonly string[]) => Promise<readonly EdgePair[]>,
): EdgeLoader {
  return {
    batchSize,
    async load(context, nativeIds) {
      const ids = new Set(nativeIds.map(canonicalId).filter((id) => isId(id)));
      const pairs = ids.size === 0 ? [] : await load(context, [...ids]);
      const edges = edgesFrom(pairs.map(([from, to]) => [canonicalId(from), to]));
      return new Map(
        nativeIds.flatMap((id) => {
          const own = edges.get(canonicalId(id));
          return own ? [[id, own] as const] : [];
        }),
      );
    },
  };
}

/** An edge that takes separate calls for each record. */
export function edgesOfEach(
  isId: (text: string) => boolean,
  load: (context: ProviderContext, id: string) => Promise<EdgeIds>,
): EdgeLoader {
  return {
    batchSize: 1,
    async load(context, nativeIds) {
      const ids = nativeIds.filter(isId);
      const found = await Promise.all(ids.map((id) => load(context, canonicalId(id))));
      return new Map(ids.map((id, index) => [id, found[index]!]));
    },
  };
}

/** Groups pairs of ids into the edges of each record. */
export function edgesFrom(pairs: Iterable<EdgePair>): Map<string, EdgeIds> {
  const byRecord = Map.groupBy(pairs, ([from]) => from);
  return new Map(
    [...byRecord].map(([id, own]) => [id, { ids: [...new Set(own.map(([, to]) => to))], complete: true }]),
  );
}
