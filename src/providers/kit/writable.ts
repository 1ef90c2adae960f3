import { invalidInput } from "../../errors/crm-error.js";
import type { Columns } from "../contract/columns.js";
import { FieldProblem, type AnyFieldMap, type InputEntry, type NativeRecord } from "../contract/field-map.js";
import type { ResourceName } from "../contract/model.js";
import { inputEntries, inputPath } from "../mapping/write-record.js";
import type { PendingWrite } from "./resource-rules.js";

/**
 * Leaves out of a write what the account cannot store. To clear a column that is not there changes nothing. An input with
 * several places, such as phone numbers, uses those that are there.
 * @throws CrmError INVALID_INPUT naming the native columns of values for which no place is left
 */
export function writable<Resource extends ResourceName>(
  map: AnyFieldMap,
  write: PendingWrite<Resource>,
  columns: Columns,
): PendingWrite<Resource> {
  const isWritable = (column: string) => columns.isWritable(column);
  const absent = Object.keys(write.native).filter((column) => !isWritable(column));
  if (absent.length === 0) return write;
  const native = { ...write.native, ...placedElsewhere(map, write, absent, isWritable) };
  const errors: Record<string, string> = {};
  // An input with several places may name further ones that are not there.
  for (const column of Object.keys(native).filter((each) => !isWritable(each))) {
    if (!isCleared(native[column]))
      errors[column] =
        `This ${map.providerName} account has no field for this, or the connected user may not write it.`;
    delete native[column];
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
  return { ...write, native };
}

/** The inputs with several places, written to the places that are there. */
function placedElsewhere(
  map: AnyFieldMap,
  { input, current }: { input: object; current: NativeRecord | null },
  absent: readonly string[],
  isWritable: (column: string) => boolean,
): NativeRecord {
  const entries = [...inputEntries(map)].filter(
    ([name, { native }]: [string, InputEntry]) =>
      (input as Record<string, unknown>)[name] !== undefined &&
      native.length > 1 &&
      native.some((column) => absent.includes(column)),
  );
  const place = ([name, entry]: [string, InputEntry]) => {
    try {
      const value = (input as Record<string, unknown>)[name] as never;
      return current && entry.stored
        ? entry.stored.toNative(value, current, isWritable)
        : entry.toNative(value, isWritable);
    } catch (error) {
      if (error instanceof FieldProblem)
        throw invalidInput({ [inputPath(error.input ?? name, error.path)]: error.message });
      throw error;
    }
  };
  return Object.assign({}, ...entries.map(place)) as NativeRecord;
}

function isCleared(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object" && value !== null) return Object.values(value).every(isCleared);
  return value === undefined || value === null || value === "" || value === false;
}
