/** Numbers with fewer digits are the same only if their texts are. */
const DIGITS_MIN = 3;

/** Whether two texts are the same e-mail address or phone number, in whatever notation the CRM stores it. */
export function isSameEntry(one: unknown, other: unknown): boolean {
  const [left, right] = [textOf(one), textOf(other)];
  if (left === right) return left !== "";
  const [digits, others] = [digitsOf(left), digitsOf(right)];
  return digits !== null && digits === others;
}

const textOf = (value: unknown) => (typeof value === "string" ? value.trim().toLowerCase() : "");

/** The digits of a phone number. Null for any other text. */
function digitsOf(text: string): string | null {
  const digits = text.replace(/\D/g, "");
  return /^[+\d\s()./-]+$/.test(text) && digits.length >= DIGITS_MIN ? digits : null;
}
