import type { Cost } from "../../../providers/contract/cost.js";

/** The cost of a part of an operation at one connection. */
export interface Tally {
  /** Upstream calls, without those that load definitions. */
  calls: number;
  /** Names of the definitions that may be loaded. */
  readonly definitions: Set<string>;
  /** Path of a field → what its price takes for granted. */
  readonly assumptions: Map<string, string>;
}

export const newTally = (): Tally => ({ calls: 0, definitions: new Set(), assumptions: new Map() });

/** Adds what is known of a cost except its calls. */
export function noteTerms(tally: Tally, { definitions, assumption }: Cost, path: string): void {
  for (const name of definitions ?? []) tally.definitions.add(name);
  if (assumption !== undefined) tally.assumptions.set(path, assumption);
}

export function addCost(tally: Tally, cost: Cost, path: string, times = 1): void {
  tally.calls += times * cost.calls;
  noteTerms(tally, cost, path);
}

export function addTally(tally: Tally, { calls, definitions, assumptions }: Tally): void {
  tally.calls += calls;
  for (const name of definitions) tally.definitions.add(name);
  for (const [path, text] of assumptions) tally.assumptions.set(path, text);
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
  const callsFor = (things: number): number => {
    const [full, rest] = [Math.floor(things / size), things % size];
    return (full > 0 ? full * cost(size).calls : 0) + (rest > 0 ? cost(rest).calls : 0);
  };
  // Batches cost most if all moments but one ask for a single thing, or if each asks for the same number.
  const uneven = callsFor(count - spread + 1) + (spread > 1 ? (spread - 1) * cost(1).calls : 0);
  const even = spread > 1 ? spread * callsFor(Math.ceil(count / spread)) : 0;
  tally.calls += Math.max(uneven, even);
  noteTerms(tally, cost(Math.min(count, size)), path);
  return spread + Math.floor((count - spread) / size);
}
