import { expect } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { since, textOf, until } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth, World } from "../subject.js";

export const CUSTOM_FIELDS: readonly CustomFieldSubject[] = [
  { key: "x_crmesh_note", label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
  { key: "x_crmesh_score", label: "Score", type: "NUMBER", value: 7.5, native: 7.5 },
  // A record that the field refers to is read and written by its id.
  { key: "x_crmesh_region", label: "Region", type: "OTHER", value: "2", native: [2, expect.any(String)] },
];

export const MISSING_IDS = ["8999999", "2147483647", "1000000000"];
export const MALFORMED_IDS = ["", "abc", "0", "-1", "1.5", "2147483648", "9".repeat(30), "1'; --", "../1", " 1", "[1]"];

/** The name that a many2one shows. */
export function nameOf(value: unknown): string | null {
  return Array.isArray(value) ? textOf(value[1]) : null;
}

export function idOf(value: unknown): string | null {
  return Array.isArray(value) ? String(value[0]) : null;
}

/** Odoo's UTC without a zone. */
export function instant(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : `${text.replace(" ", "T")}.000Z`;
}

export function dateTime(native: string): FieldTruth {
  return { native: [native], of: (record) => instant(record[native]) };
}

/** Removes the HTML that the seed puts around Odoo's texts. */
export function html(native: string): FieldTruth {
  return {
    native: [native],
    of(record) {
      const inner = textOf(record[native])
        ?.replace(/^<p>|<\/p>$/g, "")
        .replaceAll("<br>", "\n");
      return (
        inner?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&") ||
        null
      );
    },
  };
}

/** Fields of all three models. */
export function ownFieldsOf(model: string): Record<"owner" | "createdAt" | "updatedAt" | "url", FieldTruth> {
  return {
    owner: {
      native: ["user_id"],
      of: ({ user_id: user }) => (Array.isArray(user) ? { id: idOf(user), name: nameOf(user) } : null),
    },
    createdAt: dateTime("create_date"),
    updatedAt: dateTime("write_date"),
    url: {
      native: ["id"],
      of: (_native, { origin }, id) => `${origin}/web#id=${id}&model=${model}&view_type=form`,
    },
  };
}

export function tags(native: string): FieldTruth {
  return { native: [native], of: (record) => record["$tags"] };
}

export function oneEmail(native: string): FieldTruth {
  return {
    native: [native],
    of(record) {
      const address = textOf(record[native]);
      return address === null ? [] : [{ address, type: null, rawType: null, isPrimary: true }];
    },
  };
}

export const phones: FieldTruth = {
  native: ["phone", "mobile"],
  of: ({ phone, mobile }) =>
    [
      { number: textOf(phone), type: "WORK" },
      { number: textOf(mobile), type: "MOBILE" },
    ]
      .filter(({ number }) => number !== null)
      .map(({ number, type }, index) => ({ number, type, rawType: null, isPrimary: index === 0 })),
};

export const addresses: FieldTruth = {
  native: ["street", "street2", "city", "state_id", "zip", "country_id"],
  of(native) {
    const parts = {
      street1: textOf(native["street"]),
      street2: textOf(native["street2"]),
      city: textOf(native["city"]),
      state: nameOf(native["state_id"])?.replace(/ \(..\)$/, "") ?? null,
      postalCode: textOf(native["zip"]),
      country: nameOf(native["country_id"]),
    };
    return Object.values(parts).every((part) => part === null) ? [] : [{ type: null, rawType: null, ...parts }];
  },
};

const seconds = (native: string) => (record: NativeRecord) => Date.parse(instant(record[native])!);

/** The filters that all three models have. */
export function sharedFilters(resource: ResourceName) {
  return {
    ownerId: {
      values: (world) => [idOf(someWith(world, resource, "user_id")["user_id"]), "1", "nobody"],
      passes: ({ user_id: user }, value: string) => idOf(user) === value,
    } satisfies FilterTruth,
    createdSince: since(resource, seconds("create_date")),
    createdUntil: until(resource, seconds("create_date")),
    updatedSince: since(resource, seconds("write_date")),
    updatedUntil: until(resource, seconds("write_date")),
  };
}

export const sharedOrders = { CREATED_AT: seconds("create_date"), UPDATED_AT: seconds("write_date") };

/** A record with a value in this field. */
export function someWith(world: World, resource: ResourceName, native: string): NativeRecord {
  return [...world.records[resource].values()].find((record) => textOf(record[native]))!;
}

/** Whether ILIKE '%…%' finds the text. */
export function contains(text: unknown, wanted: string): boolean {
  return (textOf(text) ?? "").toLowerCase().includes(wanted.toLowerCase());
}

export function isSameText(text: unknown, wanted: string): boolean {
  return textOf(text)?.toLowerCase() === wanted.toLowerCase();
}

export function phoneFilter(resource: ResourceName): FilterTruth {
  return {
    values: (world) => [
      someWith(world, resource, "phone")["phone"],
      someWith(world, resource, "mobile")["mobile"],
      "555",
    ],
    passes: ({ phone, mobile }, value: string) => [phone, mobile].includes(value),
  };
}

/** Compares exactly, except for case. Parts of a text and LIKE's wildcards find nothing. */
export function emailFilter(resource: ResourceName, native: string): FilterTruth {
  return {
    values(world) {
      const address = someWith(world, resource, native)[native] as string;
      return [
        address,
        address.toUpperCase(),
        address.replace(".", "_"),
        "%",
        address.split("@")[1],
        "nobody@example.com",
      ];
    },
    passes: (record, value: string) => isSameText(record[native], value),
  };
}

/** The name in a many2one, which does not matter. */
export const ANYTHING: unknown = expect.anything();
