import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { instantOf, since, textOf, until } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth, World } from "../subject.js";

const tail = (letter: string) => letter.repeat(43);

export const missingIds = (prefix: string) => ["0", "Z", "x"].map((letter) => `${prefix}_${tail(letter)}`);
export const malformedIds = (prefix: string) => [
  "",
  "abc",
  "1",
  `${prefix}_`,
  `${prefix}`,
  `../${prefix}_${tail("0")}`,
  `${prefix}_${tail("0")}/`,
  `${prefix}_${tail("0")}?_fields=id`,
  `${prefix}_1'; --`,
  ` ${prefix}_${tail("0")}`,
  `${prefix}_${"9".repeat(90)}`,
];

export function absentId(resource: ResourceName, index: number): string {
  const prefix = { contact: "cont", lead: "lead", meeting: "acti" }[resource];
  return `${prefix}_${String(index).padStart(43, "0")}`;
}

/** The fields that the sandbox's organizations have defined. */
export function customFields(owner: "contact" | "lead"): CustomFieldSubject[] {
  const key = (name: string) => `custom.cf_${name.padEnd(43, "0")}`;
  return [
    { key: key(`${owner}Note`), label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
    { key: key(`${owner}Score`), label: "Score", type: "NUMBER", value: 7.5, native: 7.5 },
    { key: key(`${owner}Signed`), label: "Signed on", type: "DATE", value: "2026-06-30", native: "2026-06-30" },
    { key: key(`${owner}Segment`), label: "Segment", type: "SELECT", value: "Large", native: "Large" },
    {
      key: key(`${owner}Interests`),
      label: "Interests",
      type: "MULTI_SELECT",
      value: ["Price", "Support"],
      native: ["Price", "Support"],
    },
    { key: key("sharedRegion"), label: "Region", type: "TEXT", value: "North", native: "North" },
  ];
}

/** Cuts a time to milliseconds. Close stores microseconds. */
function milliseconds(native: string): FieldTruth {
  return {
    native: [native],
    of: (record) => String(record[native]).replace(/(\.\d{3})\d{3}\+00:00$/, "$1Z"),
  };
}

export const stamps = { createdAt: milliseconds("date_created"), updatedAt: milliseconds("date_updated") };

const instant = (native: string) => (record: NativeRecord) => instantOf(record[native]);

export function createdFilters(resource: ResourceName) {
  return {
    createdSince: since(resource, instant("date_created")),
    createdUntil: until(resource, instant("date_created")),
  };
}

export function dateFilters(resource: ResourceName) {
  return {
    ...createdFilters(resource),
    updatedSince: since(resource, instant("date_updated")),
    updatedUntil: until(resource, instant("date_updated")),
  };
}

export const dateOrders = { CREATED_AT: instant("date_created"), UPDATED_AT: instant("date_updated") };

function wordsOf(...texts: unknown[]): string[] {
  return texts.flatMap((text) =>
    (textOf(text) ?? "")
      .toLowerCase()
      .split(/[^\p{L}\p{N}\p{M}]+/u)
      .filter((word) => word !== ""),
  );
}

/** Whether all words of the wanted text occur in the other texts. A text without words is never found. */
export function hasAllWords(wanted: string, ...texts: unknown[]): boolean {
  const words = new Set(wordsOf(...texts));
  const asked = wordsOf(wanted);
  return asked.length > 0 && asked.every((word) => words.has(word));
}

/** Contacts with exactly that address. The case does not matter. */
export function emailFilter(contactsOf: (native: NativeRecord) => readonly NativeRecord[]): FilterTruth {
  const addresses = (native: NativeRecord) =>
    contactsOf(native).flatMap(({ emails }) => (emails as { email: string }[]).map(({ email }) => email));
  return {
    values(world) {
      const { emails } = someContact(world, "emails");
      const [{ email }, second] = emails as [{ email: string }, { email: string }];
      return [email, email.toUpperCase(), second.email, email.split("@")[1], "%", "nobody@example.com"];
    },
    passes: (native, value: string) =>
      addresses(native).some((address) => address.toLowerCase() === value.toLowerCase()),
  };
}

/** Contacts with exactly that number, in any notation. */
export function phoneFilter(contactsOf: (native: NativeRecord) => readonly NativeRecord[]): FilterTruth {
  const digits = (number: string) => number.replace(/[^\d+]/g, "");
  return {
    values(world) {
      const { phones } = someContact(world, "phones");
      const { phone } = (phones as { phone: string }[])[1]!;
      return [phone, `${phone.slice(0, 3)} ${phone.slice(3, 6)}-${phone.slice(6)}`, phone.slice(1), phone.slice(0, 6)];
    },
    passes: (native, value: string) =>
      contactsOf(native).some(({ phones }) =>
        (phones as { phone: string }[]).some(({ phone }) => digits(phone) === digits(value)),
      ),
  };
}

/** A contact with several entries. */
function someContact(world: World, list: string): NativeRecord {
  return [...world.records.contact.values()].find((native) => (native[list] as unknown[]).length > 1)!;
}
