import { CrmError } from "../../errors/crm-error.js";
import type { NativeRecord } from "../contract/field-map.js";

/**
 * Reads the envelopes of CRMs' responses. Optional members are read as empty if they are absent. Required members are
 * checked, and the error names the missing member.
 */

/** Returns the members of a JSON object. An empty object if the value is not an object. */
export function membersOf(value: unknown): Readonly<NativeRecord> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as NativeRecord) : {};
}

/** Returns the objects of a JSON list. An empty list if the value is not a list. */
export function objectsIn(value: unknown): NativeRecord[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}

/**
 * Returns a required list.
 * @param place path of the list in the response, for the error
 * @throws CrmError PROVIDER_ERROR if there is no list: it must not count as an empty list
 */
export function listAt(providerName: string, list: unknown, place: string): NativeRecord[] {
  if (Array.isArray(list)) return list as NativeRecord[];
  throw unexpectedAnswer(`${providerName}’s response has no list \`${place}\`.`);
}

/**
 * Returns the id in the response to a create.
 * @throws CrmError PROVIDER_ERROR if the id is not a text
 */
export function newId(providerName: string, id: unknown): string {
  if (typeof id === "string") return id;
  throw new CrmError("PROVIDER_ERROR", {
    detail: `${providerName} did not return the id of the new record.`,
    outcome: "UNKNOWN",
  });
}

export function unexpectedAnswer(detail: string): CrmError {
  return new CrmError("PROVIDER_ERROR", { detail });
}

/** Counts the records in a response: the items of its list, or its single record. Undefined if it has neither. */
export function recordCount(list: unknown, single?: unknown): number | undefined {
  if (Array.isArray(list)) return list.length;
  return single === undefined || single === null ? undefined : 1;
}
