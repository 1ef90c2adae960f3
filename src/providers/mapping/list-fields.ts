import { FieldProblem, type FieldEntry, type InputEntry, type NativeRecord } from "../contract/field-map.js";
import type { EmailInput, PhoneInput } from "../contract/input.js";
import type { EmailAddress, EmailType, PhoneNumber, PhoneType } from "../contract/model.js";
import { meaningOf, writtenWord, type ChoiceTable } from "./choice-table.js";
import { objectsAt } from "./members.js";
import { isSameEntry } from "./same-entry.js";
import type { ValueDialect } from "./value-dialect.js";

/** A list of addresses or numbers that is an array of objects in one native field. */
export interface ListShape<Type extends string> {
  native: string;
  /** The member with the address or number. */
  value: string;
  /** The member with the type, and the native types. Other native types read as OTHER. */
  type?: { member: string; table: ChoiceTable<Type> };
  /** The member that marks the primary entry. Without it, the first entry is the primary one. */
  primary?: string;
  /** Further members of every written entry. */
  written?: NativeRecord;
}

interface Entry<Type extends string> {
  text: string;
  type: Type | null;
  rawType: string | null;
  isPrimary: boolean;
}

interface Given<Type extends string> {
  text: string;
  type?: Type | null | undefined;
}

/** E-mail addresses in an array. */
export function emailList(dialect: ValueDialect, shape: ListShape<EmailType>): FieldEntry<EmailAddress[]> {
  return {
    reads: [shape.native],
    read: (record) => readList(dialect, shape, record).map(({ text: address, ...entry }) => ({ address, ...entry })),
    write: listInput(dialect, shape, "address", ({ address, type }: EmailInput) => ({ text: address, type })),
  };
}

/** Phone numbers in an array. */
export function phoneList(dialect: ValueDialect, shape: ListShape<PhoneType>): FieldEntry<PhoneNumber[]> {
  return {
    reads: [shape.native],
    read: (record) => readList(dialect, shape, record).map(({ text: number, ...entry }) => ({ number, ...entry })),
    write: listInput(dialect, shape, "number", ({ number, type }: PhoneInput) => ({ text: number, type })),
  };
}

/** An entry without a type keeps the type that it has in the stored list. */
function listInput<Type extends string, Value>(
  dialect: ValueDialect,
  shape: ListShape<Type>,
  member: "address" | "number",
  given: (value: Value) => Given<Type>,
): InputEntry {
  const entries = (value: Value[] | null) => (value ?? []).map(given);
  return {
    native: [shape.native],
    toNative: (value: Value[] | null) => writeList(dialect, shape, member, entries(value)),
    ...(shape.type && {
      stored: {
        isNeeded: (value: Value[] | null) => entries(value).some(({ type }) => !type),
        toNative: (value: Value[] | null, current: NativeRecord) =>
          writeList(dialect, shape, member, entries(value), objectsAt(current, shape.native)),
      },
    }),
  };
}

/** Reads the entries, the primary entry first. */
function readList<Type extends string>(
  { readText }: ValueDialect,
  { native, value, type, primary }: ListShape<Type>,
  record: NativeRecord,
): Entry<Type>[] {
  const entries = objectsAt(record, native).flatMap((members): (Entry<Type> & { marked: boolean })[] => {
    const text = readText(members[value]);
    if (text === null) return [];
    const rawType = type ? readText(members[type.member]) : null;
    const marked = primary !== undefined && members[primary] === true;
    return [{ text, type: unifiedType(type, rawType), rawType, isPrimary: false, marked }];
  });
  const first = Math.max(
    0,
    entries.findIndex(({ marked }) => marked),
  );
  const ordered = [...entries.slice(first, first + 1), ...entries.slice(0, first), ...entries.slice(first + 1)];
  return ordered.map(({ marked: _marked, ...entry }, index) => ({ ...entry, isPrimary: index === 0 }));
}

function unifiedType<Type extends string>(type: ListShape<Type>["type"], rawType: string | null): Type | null {
  return type && rawType !== null ? (meaningOf(type.table, rawType) ?? ("OTHER" as Type)) : null;
}

function writeList<Type extends string>(
  { providerName }: ValueDialect,
  { native, value, type, primary, written }: ListShape<Type>,
  member: "address" | "number",
  given: readonly Given<Type>[],
  stored: readonly NativeRecord[] = [],
): NativeRecord {
  const items = given.map(({ text, type: wanted }, index) => {
    if (text.trim() === "")
      throw new FieldProblem(
        `Expected a non-empty ${member}, got an empty one. Fill it in or omit the entry.`,
        `${index}.${member}`,
      );
    if (wanted && !type) throw new FieldProblem(`${providerName} stores no type here. Omit the type.`, `${index}.type`);
    const theirs: unknown =
      type &&
      (wanted ? writtenWord(type.table, wanted) : stored.find((one) => isSameEntry(one[value], text))?.[type.member]);
    if (wanted && theirs === undefined) {
      const types = [...new Set(Object.values(type!.table))].join(", ");
      throw new FieldProblem(`${providerName} does not have this type. Use one of: ${types}.`, `${index}.type`);
    }
    return {
      ...written,
      [value]: text.trim(),
      ...(theirs ? { [type!.member]: theirs } : {}),
      ...(primary === undefined ? {} : { [primary]: index === 0 }),
    };
  });
  return { [native]: items };
}
