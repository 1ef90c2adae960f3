const rawJson = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON;

/** A number as its JSON spells it, where a double has fewer digits. `Number(…)` rounds it to a double. */
export class ExactNumber {
  constructor(readonly digits: string) {}

  valueOf(): number {
    return Number(this.digits);
  }

  toString(): string {
    return this.digits;
  }

  toJSON(): unknown {
    return rawJson(this.digits);
  }
}

export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}

/** Rounds what JSON spells exactly to a double, as columns of floating point do. Other values stay. */
export function asDouble(value: unknown): unknown {
  return value instanceof ExactNumber ? Number(value) : value;
}

/** Whether a double gives all digits of a number back. */
export function isKept(number: string): boolean {
  const [digits, power] = partsOf(number);
  const [kept, keptPower] = partsOf(String(Number(number)));
  return digits === kept && (digits === "" || power === keptPower);
}

/** The digits of a decimal number without its sign, the zeros around them, and the power of ten of the last one. */
function partsOf(number: string): [digits: string, power: number] {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const all = whole + fraction;
  let [start, end] = [0, all.length];
  while (all[start] === "0") start += 1;
  while (end > start && all[end - 1] === "0") end -= 1;
  return [all.slice(start, end), Number(exponent) - fraction.length + all.length - end];
}
