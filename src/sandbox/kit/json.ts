/** Reads JSON: request bodies, and what cursors contain. @throws SyntaxError */
export function readJson(text: string): unknown {
  return JSON.parse(text) as unknown;
}

/** Writes JSON: the bodies of answers, and what cursors contain. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value);
}

/** A JSON value as the text that JavaScript makes of it, but an object as its JSON. */
export function textOf(value: unknown): string {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return writeJson(value);
  const plain = value as string | number | boolean | null | undefined | unknown[];
  return String(plain);
}
