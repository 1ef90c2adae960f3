import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { since, textOf, until } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth, World } from "../subject.js";

export const CUSTOM_FIELDS: readonly CustomFieldSubject[] = [
  { key: "Crmesh_Note__c", label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
  { key: "Crmesh_Score__c", label: "Score", type: "NUMBER", value: 7.5, native: 7.5 },
];

const KEY_PREFIX: Readonly<Record<ResourceName, string>> = { contact: "003", lead: "00Q", meeting: "00U" };

export function absentId(resource: ResourceName, index: number): string {
  return `${KEY_PREFIX[resource]}zzzzz${String(index).padStart(7, "0")}`;
}

export function missingIds(resource: ResourceName): string[] {
  return [absentId(resource, 9_999_999), absentId(resource, 9_999_998)];
}

/** Too short, too long, of another object, with a wrong checksum, or no id at all. */
export function malformedIds(resource: ResourceName): string[] {
  const prefix = KEY_PREFIX[resource];
  return [
    "",
    "1",
    `${prefix}abc`,
    "001zzzzz0000001",
    `${prefix}zzzzz0000001AAB`,
    `${prefix}zzzzz000000'`,
    `${prefix}zzzzz00000 1`,
    "' OR Id != '",
    "../1",
    `${prefix}zzzzz0000001?x=1`,
  ];
}

/** `+0000` for Z. */
export function instant(value: unknown): string | null {
  return textOf(value)?.replace("+0000", "Z") ?? null;
}

export function native(date: Date): string {
  return date.toISOString().replace("Z", "+0000");
}

function dateTime(column: string): FieldTruth {
  return { native: [column], of: (record) => instant(record[column]) };
}

/** A day, as its midnight. */
export function day(column: string): FieldTruth {
  return {
    native: [column],
    of: (record) => (textOf(record[column]) === null ? null : `${String(record[column])}T00:00:00.000Z`),
  };
}

export const owner: FieldTruth = {
  native: ["OwnerId", "Owner.Name", "Owner.Email"],
  of: ({ OwnerId: id, "Owner.Name": name, "Owner.Email": email }) => ({ id, name, email }),
};

/** Fields of all objects. */
export function ownFieldsOf(): Record<"owner" | "createdAt" | "updatedAt" | "url", FieldTruth> {
  return {
    owner,
    createdAt: dateTime("CreatedDate"),
    updatedAt: dateTime("SystemModstamp"),
    url: { native: ["Id"], of: (_native, { origin }, id) => `${origin}/${id}` },
  };
}

export const oneEmail: FieldTruth = {
  native: ["Email"],
  of({ Email: address }) {
    return textOf(address) === null ? [] : [{ address, type: null, rawType: null, isPrimary: true }];
  },
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

/** The first line of the street is `street1`. All other lines are `street2`. */
export function addressesIn(slots: readonly (readonly [prefix: string, type: string | null])[]): FieldTruth {
  const columnsOf = (prefix: string) =>
    ["Street", "City", "State", "PostalCode", "Country"].map((part) => `${prefix}${part}`);
  return {
    native: slots.flatMap(([prefix]) => columnsOf(prefix)),
    of: (record) =>
      slots.flatMap(([prefix, type]) => {
        const [street, city, state, postalCode, country] = columnsOf(prefix).map((column) => textOf(record[column]));
        if ([street, city, state, postalCode, country].every((part) => part === null)) return [];
        const [street1 = null, ...more] = street?.split("\n") ?? [];
        const street2 = more.length === 0 ? null : more.join("\n");
        return [{ type, rawType: null, street1, street2, city, state, postalCode, country }];
      }),
  };
}

const stamp = (column: string) => (record: NativeRecord) => Date.parse(instant(record[column])!);

/** The filters that all objects have. */
export function sharedFilters(resource: ResourceName) {
  return {
    ownerId: {
      values(world) {
        const ids = [...world.records[resource].values()].map(({ OwnerId }) => String(OwnerId));
        // The short form means the same user.
        return [ids.at(-1)!, ids[0]!.slice(0, 15), "005zzzzz0000001", "nobody", "' OR Id != '"];
      },
      passes: ({ OwnerId }, value: string) => value.length >= 15 && String(OwnerId).startsWith(value),
    } satisfies FilterTruth,
    createdSince: since(resource, stamp("CreatedDate")),
    createdUntil: until(resource, stamp("CreatedDate")),
    updatedSince: since(resource, stamp("SystemModstamp")),
    updatedUntil: until(resource, stamp("SystemModstamp")),
  };
}

export const sharedOrders = { CREATED_AT: stamp("CreatedDate"), UPDATED_AT: stamp("SystemModstamp") };

/** Whether every word of the text occurs in one of the texts. The case does not matter. */
export function hasWords(texts: readonly unknown[], wanted: string): boolean {
  const words = wanted
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const present = texts.map((text) => (textOf(text) ?? "").toLowerCase());
  return words.length > 0 && words.every((word) => present.some((text) => text.includes(word)));
}

export function isAnyOf(texts: readonly unknown[], wanted: string): boolean {
  return texts.some((text) => textOf(text)?.toLowerCase() === wanted.toLowerCase());
}

/** A record with a value in this field. */
export function someWith(world: World, resource: ResourceName, column: string): NativeRecord {
  return [...world.records[resource].values()].find((record) => textOf(record[column]))!;
}

export function emailFilter(resource: ResourceName): FilterTruth {
  return {
    values(world) {
      const address = String(someWith(world, resource, "Email")["Email"]);
      return [
        address,
        address.toUpperCase(),
        address.replace(".", "_"),
        "%",
        address.split("@")[1],
        "nobody@example.com",
      ];
    },
    passes: ({ Email }, value: string) => isAnyOf([Email], value),
  };
}

export function phoneFilter(resource: ResourceName, columns: readonly string[]): FilterTruth {
  return {
    values: (world) => [
      someWith(world, resource, "Phone")["Phone"],
      someWith(world, resource, "MobilePhone")["MobilePhone"],
      "555",
    ],
    passes: (record, value: string) =>
      isAnyOf(
        columns.map((column) => record[column]),
        value,
      ),
  };
}
