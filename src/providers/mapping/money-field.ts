import { FieldProblem, type FieldEntry, type NativeRecord } from "../contract/field-map.js";
import type { Money } from "../contract/model.js";
import type { ValueDialect } from "./value-dialect.js";

/** Most digits that every JSON parser keeps in a number. */
const DIGITS_MAX = 15;

/** Native fields of an amount and of its currency. */
export interface MoneyShape {
  amount: string;
  currency: string;
  /** False if the CRM refuses negative amounts. */
  isSigned?: boolean;
  /** What is written to clear the money. Defaults to clearing both fields. */
  none?: NativeRecord;
}

/** An amount of money in two native fields, of which the amount is a number. */
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

/** Reads money. An amount without a currency is none. */
export function readMoney({ readText }: ValueDialect, amount: unknown, currency: unknown): Money | null {
  const [sum, unit] = [readText(amount), readText(currency)];
  return sum === null || unit === null ? null : { amount: sum, currency: unit };
}

/** The number to write. @throws FieldProblem if the amount is no decimal number, or has more digits than JSON keeps */
export function amountOf({ amount }: Money): number {
  const digits = amount.replace(/\D/g, "").replace(/^0+/, "");
  if (/^-?\d+(\.\d+)?$/.test(amount) && digits.length <= DIGITS_MAX) return Number(amount);
  throw new FieldProblem(`Expected a decimal number of at most ${DIGITS_MAX} digits, such as 1250.50.`, "amount");
}
