import { FieldProblem, type CompositeInput, type FieldEntry } from "../contract/field-map.js";
import { meaningOf, writtenWord, type ChoiceTable } from "./choice-table.js";
import type { ValueDialect } from "./value-dialect.js";

/** Entries of native picklists. */
export function choiceFields({ providerName, cleared, readText }: ValueDialect) {
  /** Reads a picklist in unified words. */
  function choice<Unified extends string>(
    native: string,
    table: ChoiceTable<Unified>,
  ): FieldEntry<Unified | "OTHER" | null> {
    return {
      reads: [native],
      read(record) {
        const word = readText(record[native]);
        return word === null ? null : (meaningOf(table, word) ?? "OTHER");
      },
    };
  }

  /**
   * Reads and writes a picklist in unified words only.
   * @param write turns the native word into the value to write, e.g. `Number`
   */
  function writableChoice<Unified extends string>(
    native: string,
    table: ChoiceTable<Unified>,
    write: (word: string) => unknown = (word) => word,
  ): FieldEntry<Unified | "OTHER" | null> {
    return {
      ...choice(native, table),
      write: {
        native: [native],
        toNative: (value: Unified | null) => ({ [native]: value === null ? cleared : write(wordOf(table, value)) }),
      },
    };
  }

  /**
   * Writes a picklist from its unified input, or from its raw input for the account's own values. Refuses both
   * together.
   */
  function choiceInput<Unified extends string, Name extends string, Raw extends string>(
    name: Name,
    raw: Raw,
    native: string,
    table: ChoiceTable<Unified>,
  ): CompositeInput<{ [Key in Name]?: Unified | null | undefined } & { [Key in Raw]?: string | null | undefined }> {
    return {
      inputs: [name, raw] as never,
      native: [native],
      toNative(given) {
        const unified = given[name] as Unified | null | undefined;
        const rawValue = given[raw];
        if (unified && rawValue) throw new FieldProblem(`Give either ${name} or ${raw}, not both.`, "", raw);
        if (rawValue) return { [native]: rawValue };
        return { [native]: unified ? wordOf(table, unified, name) : cleared };
      },
    };
  }

  function wordOf<Unified extends string>(table: ChoiceTable<Unified>, value: Unified, input?: string): string {
    const word = writtenWord(table, value);
    if (word !== undefined) return word;
    const known = [...new Set(Object.values(table))].join(", ");
    throw new FieldProblem(`${providerName} does not have this value. Use one of: ${known}.`, "", input);
  }

  return { choice, choiceInput, writableChoice };
}
