import type { NativeRecord } from "../contract/field-map.js";

/**
 * A filter that the CRM applies only in part: it finds every matching record, and also others. The kit removes the
 * others.
 */
export class Sifted<Native> {
  constructor(
    /** The condition that is sent to the CRM. */
    readonly native: Native,
    /** Whether a found record matches. Gets the record as `ResourceCalls.list` returned it. */
    readonly passes: (record: NativeRecord) => boolean,
    /** The native fields that `passes` reads. */
    readonly reads: readonly string[] = [],
  ) {}
}

/** The condition of one filter. */
export type Siftable<Native> = Native | Sifted<Native>;

/**
 * Splits filters into the conditions that are sent to the CRM (exact conditions first) and the check of the records
 * that it finds.
 */
export function sieveOf<Native>(conditions: readonly Siftable<Native>[]) {
  const sifted = conditions.filter((condition) => condition instanceof Sifted);
  const exact = conditions.filter((condition): condition is Native => !(condition instanceof Sifted));
  return {
    natives: [...exact, ...sifted.map(({ native }) => native)],
    isSifted: sifted.length > 0,
    reads: sifted.flatMap(({ reads }) => reads),
    passes: (record: NativeRecord) => sifted.every(({ passes }) => passes(record)),
  };
}
