import type { OperationContext } from "./context.js";
import type { GlobalId } from "./global-id.js";

/** Global ids of one kind and connection. */
export interface NamedRecords extends Pick<GlobalId, "kind" | "connectionId"> {
  nativeIds: string[];
  /** Their places in the list of ids. */
  places: number[];
}

/** Groups global ids by kind and connection. `others` are the places of all other ids. */
export function namedRecords(
  context: Pick<OperationContext, "globalId">,
  ids: readonly unknown[],
): { groups: NamedRecords[]; others: number[] } {
  const groups = new Map<string, NamedRecords>();
  const others: number[] = [];
  for (const [place, id] of ids.entries()) {
    const decoded = typeof id === "string" ? context.globalId(id) : null;
    if (!decoded) {
      others.push(place);
      continue;
    }
    const { kind, connectionId, nativeId } = decoded;
    const key = `${kind} ${connectionId}`;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { kind, connectionId, nativeIds: [], places: [] }));
    group.nativeIds.push(nativeId);
    group.places.push(place);
  }
  return { groups: [...groups.values()], others };
}
