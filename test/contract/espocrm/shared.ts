import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { since, textOf, until } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth, World } from "../subject.js";

export const CUSTOM_FIELDS: readonly CustomFieldSubject[] = [
  { key: "cNote", label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
  { key: "cScore", label: "Score", type: "NUMBER", value: 7.5, native: 7.5 },
  { key: "cInterests", label: "Interests", type: "MULTI_SELECT", value: ["Golf", "Opera"], native: ["Golf", "Opera"] },
  { key: "cFirstMet", label: "First met", type: "DATE", value: "2026-02-28", native: "2026-02-28" },
  {
    key: "cCheckedAt",
    label: "Checked at",
    type: "DATE_TIME",
    value: "2026-06-10T09:30:00.000Z",
    native: "2026-06-10 09:30:00",
  },
  { key: "cVisits", label: "Visits", type: "NUMBER", value: 3, native: 3 },
  { key: "cAgreed", label: "Agreed", type: "BOOLEAN", value: true, native: true },
];

export const STANDARD_KEYS = ["id", "name", "assignedUserId", "c-note", "Note", "createdAt"];

/** 17 hex digits, with an end that no record of the sandbox has. */
export function absentId(_resource: ResourceName, index: number): string {
  return `fffffffff${String(index).padStart(8, "0")}`;
}

export const MISSING_IDS = [absentId("contact", 99_999_999), absentId("contact", 99_999_998)];
export const MALFORMED_IDS = ["", " ", "../1", "a b", "1?x=1", "' OR 1=1 --", "1,2", "x".repeat(37)];

/** Removes case and accents from a text, which MySQL ignores in comparisons. */
export function fold(value: unknown): string {
  return (textOf(value) ?? "")
    .normalize("NFD")
    .replace(/\p{Mn}|\p{Me}|\p{Mc}/gu, "")
    .toLowerCase();
}

export function hasText(texts: readonly unknown[], wanted: string): boolean {
  return texts.some((text) => textOf(text) !== null && fold(text).includes(fold(wanted)));
}

/** The texts under which a name is found: its parts and, if it has both, the parts in both orders. */
export function namesOf({ firstName, lastName }: NativeRecord): unknown[] {
  const [first, last] = [textOf(firstName), textOf(lastName)];
  return first === null || last === null ? [first, last] : [first, last, `${first} ${last}`, `${last} ${first}`];
}

export function addressesOf(native: NativeRecord): unknown[] {
  return ((native["emailAddressData"] ?? []) as NativeRecord[]).map(({ emailAddress }) => emailAddress);
}

export function numbersOf(native: NativeRecord): unknown[] {
  return ((native["phoneNumberData"] ?? []) as NativeRecord[]).map(({ phoneNumber }) => phoneNumber);
}

/** `2026-06-10 09:30:00` is in UTC. */
export function instant(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : `${text.replace(" ", "T")}.000Z`;
}

export function dateTime(native: string): FieldTruth {
  return { native: [native], of: (record) => instant(record[native]) };
}

export const owner: FieldTruth = {
  native: ["assignedUserId", "assignedUserName"],
  of: ({ assignedUserId: id, assignedUserName: name }) => (textOf(id) === null ? null : { id, name: textOf(name) }),
};

export function ownFieldsOf(entity: string): Record<string, FieldTruth> {
  return {
    description: { native: ["description"], of: ({ description }) => textOf(description) },
    owner,
    createdAt: dateTime("createdAt"),
    updatedAt: dateTime("modifiedAt"),
    url: { native: ["id"], of: (_native, { origin }, id) => `${origin}/#${entity}/view/${id}` },
  };
}

const PHONE_TYPES: Readonly<Record<string, string>> = {
  Mobile: "MOBILE",
  Office: "WORK",
  Home: "HOME",
  Fax: "FAX",
  Other: "OTHER",
};

/** The primary one first. */
function ordered(value: unknown): NativeRecord[] {
  const entries = value as NativeRecord[];
  return [...entries.filter(({ primary }) => primary), ...entries.filter(({ primary }) => !primary)];
}

const ADDRESS = ["addressStreet", "addressCity", "addressState", "addressPostalCode", "addressCountry"];

/** Fields of contacts and leads. */
export const PERSON_FIELDS: Record<string, FieldTruth> = {
  firstName: { native: ["firstName"], of: ({ firstName }) => textOf(firstName) },
  lastName: { native: ["lastName"], of: ({ lastName }) => textOf(lastName) },
  title: { native: ["title"], of: ({ title }) => textOf(title) },
  emails: {
    native: ["emailAddress", "emailAddressData"],
    of: ({ emailAddressData }) =>
      ordered(emailAddressData).map(({ emailAddress: address }, index) => ({
        address,
        type: null,
        rawType: null,
        isPrimary: index === 0,
      })),
  },
  phones: {
    native: ["phoneNumber", "phoneNumberData"],
    of: ({ phoneNumberData }) =>
      ordered(phoneNumberData).map(({ phoneNumber: number, type }, index) => ({
        number,
        type: PHONE_TYPES[String(type)] ?? null,
        rawType: type,
        isPrimary: index === 0,
      })),
  },
  addresses: {
    native: ADDRESS,
    of(native) {
      const [street, city, state, postalCode, country] = ADDRESS.map((name) => textOf(native[name]));
      if ([street, city, state, postalCode, country].every((part) => part === null)) return [];
      const [street1 = null, ...more] = street?.split("\n") ?? [];
      const street2 = more.length === 0 ? null : more.join("\n");
      return [{ type: null, rawType: null, street1, street2, city, state, postalCode, country }];
    },
  },
};

const stamp = (native: string) => (record: NativeRecord) => Date.parse(instant(record[native])!);

/** Filters of all entities. */
export function sharedFilters(resource: ResourceName) {
  return {
    ownerId: {
      values(world) {
        const ids = [...world.records[resource].values()].map(({ assignedUserId }) => textOf(assignedUserId));
        return [ids.find((id) => id !== null), MISSING_IDS[0], "nobody", "%"];
      },
      passes: ({ assignedUserId }, value: string) => assignedUserId === value,
    } satisfies FilterTruth,
    createdSince: since(resource, stamp("createdAt")),
    createdUntil: until(resource, stamp("createdAt")),
    updatedSince: since(resource, stamp("modifiedAt")),
    updatedUntil: until(resource, stamp("modifiedAt")),
  };
}

function some(world: World, resource: ResourceName, textsOf: (native: NativeRecord) => unknown[], at: number): string {
  const lists = [...world.records[resource].values()].map(textsOf);
  return String(lists.find((texts) => texts.length > at)![at]);
}

/** The filters of people. */
export function personFilters(resource: ResourceName) {
  return {
    ...sharedFilters(resource),
    email: {
      values(world) {
        const address = some(world, resource, addressesOf, 0);
        const second = some(world, resource, addressesOf, 2);
        return [address, address.toUpperCase(), second, address.replace(".", "_"), "%", "nobody@example.com"];
      },
      passes: (native, value: string) => addressesOf(native).some((address) => fold(address) === fold(value)),
    } satisfies FilterTruth,
    phone: {
      values: (world) => [some(world, resource, numbersOf, 0), some(world, resource, numbersOf, 1), "555", "%"],
      passes: (native, value: string) => numbersOf(native).some((number) => fold(number) === fold(value)),
    } satisfies FilterTruth,
    name: {
      values: () => [
        "müller",
        "MULLER",
        "maria del carmen de la",
        "cruz maria",
        "O'Brien",
        "%",
        "_",
        "\\",
        "no such name",
      ],
      passes: (native, value: string) => hasText(namesOf(native), value),
    } satisfies FilterTruth,
  };
}

export const sharedOrders = { CREATED_AT: stamp("createdAt"), UPDATED_AT: stamp("modifiedAt") };

/** Names are ordered by the first name and then by the last name. Empty names come first. */
export const PARTS = "\u0000";
export function nameKey({ firstName, lastName }: NativeRecord): string {
  return `${textOf(firstName) ?? ""}${PARTS}${textOf(lastName) ?? ""}`;
}
