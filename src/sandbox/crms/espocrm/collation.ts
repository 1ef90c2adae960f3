/** How MySQL's collation utf8mb4_unicode_ci sees a text, nearly: without regard to case and accents. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

const patterns = new Map<string, RegExp>();
const MAX_PATTERNS = 500;

/** SQL's LIKE: `%` and `_` are wildcards, a backslash takes the next character as it is. */
export function isLike(text: string, pattern: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    const source = folded(pattern).replace(/\\([^])|([^])/gu, (_all, escaped?: string, plain?: string) => {
      if (plain === "%") return "[^]*";
      return plain === "_" ? "[^]" : literal(escaped ?? plain ?? "");
    });
    patterns.set(pattern, (compiled = new RegExp(`^${source}$`, "u")));
  }
  return compiled.test(folded(text));
}

function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
