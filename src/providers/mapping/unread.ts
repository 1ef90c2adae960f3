import type { CrmError } from "../../errors/crm-error.js";
import type { NativeRecord, Reads } from "../contract/field-map.js";

/** Native fields and parts of a record that could not be read, with the error of the call that failed. */
type Unread = Readonly<Record<string, CrmError>>;

/** A symbol is no field of any CRM, and JSON leaves it out. */
const UNREAD = Symbol("unread");

type Marked = NativeRecord & { [UNREAD]?: Unread };

/**
 * Marks native fields and parts of a record whose call failed. The unified fields that read them then fail with the
 * error of the call, and the others are answered.
 */
export function withUnread(record: NativeRecord, names: readonly string[], error: CrmError): NativeRecord {
  const unread: Unread = { ...unreadOf(record), ...Object.fromEntries(names.map((name) => [name, error])) };
  const marked: Marked = { ...record, [UNREAD]: unread };
  return marked;
}

export function unreadOf(record: Marked): Unread | undefined {
  return record[UNREAD];
}

/** @throws CrmError of the first part that could not be read */
export function assertRead(records: readonly NativeRecord[]): void {
  for (const record of records) for (const error of Object.values(unreadOf(record) ?? {})) throw error;
}

/**
 * The paths of a unified field that need certain native names: the field itself, or only some of its nested fields.
 * @param find the meaning of a native name; undefined for the names that do not count
 */
export function pathsNeeding<Meaning>(
  field: string,
  reads: Reads,
  find: (native: string) => Meaning | undefined,
): [path: string, meaning: Meaning][] {
  const first = (names: readonly string[]) => names.map(find).find((meaning) => meaning !== undefined);
  const paths = (path: string, names: readonly string[]): [string, Meaning][] => {
    const meaning = first(names);
    return meaning === undefined ? [] : [[path, meaning]];
  };
  if (typeof reads !== "function") return paths(field, reads);
  const nested = new Set<string>();
  const whole = paths(
    field,
    reads((name) => nested.add(name) && false),
  );
  if (whole.length > 0) return whole;
  return [...nested].flatMap((name) =>
    paths(
      `${field}.${name}`,
      reads((other) => other === name),
    ),
  );
}
