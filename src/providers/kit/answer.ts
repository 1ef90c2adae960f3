import { CrmError } from "../../errors/crm-error.js";
import type { NativeRecord } from "../contract/field-map.js";

/**
 * Reads the envelopes of CRMs' answers. Members that an answer may leave out are read as empty. Members that it must have
 * are checked, and the error names the place.
 */

/** The members of a JSON object; none if it is something else. */
export function membersOf(value: unknown): Readonly<NativeRecord> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as NativeRecord) : {};
}

/** The objects of a JSON list; none if it is no list. */
export function objectsIn(value: unknown): NativeRecord[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}

/** @throws CrmError PROVIDER_ERROR if the answer has no list at `place`: that must not pass for an empty one */
export function listAt(providerName: string, list: unknown, place: string): NativeRecord[] {
  if (Array.isArray(list)) return list as NativeRecord[];
  throw unexpectedAnswer(`${providerName}’s answer has no list \`${place}\`.`);
}

/** @throws CrmError PROVIDER_ERROR if the answer to a create does not have the new record's id, which is a text */
export function newId(providerName: string, id: unknown): string {
  if (typeof id === "string") return id;
  throw new CrmError("PROVIDER_ERROR", { detail: `${providerName} did not name the new record.`, outcome: "UNKNOWN" });
}

export function unexpectedAnswer(detail: string): CrmError {
  return new CrmError("PROVIDER_ERROR", { detail });
}

/** The number of records in an answer: those of its list, or one; undefined if it has neither. */
export function recordCount(list: unknown, single?: unknown): number | undefined {
  if (Array.isArray(list)) return list.length;
  return single === undefined || single === null ? undefined : 1;
}
