import { Kind, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from "graphql";

/** The most fields of all answers that are resolved in one turn of the event loop: about 10 to 20 ms of work. */
const FIELDS_PER_TURN = 10_000;

/** Lists with fewer fields do not wait. Their fields were counted with the item of the surrounding list. */
const SHORT_LIST_FIELDS = 500;

interface Waiting {
  fields: number;
  go: () => void;
}

/** The queue of list parts that wait for a turn, oldest first. */
const waiting: Waiting[] = [];
let fieldsInThisTurn = 0;
let isNextTurnScheduled = false;

/**
 * Reserves room in the current turn of the event loop.
 * @returns a promise to wait for if this turn has no more room, else undefined
 */
function roomFor(fields: number): Promise<void> | undefined {
  scheduleNextTurn();
  const fits = fieldsInThisTurn === 0 || fieldsInThisTurn + fields <= FIELDS_PER_TURN;
  if (!fits || waiting.length > 0) return new Promise((resolve) => waiting.push({ fields, go: resolve }));
  fieldsInThisTurn += fields;
  return undefined;
}

function scheduleNextTurn(): void {
  if (isNextTurnScheduled) return;
  isNextTurnScheduled = true;
  setImmediate(() => {
    isNextTurnScheduled = false;
    fieldsInThisTurn = 0;
    while (waiting.length > 0 && fieldsInThisTurn < FIELDS_PER_TURN) {
      const { fields, go } = waiting.shift()!;
      fieldsInThisTurn += fields;
      go();
    }
    if (fieldsInThisTurn > 0) scheduleNextTurn();
  });
}

/** Runs a function after all promise jobs, as DataLoader does by default. */
function afterPromiseJobs(run: () => void): void {
  void Promise.resolve().then(() => process.nextTick(run));
}

/** The parts of lists of one operation that wait for a turn. */
export class PendingTurns {
  #pending = 0;
  #postponed: (() => void)[] = [];

  /** Call this for each part of a list that has to wait. */
  wait(turn: Promise<void>): void {
    this.#pending += 1;
    void turn.then(() => {
      this.#pending -= 1;
      if (this.#pending > 0) return;
      for (const run of this.#postponed.splice(0)) run();
    });
  }

  /**
   * Runs a batch of loads once no part of a list waits. What the parts load then shares batches, however many turns they
   * took: under load, an operation makes no more calls than its price.
   */
  readonly schedule = (dispatch: () => void): void => {
    const attempt = (): void => {
      if (this.#pending === 0) dispatch();
      else this.#postponed.push(() => afterPromiseJobs(attempt));
    };
    afterPromiseJobs(attempt);
  };
}

/**
 * Spreads the items of lists over several turns of the event loop. graphql-js resolves values that are already there without
 * a pause, and all other requests would wait for that.
 *
 * @param fieldsPerItem number of fields that are resolved for one item
 * @param pending learns of the parts that have to wait
 */
export function inTurns(items: readonly unknown[], fieldsPerItem: number, pending?: PendingTurns): readonly unknown[] {
  const perItem = Math.max(1, fieldsPerItem);
  if (items.length * perItem < SHORT_LIST_FIELDS) return items;
  const itemsPerTurn = Math.max(1, Math.floor(FIELDS_PER_TURN / perItem));
  let isLater = false;
  const spread: unknown[] = [];
  for (let start = 0; start < items.length; start += itemsPerTurn) {
    const slice = items.slice(start, start + itemsPerTurn);
    const turn = roomFor(slice.length * perItem);
    if (turn) {
      isLater = true;
      pending?.wait(turn);
    }
    // An item can be a promise that fails before its turn. Promise.all handles the failure.
    spread.push(...(turn ? slice.map((item) => Promise.all([item, turn]).then(([resolved]) => resolved)) : slice));
  }
  return isLater ? spread : items;
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

const sizes = new WeakMap<SelectionSetNode, number>();

/** Counts the fields that a document selects below a field. A list counts as one item. */
export function fieldsBelow({ selectionSet }: FieldNode, fragments: Fragments): number {
  return selectionSet ? sizeOf(selectionSet, fragments) : 0;
}

function sizeOf(selectionSet: SelectionSetNode, fragments: Fragments): number {
  const known = sizes.get(selectionSet);
  if (known !== undefined) return known;
  // Valid documents have no fragment cycles. The bound of the depth limits this recursion.
  let size = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) size += 1 + fieldsBelow(selection, fragments);
    else if (selection.kind === Kind.INLINE_FRAGMENT) size += sizeOf(selection.selectionSet, fragments);
    else size += sizeOf(fragments[selection.name.value]!.selectionSet, fragments);
  }
  sizes.set(selectionSet, size);
  return size;
}
