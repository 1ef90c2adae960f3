import type { GraphQLLeafType } from "graphql";

export type Data = Record<string, unknown>;

/** Whether a value is a scalar of JSON. */
export function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Returns undefined if the type refuses the value. */
export function serializedOrNot(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.serialize(value) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Waits for the fields with these keys. */
export async function settled(data: Data, pending: readonly string[]): Promise<Data> {
  const values = await Promise.all(pending.map((key) => data[key]));
  for (const [index, key] of pending.entries()) data[key] = values[index];
  return data;
}

/** @param hasProto whether the caller has named a field `__proto__`, which would set the prototype of an ordinary object */
export function emptyData(hasProto: boolean): Data {
  return hasProto ? (Object.create(null) as Data) : {};
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

export function isIterableObject(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
