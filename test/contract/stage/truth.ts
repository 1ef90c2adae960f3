import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { FieldTruth, FilterTruth, World } from "../subject.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";

/**
 * Building blocks of subjects. They share no code with the adapters, because the same mistake in both would not be
 * found.
 */

/** A field whose value is the native value. */
export function same(native: string): FieldTruth {
  return { native: [native], of: (record) => textOf(record[native]) };
}

/** Reads a native value as text. Null for the values with which CRMs mean "none". */
export function textOf(value: unknown): string | null {
  return value === null || value === undefined || value === "" || value === false ? null : String(value);
}

export function fullName(...parts: (string | null)[]): string | null {
  const present = parts.filter((part) => part !== null);
  return present.length === 0 ? null : present.join(" ");
}

/**
 * A `Since` filter by an instant, which is inclusive. It is tested at the instant of a record, right after it, and
 * before and after all records.
 */
export function since(resource: ResourceName, instant: (native: NativeRecord) => number | null): FilterTruth {
  return {
    values: (world) => bounds(world, resource, instant),
    passes: (native, value: Date) => (instant(native) ?? -Infinity) >= value.getTime(),
  };
}

/** An `Until` filter by an instant, which is exclusive. */
export function until(resource: ResourceName, instant: (native: NativeRecord) => number | null): FilterTruth {
  return {
    values: (world) => bounds(world, resource, instant),
    passes: (native, value: Date) => (instant(native) ?? Infinity) < value.getTime(),
  };
}

function bounds(world: World, resource: ResourceName, instant: (native: NativeRecord) => number | null): Date[] {
  const instants = [...world.records[resource].values()]
    .map(instant)
    .filter((value) => value !== null)
    .sort((one, other) => one - other);
  const middle = instants[Math.floor(instants.length / 2)]!;
  // A whole second later, because some CRMs store no more precise times.
  return [middle, middle + 1000, instants[0]!, instants.at(-1)! + 1000].map((time) => new Date(time));
}

/** A filter by one native field's exact value. */
export function exactly(resource: ResourceName, native: string, more: readonly unknown[] = []): FilterTruth {
  return {
    values: (world) => {
      const [common] = [...world.records[resource].values()]
        .map((record) => record[native])
        .filter((value) => textOf(value));
      return [common, ...more];
    },
    passes: (record, value: string) => record[native] === value,
  };
}

export function instantOf(value: unknown): number | null {
  return textOf(value) === null ? null : Date.parse(String(value));
}
