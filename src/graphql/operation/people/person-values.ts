import { compare } from "./member.js";

/** A record of a person, as its values are read. */
export interface ValueRecord<Source> {
  source: Source;
  /** When the record was last changed; milliseconds since the epoch. */
  changedAt: number;
  /** The unified fields of the record. */
  fields: Readonly<Record<string, unknown>>;
}

export type FieldName = (typeof FIELD_NAMES)[number];

/** The fields of a person that have one value. */
export const FIELD_NAMES = [
  "firstName",
  "lastName",
  "fullName",
  "title",
  "department",
  "company",
  "lifecycleStage",
  "leadSource",
  "doNotContact",
  "lastActivityAt",
] as const;

type Plain = string | boolean;

export interface SourcedValue<Source> {
  value: Plain;
  source: Source;
}

export interface FieldValue<Source> extends SourcedValue<Source> {
  name: FieldName;
  /** Values of other records that disagree, the newest first. */
  conflicts: readonly SourcedValue<Source>[];
}

/** Values with all records that have them. */
export interface Shared<Value, Source> {
  value: Value;
  sources: readonly Source[];
}

/** The fields of a person: of each, the value of the record that was changed last, and those that disagree with it. */
export function fieldsOf<Source>(records: readonly ValueRecord<Source>[]): FieldValue<Source>[] {
  const newest = records.toSorted((one, other) => compare(other.changedAt, one.changedAt));
  return FIELD_NAMES.flatMap((name): FieldValue<Source>[] => {
    const values = newest.flatMap(({ fields, source }) => {
      const value = plain(name, fields);
      return value === null ? [] : [{ value, source }];
    });
    if (name === "lastActivityAt") {
      // Times of activities in several CRMs do not disagree: the latest is the person's.
      const latest = values.toSorted((one, other) => compare(String(other.value), String(one.value)))[0];
      return latest ? [{ name, ...latest, conflicts: [] }] : [];
    }
    const [first, ...conflicts] = distinctBy(values, ({ value }) => comparable(value));
    return first ? [{ name, ...first, conflicts }] : [];
  });
}

/** The items of all records, those that are equal as one. */
export function sharedValues<Item, Source>(
  records: readonly ValueRecord<Source>[],
  itemsOf: (fields: ValueRecord<Source>["fields"]) => readonly Item[],
  keyOf: (item: Item) => string,
): Shared<Item, Source>[] {
  const found = new Map<string, { value: Item; sources: Source[] }>();
  for (const { fields, source } of records) {
    for (const [key, item] of firstByKey(itemsOf(fields), keyOf)) {
      const known = found.get(key);
      if (known) known.sources.push(source);
      else found.set(key, { value: item, sources: [source] });
    }
  }
  return [...found.values()];
}

/** Letters of the other case and more spaces are no other value. */
export function comparable(value: Plain): string {
  return typeof value === "string" ? value.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase() : String(value);
}

function plain(name: FieldName, fields: Readonly<Record<string, unknown>>): Plain | null {
  const value =
    name === "company" ? companyOf(fields) : name === "leadSource" ? (fields[name] ?? fields["source"]) : fields[name];
  if (typeof value === "boolean") return value;
  // CRMs show the address of a contact that has no name.
  if (typeof value !== "string" || value.trim() === "" || (name === "fullName" && value.includes("@"))) return null;
  return value;
}

/** The name of the company of a contact or a lead. */
export function companyOf(fields: Readonly<Record<string, unknown>>): string | null {
  const { company, companyName } = fields as { company?: { name?: unknown } | null; companyName?: unknown };
  const name = company?.name ?? companyName;
  return typeof name === "string" && name.trim() !== "" ? name : null;
}

function distinctBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...firstByKey(items, keyOf).values()];
}

function firstByKey<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item> {
  const byKey = new Map<string, Item>();
  for (const item of items) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item);
  return byKey;
}
