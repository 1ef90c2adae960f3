import type { Cost } from "../../../providers/contract/cost.js";
import type { PlannedField } from "../plan.js";

/** People who are selected of records. They cost calls at all connections of the end user. */
export interface PeopleNeed {
  /** The most people. */
  count: number;
  /** The number of moments at which they are asked for: see `BatchedLoad`. */
  moments: number;
  /** The planned fields below them. */
  fields: readonly PlannedField[];
  path: string;
  /** Whether leads are looked up if nobody is found among the contacts. */
  mayBeLeads: boolean;
}

/** The cost of a part of an operation at one connection. */
export interface Tally {
  /** Upstream calls, without those that load definitions. */
  calls: number;
  /** Names of the definitions that may be loaded. */
  readonly definitions: Set<string>;
  /** Path of a field → what its price takes for granted. */
  readonly assumptions: Map<string, string>;
  readonly people: PeopleNeed[];
}

export const newTally = (): Tally => ({ calls: 0, definitions: new Set(), assumptions: new Map(), people: [] });

/** Adds what is known of a cost except its calls. */
export function noteTerms(tally: Tally, { definitions, assumption }: Cost, path: string): void {
  for (const name of definitions ?? []) tally.definitions.add(name);
  if (assumption !== undefined) tally.assumptions.set(path, assumption);
}

export function addCost(tally: Tally, cost: Cost, path: string): void {
  tally.calls += cost.calls;
  noteTerms(tally, cost, path);
}

export function addTally(tally: Tally, { calls, definitions, assumptions, people }: Tally): void {
  tally.calls += calls;
  for (const name of definitions) tally.definitions.add(name);
  for (const [path, text] of assumptions) tally.assumptions.set(path, text);
  tally.people.push(...people);
}

/** Things that are loaded in batches. */
export interface BatchedLoad {
  /** The number of things to load. */
  count: number;
  /**
   * The number of moments at which they are asked for. Things that are asked for at the same moment share batches; each
   * answer of an earlier batch is a moment of its own.
   */
  moments: number;
  batchSize: number;
  /** The cost of one batch of this number of things. */
  cost: (count: number) => Cost;
  path: string;
}

/**
 * Adds the most that a load can cost, however its things are spread over the moments.
 * @returns the most batches, which are the moments of what the load brings
 */
export function addLoad(tally: Tally, { count, moments, batchSize, cost, path }: BatchedLoad): number {
  if (count === 0) return 0;
  const size = Math.max(1, batchSize);
  const spread = Math.max(1, Math.min(moments, count));
  tally.calls += spread === 1 ? callsAtOnce(count, size, cost) : callsOverMoments(count, spread, size, cost);
  noteTerms(tally, cost(Math.min(count, size)), path);
  return spread + Math.floor((count - spread) / size);
}

function callsAtOnce(count: number, size: number, cost: BatchedLoad["cost"]): number {
  const [full, rest] = [Math.floor(count / size), count % size];
  return (full > 0 ? full * cost(size).calls : 0) + (rest > 0 ? cost(rest).calls : 0);
}

/**
 * Each moment has full batches and at most one that is not full. Every thing costs its share of a full batch, and each
 * moment at most the largest excess of a batch that is not full.
 */
function callsOverMoments(count: number, moments: number, size: number, cost: BatchedLoad["cost"]): number {
  const full = cost(size).calls;
  let excess = 0;
  for (let part = 1; part <= Math.min(size - 1, count); part += 1) {
    excess = Math.max(excess, size * cost(part).calls - part * full);
  }
  return Math.floor((count * full + moments * excess) / size);
}
