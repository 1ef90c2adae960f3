import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { same, textOf } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, World } from "../subject.js";

/** The two properties that every sandbox portal adds to HubSpot's own. */
export const CUSTOM_FIELDS: readonly CustomFieldSubject[] = [
  { key: "crmesh_note", label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
  { key: "crmesh_score", label: "Score", type: "NUMBER", value: 7.5, native: "7.5" },
];

export const MISSING_IDS = ["1", "48999999999", "18446744073709551615"];
export const MALFORMED_IDS = [
  "",
  "abc",
  "1;2",
  "../1",
  "1/..",
  "1?archived=true",
  "1'; --",
  "9".repeat(21),
  "-1",
  "1.5",
  " 1",
];

/** Fields of all HubSpot objects. */
export function ownFieldsOf(): Record<"owner" | "createdAt" | "updatedAt" | "url", FieldTruth> {
  return {
    owner: {
      native: ["hubspot_owner_id"],
      of: ({ hubspot_owner_id: id }) => (textOf(id) === null ? null : { id }),
    },
    createdAt: { ...same("$createdAt"), native: [] },
    updatedAt: { ...same("$updatedAt"), native: [] },
    url: { ...same("$url"), native: [] },
  };
}

/** A record with a value of this property. */
export function pickWith(world: World, resource: ResourceName, property: string): NativeRecord {
  return [...world.records[resource].values()].find((native) => textOf(native[property]))!;
}
