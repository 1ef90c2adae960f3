import type { NativeRecord } from "../contract/field-map.js";

/** A filter that the CRM applies only in part: it finds every matching record, and others. The kit sifts these out. */
export class Sifted<Native> {
  constructor(
    /** The condition that the CRM is asked for. */
    readonly native: Native,
    /** Whether a found record matches. The record is as `ResourceCalls.list` answers it. */
    readonly passes: (record: NativeRecord) => boolean,
    /** The native fields that `passes` looks at. */
    readonly reads: readonly string[] = [],
  ) {}
}

/** The condition of one filter. */
export type Siftable<Native> = Native | Sifted<Native>;

/** The conditions that the CRM is asked for, exact ones first, and the check of the records that it finds. */
export function sieveOf<Native>(conditions: readonly Siftable<Native>[]) {
  const sifted = conditions.filter((condition) => condition instanceof Sifted);
  const exact = conditions.filter((condition): condition is Native => !(condition instanceof Sifted));
  return {
    natives: [...exact, ...sifted.map(({ native }) => native)],
    reads: sifted.flatMap(({ reads }) => reads),
    passes: (record: NativeRecord) => sifted.every(({ passes }) => passes(record)),
  };
}
