/**
 * Native words, each with its unified meaning: `{ Planned: "SCHEDULED", Held: "COMPLETED" }`. If several words have one
 * meaning, crmesh writes the first word. A native word that is not in the table means OTHER.
 */
export type ChoiceTable<Unified extends string> = Readonly<Record<string, Unified>>;

/** Unified meaning of a native word, in upper or lower case. Undefined if the table does not have the word. */
export function meaningOf<Unified extends string>(table: ChoiceTable<Unified>, word: string): Unified | undefined {
  if (Object.hasOwn(table, word)) return table[word];
  const lower = word.toLowerCase();
  return Object.entries(table).find(([own]) => own.toLowerCase() === lower)?.[1];
}

/** Native words with a unified meaning. For OTHER these are all words: a record that means OTHER has none of them. */
export function wordsFor<Unified extends string>(table: ChoiceTable<Unified>, meaning: Unified | "OTHER"): string[] {
  return Object.keys(table).filter((word) => meaning === "OTHER" || table[word] === meaning);
}

/** Native word that is written for a unified value. Undefined if the CRM has no such value. */
export function writtenWord<Unified extends string>(table: ChoiceTable<Unified>, meaning: Unified): string | undefined {
  return Object.keys(table).find((word) => table[word] === meaning);
}
