/** What tokens and keys look like: connect tokens, API keys, JWEs and JWTs, and the sandbox CRMs' own tokens. */
const SHAPES = [
  /ct_eyJ[\w.-]+/g,
  /sk_(?:live|test)_[A-Za-z0-9]{20,}/g,
  /eyJ[\w-]{10,}\.[\w.-]+/g,
  /\b(?:hs|sf)-(?:rt-)?[a-z0-9.-]+\b/g,
  /\b(?:pat-sandbox|00Dsandbox|odoo-sandbox)-[a-z0-9-]+/g,
];

/** The secrets that stand in a text: the known ones, and all that looks like one. */
export function secretsIn(text: string, known: readonly string[] = []): string[] {
  return [...known.filter((secret) => text.includes(secret)), ...SHAPES.flatMap((shape) => text.match(shape) ?? [])];
}
