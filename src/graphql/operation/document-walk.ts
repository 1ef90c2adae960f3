import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/** A field as graphql-js executes it: all selections of the field at one place of the answer, merged. */
export interface MergedField {
  /** The first of the merged selections. */
  readonly node: FieldNode;
  /** The type condition of the fragment that selects the field. Null if the selection set itself selects the field. */
  readonly condition: string | null;
  readonly selectionSets: readonly SelectionSetNode[];
}

export interface WalkOptions<Place> {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether a selection is part of the operation. `@include` and `@skip` can exclude it. */
  isIncluded(selection: SelectionNode): boolean;
  /** Selections with the same key at one place of the answer are the same field. */
  keyOf(field: FieldNode, condition: string | null): string;
  /** Called for each fragment that is opened. */
  onFragment?(name: string): void;
  /** Called once for each merged field. @returns the place of the fields below; null to skip the fields below */
  enter(field: MergedField, place: Place, level: number): Place | null;
  /** Counts the steps of the walk. Absent if the steps of the same document were already counted. */
  visits?: VisitCounter;
}

/** Counts steps through a document, and ends the walk if they exceed the bound. */
export class VisitCounter {
  count = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws TooManyVisitsError */
  add(steps: number): void {
    this.count += steps;
    if (this.count > this.#limit) throw new TooManyVisitsError();
  }
}

export class TooManyVisitsError extends Error {
  override readonly name = "TooManyVisitsError";
}

interface Group<Place> {
  selectionSets: readonly SelectionSetNode[];
  place: Place;
}

/**
 * Walks through a selection set level by level. Like graphql-js when it executes, it opens a fragment once at each place of
 * the answer, however often the fragment is spread there. Each selection counts as a step, and so does each pair of
 * selections with the same key, because graphql-js compares such pairs when it validates.
 *
 * The walk is not recursive, so a deep document cannot overflow the stack.
 *
 * @throws TooManyVisitsError
 */
export function walkSelections<Place>(root: SelectionSetNode, place: Place, options: WalkOptions<Place>): void {
  let groups: Group<Place>[] = [{ selectionSets: [root], place }];
  for (let level = 1; groups.length > 0; level += 1) {
    const below: Group<Place>[] = [];
    for (const group of groups) {
      for (const field of mergedFields(group.selectionSets, options)) {
        const next = options.enter(field, group.place, level);
        if (next !== null && field.selectionSets.length > 0) {
          below.push({ selectionSets: field.selectionSets, place: next });
        }
      }
    }
    groups = below;
  }
}

interface Merging {
  node: FieldNode;
  condition: string | null;
  selectionSets: SelectionSetNode[];
  selections: number;
}

function mergedFields<Place>(
  selectionSets: readonly SelectionSetNode[],
  options: WalkOptions<Place>,
): Iterable<MergedField> {
  const { fragments, visits } = options;
  const merged = new Map<string, Merging>();
  const openedFragments = new Set<string>();
  const open = selectionSets.map(({ selections }) => ({ selections, condition: null as string | null }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { selections, condition } = next;
    for (const selection of selections) {
      visits?.add(1);
      if (!options.isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = options.keyOf(selection, condition);
        const field = merged.get(key);
        if (field) {
          visits?.add(field.selections);
          field.selections += 1;
          if (selection.selectionSet) field.selectionSets.push(selection.selectionSet);
        } else {
          const own = selection.selectionSet ? [selection.selectionSet] : [];
          merged.set(key, { node: selection, condition, selectionSets: own, selections: 1 });
        }
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        open.push({
          selections: selection.selectionSet.selections,
          condition: selection.typeCondition?.name.value ?? condition,
        });
      } else if (!openedFragments.has(selection.name.value)) {
        openedFragments.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (!fragment) continue;
        options.onFragment?.(selection.name.value);
        open.push({
          selections: fragment.selectionSet.selections,
          condition: fragment.typeCondition.name.value,
        });
      }
    }
  }
  return merged.values();
}

export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return fragments;
}
