import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { since, textOf, until } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth, World } from "../subject.js";

export const CUSTOM_FIELDS: readonly CustomFieldSubject[] = [
  { key: "Crmesh_Note", label: "Crmesh Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
  { key: "Crmesh_Score", label: "Crmesh Score", type: "NUMBER", value: 7.5, native: 7.5 },
  {
    key: "Crmesh_Number",
    label: "Crmesh Number",
    type: "NUMBER",
    value: "123456789012345678",
    native: "123456789012345678",
  },
  {
    key: "Crmesh_Regions",
    label: "Crmesh Regions",
    type: "MULTI_SELECT",
    value: ["North", "West"],
    native: ["North", "West"],
  },
];

export const MISSING_IDS = ["8999999999999999999", "1", "5725767000000420999"];
export const MALFORMED_IDS = ["", "abc", "0", "-1", "1.5", "9".repeat(30), "1'; --", "../1", " 1", "1,2"];

/** The record that a lookup shows. */
export function lookup(value: unknown): { id: string; name: string; email?: string } | null {
  return (value ?? null) as { id: string; name: string; email?: string } | null;
}

export function instant(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : new Date(text).toISOString();
}

export function dateTime(native: string): FieldTruth {
  return { native: [native], of: (record) => instant(record[native]) };
}

export const owner: FieldTruth = { native: ["Owner"], of: ({ Owner }) => Owner };

export function ownFieldsOf(module: string): Record<"owner" | "createdAt" | "updatedAt" | "tags" | "url", FieldTruth> {
  return {
    owner,
    createdAt: dateTime("Created_Time"),
    updatedAt: dateTime("Modified_Time"),
    tags: { native: ["Tag"], of: ({ Tag }) => (Tag as { name: string }[]).map(({ name }) => name) },
    url: { native: ["id"], of: (_native, { origin }, id) => `${origin}/crm/tab/${module}/${id}` },
  };
}

export const emails: FieldTruth = {
  native: ["Email", "Secondary_Email"],
  of: ({ Email, Secondary_Email: second }) =>
    [Email, second]
      .filter((address) => textOf(address) !== null)
      .map((address, index) => ({ address, type: null, rawType: null, isPrimary: index === 0 })),
};

export function phonesIn(slots: readonly (readonly [native: string, type: string, rawType?: string])[]): FieldTruth {
  return {
    native: slots.map(([native]) => native),
    of: (record) =>
      slots
        .map(([native, type, rawType = null]) => ({ number: textOf(record[native]), type, rawType }))
        .filter(({ number }) => number !== null)
        .map((phone, index) => ({ ...phone, isPrimary: index === 0 })),
  };
}

type Parts = readonly [street: string, city: string, state: string, postalCode: string, country: string];

export function addressesIn(slots: readonly (readonly [type: string | null, Parts])[]): FieldTruth {
  return {
    native: slots.flatMap(([, parts]) => parts),
    of: (record) =>
      slots.flatMap(([type, parts]) => {
        const [street1, city, state, postalCode, country] = parts.map((part) => textOf(record[part]));
        if ([street1, city, state, postalCode, country].every((part) => part === null)) return [];
        return [{ type, rawType: null, street1, street2: null, city, state, postalCode, country }];
      }),
  };
}

const seconds = (native: string) => (record: NativeRecord) => Date.parse(String(record[native]));

/** The filters that all three modules have. */
export function sharedFilters(resource: ResourceName) {
  return {
    ownerId: {
      values: (world) => [
        lookup(someWith(world, resource, "Owner")["Owner"])!.id,
        [...world.owners.keys()].at(-1),
        "1",
        "nobody",
      ],
      passes: ({ Owner }, value: string) => lookup(Owner)?.id === value,
    } satisfies FilterTruth,
    createdSince: since(resource, seconds("Created_Time")),
    createdUntil: until(resource, seconds("Created_Time")),
    updatedSince: since(resource, seconds("Modified_Time")),
    updatedUntil: until(resource, seconds("Modified_Time")),
  };
}

export const sharedOrders = { CREATED_AT: seconds("Created_Time"), UPDATED_AT: seconds("Modified_Time") };

/** A record with a value in this field. */
export function someWith(world: World, resource: ResourceName, native: string): NativeRecord {
  return [...world.records[resource].values()].find((record) => textOf(record[native]))!;
}

export function contains(texts: readonly unknown[], wanted: string): boolean {
  return texts.some((text) => (textOf(text) ?? "").toLowerCase().includes(wanted.toLowerCase()));
}

export function isAnyOf(texts: readonly unknown[], wanted: string): boolean {
  return texts.some((text) => textOf(text)?.toLowerCase() === wanted.toLowerCase());
}

/** Compares exactly, except for case. Parts of a text and wildcards find nothing. */
export function emailFilter(resource: ResourceName): FilterTruth {
  return {
    values(world) {
      const address = someWith(world, resource, "Email")["Email"] as string;
      const second = someWith(world, resource, "Secondary_Email")["Secondary_Email"];
      return [address, address.toUpperCase(), second, address.replace(".", "_"), "%", address.split("@")[1]];
    },
    passes: ({ Email, Secondary_Email: other }, value: string) => isAnyOf([Email, other], value),
  };
}

export function phoneFilter(resource: ResourceName, natives: readonly string[]): FilterTruth {
  return {
    values: (world) => [
      someWith(world, resource, "Phone")["Phone"],
      someWith(world, resource, "Mobile")["Mobile"],
      "555",
    ],
    passes: (record, value: string) =>
      isAnyOf(
        natives.map((native) => record[native]),
        value,
      ),
  };
}
