import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { FieldTruth, FilterTruth, World } from "../subject.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";

/** Building blocks of subjects. They share no code with the adapters: a mistake made twice would not show. */

/** A field whose value is the native one, where there is one. */
export function same(native: string): FieldTruth {
  return { native: [native], of: (record) => textOf(record[native]) };
}

/** What a native value says as text; null for each CRM's way of saying nothing. */
export function textOf(value: unknown): string | null {
  return value === null || value === undefined || value === "" || value === false ? null : String(value);
}

export function fullName(...parts: (string | null)[]): string | null {
  const present = parts.filter((part) => part !== null);
  return present.length === 0 ? null : present.join(" ");
}

/** `Since` of an instant: inclusive; tried at an instant of a record, right after it, and before and after all. */
export function since(resource: ResourceName, instant: (native: NativeRecord) => number | null): FilterTruth {
  return {
    values: (world) => bounds(world, resource, instant),
    passes: (native, value: Date) => (instant(native) ?? -Infinity) >= value.getTime(),
  };
}

/** `Until` of an instant: exclusive. */
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
  // A whole second further, because some CRMs keep no finer time.
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
