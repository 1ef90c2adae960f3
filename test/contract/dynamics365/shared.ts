import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { since, textOf, until } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth, World } from "../subject.js";

export const CUSTOM_FIELDS: readonly CustomFieldSubject[] = [
  { key: "new_note", label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
  { key: "new_score", label: "Score", type: "NUMBER", value: 7.5, native: 7.5 },
  { key: "new_vip", label: "VIP", type: "BOOLEAN", value: true, native: true },
  { key: "new_renewal", label: "Renewal", type: "DATE", value: "2026-12-31", native: "2026-12-31" },
  {
    key: "new_lastcall",
    label: "Last call",
    type: "DATE_TIME",
    value: "2026-05-01T10:00:00.000Z",
    native: "2026-05-01T10:00:00Z",
  },
  { key: "new_segment", label: "Segment", type: "SELECT", value: "100000001", native: 100000001 },
  { key: "new_interests", label: "Interests", type: "MULTI_SELECT", value: ["1", "3"], native: "1,3" },
];

export function absentId(_resource: ResourceName, index: number): string {
  return `ffffffff-ffff-4fff-8fff-${index.toString(16).padStart(12, "0")}`;
}

export const MISSING_IDS = [absentId("contact", 0xdead), "00000000-0000-0000-0000-000000000000"];

export const MALFORMED_IDS = [
  "",
  "1",
  "../1",
  "' or 1 eq 1",
  "{ffffffff-ffff-4fff-8fff-000000000001}",
  "ffffffff-ffff-4fff-8fff-00000000000",
  "ffffffff-ffff-4fff-8fff-000000000001?x=1",
  "ffffffff-ffff-4fff-8fff-000000000001)/$ref",
  "gggggggg-ffff-4fff-8fff-000000000001",
];

/** To the second. */
export function native(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

export function instant(value: unknown): string | null {
  return textOf(value) === null ? null : new Date(String(value)).toISOString();
}

function dateTime(column: string): FieldTruth {
  return { native: [column], of: (record) => instant(record[column]) };
}

/** The label of a choice. */
export function labelled(column: string): FieldTruth {
  return { native: [column], of: (record) => textOf(record[`${column}_Formatted`]) };
}

/** Fields of all tables. */
export function ownFieldsOf(
  table: string,
  key: string,
): Record<"owner" | "createdAt" | "updatedAt" | "url", FieldTruth> {
  return {
    owner: {
      native: ["_ownerid_value"],
      of: ({ _ownerid_value: id, _ownerid_value_Formatted: name }) => ({ id, name }),
    },
    createdAt: dateTime("createdon"),
    updatedAt: dateTime("modifiedon"),
    url: {
      native: [key],
      of: (_native, { origin }, id) => `${origin}/main.aspx?pagetype=entityrecord&etn=${table}&id=${id}`,
    },
  };
}

export const EMAILS = ["emailaddress1", "emailaddress2", "emailaddress3"];

export const emails: FieldTruth = {
  native: EMAILS,
  of: (record) =>
    EMAILS.map((column) => textOf(record[column]))
      .filter((address) => address !== null)
      .map((address, index) => ({ address, type: null, rawType: null, isPrimary: index === 0 })),
};

export function phonesIn(slots: readonly (readonly [column: string, type: string, rawType?: string])[]): FieldTruth {
  return {
    native: slots.map(([column]) => column),
    of: (record) =>
      slots
        .map(([column, type, rawType = null]) => ({ number: textOf(record[column]), type, rawType }))
        .filter(({ number }) => number !== null)
        .map((phone, index) => ({ ...phone, isPrimary: index === 0 })),
  };
}

/** All lines below the first line are the second line. */
export function addressesIn(...prefixes: string[]): FieldTruth {
  const columnsOf = (prefix: string) =>
    ["line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country"].map((part) => `${prefix}_${part}`);
  return {
    native: prefixes.flatMap(columnsOf),
    of: (record) =>
      prefixes.flatMap((prefix) => {
        const [street1, two, three, city, state, postalCode, country] = columnsOf(prefix).map((column) =>
          textOf(record[column]),
        );
        const below = [two, three].filter((line) => line !== null);
        const street2 = below.length === 0 ? null : below.join("\n");
        const address = { street1, street2, city, state, postalCode, country };
        return Object.values(address).every((part) => part === null) ? [] : [{ type: null, rawType: null, ...address }];
      }),
  };
}

const stamp = (column: string) => (record: NativeRecord) => Date.parse(String(record[column]));

/** The filters that all tables have. */
export function sharedFilters(resource: ResourceName) {
  return {
    ownerId: {
      values: (world) => [
        ...new Set([...world.records[resource].values()].slice(0, 20).map((record) => record["_ownerid_value"])),
        absentId("contact", 1),
        "nobody",
        "' or 1 eq 1",
      ],
      passes: ({ _ownerid_value: id }, value: string) => id === value,
    } satisfies FilterTruth,
    createdSince: since(resource, stamp("createdon")),
    createdUntil: until(resource, stamp("createdon")),
    updatedSince: since(resource, stamp("modifiedon")),
    updatedUntil: until(resource, stamp("modifiedon")),
  };
}

export const sharedOrders = { CREATED_AT: stamp("createdon"), UPDATED_AT: stamp("modifiedon") };

/** Whether every word of the text occurs in one of the columns. The case does not matter. */
export function words(columns: readonly string[], ...values: string[]): FilterTruth {
  return {
    values: () => [...values, "%", "_", "[a-z]", "no such thing"],
    passes(record, wanted: string) {
      const all = wanted.toLowerCase().split(/\s+/);
      const texts = columns.map((column) => (textOf(record[column]) ?? "").toLowerCase());
      const given = all.filter((word) => word !== "");
      return given.length > 0 && given.every((word) => texts.some((text) => text.includes(word)));
    },
  };
}

/** Whether one of the columns equals the text. The case does not matter. */
export function anyOf(resource: ResourceName, columns: readonly string[]): FilterTruth {
  return {
    values(world) {
      const [first, second] = columns.slice(0, 2).map((column) => String(someWith(world, resource, column)[column]));
      return [first, second, first!.toUpperCase(), first!.replace(/.(?=.$)/, "_"), "%", first!.slice(1), "nobody"];
    },
    passes: (record, value: string) =>
      columns.some((column) => textOf(record[column])?.toLowerCase() === value.toLowerCase()),
  };
}

/** A record with a value in this field. */
export function someWith(world: World, resource: ResourceName, column: string): NativeRecord {
  return [...world.records[resource].values()].find((record) => textOf(record[column]))!;
}
