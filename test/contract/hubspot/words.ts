import { textOf } from "../stage/truth.js";

/** HubSpot matches whole words, in any case and order. A text without words matches nothing. */
export function hasAllWords(text: unknown, wanted: string): boolean {
  const words = wordsOf(wanted);
  const present = new Set(wordsOf(textOf(text) ?? ""));
  return words.length > 0 && words.every((word) => present.has(word));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
