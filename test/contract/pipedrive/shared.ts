import { createHash } from "node:crypto";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { instantOf, textOf } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth, World } from "../subject.js";

/** Codes of the fields that every company of the sandbox has added. */
export const codeOf = (name: string) => createHash("sha1").update(name).digest("hex");

/** People store options as numbers, and leads store them as texts. */
export function customFields(kind: "person" | "lead"): readonly CustomFieldSubject[] {
  return [
    { key: codeOf("note"), label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
    { key: codeOf("score"), label: "Score", type: "NUMBER", value: 7.5, native: 7.5 },
    { key: codeOf("segment"), label: "Segment", type: "SELECT", value: "Small business", native: 32 },
    {
      key: codeOf("topics"),
      label: "Topics",
      type: "MULTI_SELECT",
      value: ["Support", "Roadmap"],
      native: kind === "person" ? [42, 43] : "42,43",
    },
  ];
}

export const MISSING_IDS = ["48999999", "999999999999"];
export const MALFORMED_IDS = ["", "abc", "1,2", "../1", "1?a=b", "1'; --", "9".repeat(21), "-1", "1.5", " 1", "0", "٣"];
export const MISSING_LEADS = ["00000000-0000-4000-8000-000000000000", "ffffffff-ffff-4fff-bfff-ffffffffffff"];
export const MALFORMED_LEADS = ["", "1", "abc", "../1", "00000000000040008000000000000000", "1'; --", "{}"];

const stamped = (native: string): FieldTruth => ({
  native: [native],
  of: (record) => new Date(instantOf(record[native])!).toISOString(),
});

/** Fields of all records. */
export function ownFieldsOf(): Record<"owner" | "createdAt" | "updatedAt", FieldTruth> {
  return {
    owner: { native: ["owner_id"], of: ({ owner_id: id }) => ({ id: String(id) }) },
    createdAt: stamped("add_time"),
    updatedAt: stamped("update_time"),
  };
}

export const tags: FieldTruth = { native: ["label_ids"], of: ({ $labels: labels }) => labels };

export const updated = (native: NativeRecord) => instantOf(native["update_time"]);
export const created = (native: NativeRecord) => instantOf(native["add_time"]);

export function ownedBy(resource: ResourceName): FilterTruth {
  return {
    values: (world) => [String(pickWith(world, resource, "owner_id")["owner_id"]), "1"],
    passes: ({ owner_id: id }, value: string) => String(id) === value,
  };
}

/** A record with a value in this field. */
export function pickWith(world: World, resource: ResourceName, name: string): NativeRecord {
  return [...world.records[resource].values()].find((native) => {
    const value = native[name];
    return Array.isArray(value) ? value.length > 0 : textOf(value) !== null;
  })!;
}

export function valuesOf(entries: unknown): string[] {
  return ((entries ?? []) as { value: string }[]).map(({ value }) => value);
}
