import { CrmError } from "../../errors/crm-error.js";
import type { ProviderContext } from "../contract/contract.js";
import type { AnyFieldMap, CustomFieldDefinition, NativeRecord } from "../contract/field-map.js";
import { notingKnown } from "./known-definitions.js";

type Definitions = readonly CustomFieldDefinition[];
/** The selected definitions, or the error with which they could not be read. */
type Selected = Definitions | CrmError;
type Shape = (native: NativeRecord, definitions: Definitions) => NativeRecord;

/** The most options that are remembered as not found, and the most characters of one. A CRM can answer any text as a value. */
const [MAX_MISSED, MAX_OPTION] = [1_000, 255];

/**
 * Loads the definitions of a read, and loads them once more if a record then has an option that the remembered ones lack:
 * an administrator may have added it since.
 */
export async function definitionsOfRead(
  context: ProviderContext,
  { map, shape }: { map: AnyFieldMap; shape: Shape | undefined },
  load: (context: ProviderContext) => Promise<Selected>,
) {
  const noting = notingKnown(context);
  const selected = await load(noting.context);

  /** The definitions for these records: the loaded ones, or newer ones. */
  async function forRecords(natives: readonly NativeRecord[]): Promise<Selected> {
    if (selected instanceof CrmError || noting.known.size === 0) return selected;
    const unknown = unknownOptions(selected, natives);
    if (unknown.length === 0) return selected;
    // Records keep options that were deleted: what was looked for in vain is not looked for again.
    const missed = await context.memo(`options not found ${map.resource}`, () => Promise.resolve(new Set<string>()));
    if (missed.size >= MAX_MISSED || unknown.every((option) => missed.has(option))) return selected;
    for (const definition of noting.known) context.forget(definition);
    const newer = await load(context);
    // The records can be read with the labels that are known.
    if (newer instanceof CrmError) return selected;
    for (const option of unknownOptions(newer, natives).slice(0, MAX_MISSED)) missed.add(option);
    return newer;
  }

  /** `key value` of each option in the records that the definitions do not have. */
  function unknownOptions(definitions: Definitions, natives: readonly NativeRecord[]): string[] {
    const choices = definitions.filter(({ optionLabels }) => optionLabels);
    if (choices.length === 0) return [];
    return natives.flatMap((native) => {
      const record = shape ? shape(native, definitions) : native;
      return choices.flatMap(({ key, type, optionLabels }) =>
        [map.custom!.read(record[key], type)]
          .flat()
          .filter((value): value is string => typeof value === "string" && value.length <= MAX_OPTION)
          .filter((value) => !optionLabels!.has(value))
          .map((value) => `${key} ${value}`),
      );
    });
  }

  return { selected, forRecords };
}
