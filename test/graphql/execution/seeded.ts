import { Random } from "../../../bench/hostile/random.js";

/** Random choices that a seed repeats. */
export interface Seeded {
  int(from: number, to: number): number;
  chance(share: number): boolean;
  pick<Item>(list: readonly Item[]): Item;
  some<Item>(list: readonly Item[], share: number): Item[];
}

export function seeded(seed: string): Seeded {
  return new Random(seed);
}
