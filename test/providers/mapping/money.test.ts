import { expect, test } from "@jest/globals";
import { jsonDialect } from "../../../src/providers/mapping/json-dialect.js";
import { amountOf, moneyField } from "../../../src/providers/mapping/money-field.js";

const dialect = jsonDialect("Acme CRM");
const { read, write } = moneyField(dialect, { amount: "sum", currency: "unit" });
const context = { origin: "https://acme.example.com", customFields: [] };

test("money is an amount and its currency", () => {
  expect(read({ sum: 12.5, unit: "EUR" }, context)).toEqual({ amount: "12.5", currency: "EUR" });
  expect(read({ sum: 0, unit: "EUR" }, context)).toEqual({ amount: "0", currency: "EUR" });
  expect(read({ sum: 12.5, unit: null }, context)).toBeNull();
  expect(read({ sum: null, unit: "EUR" }, context)).toBeNull();
});

test("it is written in both fields, and cleared in both unless the CRM wants otherwise", () => {
  expect(write!.toNative({ amount: "12.50", currency: "EUR" } as never)).toEqual({ sum: 12.5, unit: "EUR" });
  expect(write!.toNative(null as never)).toEqual({ sum: null, unit: null });
  const own = moneyField(dialect, { amount: "sum", currency: "unit", none: { sum: 0 } });
  expect(own.write!.toNative(null as never)).toEqual({ sum: 0 });
});

test("a CRM can refuse negative amounts", () => {
  const unsigned = moneyField(dialect, { amount: "sum", currency: "unit", isSigned: false });
  expect(write!.toNative({ amount: "-1", currency: "EUR" } as never)).toEqual({ sum: -1, unit: "EUR" });
  expect(() => unsigned.write!.toNative({ amount: "-1", currency: "EUR" } as never)).toThrow("negative");
});

test.each(["", "much", "1e3", "1,5", "0x10", ".5", "1.", "1234567890123456", "12345678901234567.89"])(
  "%j is not an amount that a number can hold",
  (amount) => {
    expect(() => amountOf({ amount, currency: "EUR" })).toThrow("Expected a decimal number of at most 15 digits");
  },
);

test.each([
  ["0", 0],
  ["0.00000000000000001", 1e-17],
  ["-123456789012.345", -123456789012.345],
])("%s is %d", (amount, number) => {
  expect(amountOf({ amount, currency: "EUR" })).toBe(number);
});
