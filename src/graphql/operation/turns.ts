import { setImmediate as nextTurn } from "node:timers/promises";
import type { FieldNode, FragmentDefinitionNode, SelectionSetNode } from "graphql";
import { Kind } from "graphql";

/** Fields of an answer that are resolved before others get the processor: some 10 ms of work. */
const FIELDS_PER_TURN = 5_000;

/** The last turn that somebody waits for. Operations take turns in the order in which they ask for them. */
let lastTurn: Promise<unknown> = Promise.resolve();

function turn(): Promise<unknown> {
  return (lastTurn = lastTurn.then(() => nextTurn()));
}

/**
 * Spreads the items of a long list over several turns of the event loop, because graphql-js resolves all that is there
 * without a pause, and everybody else waits meanwhile.
 *
 * @param fieldsPerItem fields that are resolved for one item
 */
export function inTurns(items: readonly unknown[], fieldsPerItem: number): readonly unknown[] {
  const itemsPerTurn = Math.max(1, Math.floor(FIELDS_PER_TURN / Math.max(1, fieldsPerItem)));
  if (items.length <= itemsPerTurn) return items;
  const turns = Array.from({ length: Math.ceil(items.length / itemsPerTurn) - 1 }, turn);
  return items.map((item, index) => {
    const later = turns[Math.floor(index / itemsPerTurn) - 1];
    // The item may be a promise that fails before its turn, so it is waited for from now on.
    return later === undefined ? item : Promise.all([item, later]).then(([resolved]) => resolved);
  });
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

const sizes = new WeakMap<SelectionSetNode, number>();

/** How many fields a document selects below a field; a list among them counts as if it had one item. */
export function fieldsBelow({ selectionSet }: FieldNode, fragments: Fragments): number {
  return selectionSet ? sizeOf(selectionSet, fragments) : 0;
}

function sizeOf(selectionSet: SelectionSetNode, fragments: Fragments): number {
  const known = sizes.get(selectionSet);
  if (known !== undefined) return known;
  // Valid documents have no circles of fragments; the bound of their depth bounds this recursion.
  let size = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) size += 1 + fieldsBelow(selection, fragments);
    else if (selection.kind === Kind.INLINE_FRAGMENT) size += sizeOf(selection.selectionSet, fragments);
    else size += sizeOf(fragments[selection.name.value]!.selectionSet, fragments);
  }
  sizes.set(selectionSet, size);
  return size;
}
