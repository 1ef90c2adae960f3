import { Mismatch, type Decoder } from "../../upstream/answer-body.js";
import { list, nullable, optional, record } from "../../upstream/decode.js";
import type { NativeRecord } from "../contract/field-map.js";

/**
 * Reads members of a native record that are more than a text. A field map calls these functions: a Mismatch fails the
 * unified fields that read the member, and the other fields are answered.
 */

/** @throws Mismatch */
export function memberAt<Value>(native: NativeRecord, name: string, decoder: Decoder<Value>): Value {
  try {
    return decoder(native[name]);
  } catch (error) {
    throw error instanceof Mismatch ? error.within(name) : error;
  }
}

const objects = optional(nullable(list(record({}))));
const object = optional(nullable(record({})));

/** The objects of a list. None if the member is absent or null. @throws Mismatch */
export function objectsAt(native: NativeRecord, name: string): NativeRecord[] {
  return memberAt(native, name, objects) ?? [];
}

/** An object. Without members if it is absent or null. @throws Mismatch */
export function objectAt(native: NativeRecord, name: string): NativeRecord {
  return memberAt(native, name, object) ?? {};
}

/**
 * A value that every record has.
 * @param value what was read; null if that was nothing
 * @param expected a noun with its article, such as `a time`
 * @throws Mismatch
 */
export function needed<Value>(value: Value | null | undefined, name: string, expected: string): Value {
  if (value !== null && value !== undefined) return value;
  throw new Mismatch(expected, "another value").within(name);
}
