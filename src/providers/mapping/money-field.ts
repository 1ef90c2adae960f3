import { FieldProblem, type FieldEntry, type NativeRecord } from "../contract/field-map.js";
import type { Money } from "../contract/model.js";
import type { ValueDialect } from "./value-dialect.js";

/** Maximum number of digits that every JSON parser keeps exactly. */
const DIGITS_MAX = 15;

/** Native fields of an amount and of its currency. */
export interface MoneyShape {
  amount: string;
  currency: string;
  /** False if the CRM refuses negative amounts. */
  isSigned?: boolean;
  /** The native fields that clear the money. Defaults to clearing both fields. */
  none?: NativeRecord;
}

/** Money in two native fields. The amount is a number. */
export function moneyField(dialect: ValueDialect, shape: MoneyShape): FieldEntry<Money | null> {
  const { amount, currency, isSigned = true, none } = shape;
  const { cleared } = dialect;
  return {
    reads: [amount, currency],
    read: (record) => readMoney(dialect, record[amount], record[currency]),
    write: {
      native: [amount, currency],
      toNative(value: Money | null) {
        if (value === null) return none ?? { [amount]: cleared, [currency]: cleared };
        if (!isSigned && value.amount.startsWith("-")) throw new FieldProblem("Expected no negative amount.", "amount");
        return { [amount]: amountOf(value), [currency]: value.currency };
      },
    },
  };
}

/** Reads money. Null if the amount or the currency is missing. */
export function readMoney({ readText }: ValueDialect, amount: unknown, currency: unknown): Money | null {
  const [sum, unit] = [readText(amount), readText(currency)];
  return sum === null || unit === null ? null : { amount: sum, currency: unit };
}

/**
 * Returns the number to write. @throws FieldProblem if the amount is no decimal number, or has more digits than JSON
 * keeps
 */
export function amountOf({ amount }: Money): number {
  const digits = amount.replace(/\D/g, "").replace(/^0+/, "");
  if (/^-?\d+(\.\d+)?$/.test(amount) && digits.length <= DIGITS_MAX) return Number(amount);
  throw new FieldProblem(`Expected a decimal number of at most ${DIGITS_MAX} digits, such as 1250.50.`, "amount");
}
