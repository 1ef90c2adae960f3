/** Reads JSON: request bodies, and what cursors contain. @throws SyntaxError */
export function readJson(text: string): unknown {
  return JSON.parse(text) as unknown;
}

/** Writes JSON: the bodies of answers, and what cursors contain. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value);
}
