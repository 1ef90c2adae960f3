/** A number as Close keeps it: a plus sign and digits where the country is told, as it was given otherwise. */
export function phoneAsKept(number: string): string {
  const text = number.trim();
  return text.startsWith("+") ? `+${text.replace(/\D/g, "")}` : text;
}
