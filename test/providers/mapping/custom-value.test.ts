import { describe, expect, test } from "@jest/globals";
import { FieldProblem } from "../../../src/providers/contract/field-map.js";
import { writeCustomValue } from "../../../src/providers/crm/odoo/definitions.js";
import { customValueReader, numberToWrite } from "../../../src/providers/mapping/custom-value.js";
import { jsonDialect } from "../../../src/providers/mapping/json-dialect.js";
import { LongNumber } from "../../../src/upstream/long-number.js";

describe("a custom field of numbers", () => {
  const read = customValueReader(jsonDialect("A CRM"));

  test.each<[unknown, unknown]>([
    [7.5, 7.5],
    [0, 0],
    ["7.50", 7.5],
    [" 12 ", 12],
    ["1e3", 1000],
    ["9007199254740993", "9007199254740993"],
    [" -123456789012345678 ", "-123456789012345678"],
    ["12345678901234.5678", "12345678901234.5678"],
    ["9007199254740992", 9007199254740992],
    // Null would say that the field is empty.
    ["much", "much"],
    ["", null],
    [null, null],
    [undefined, null],
  ])("%p is read as %p", (native, value) => {
    expect(read(native, "NUMBER")).toBe(value);
  });

  test.each<[unknown, string]>([
    [7.5, "7.5"],
    ["7.50", "7.5"],
    ["9007199254740993", "9007199254740993"],
    ["0012345678901234567", "12345678901234567"],
    [new LongNumber("9007199254740993"), "9007199254740993"],
    [null, "null"],
    [true, "true"],
  ])("%p is written as %s", (value, json) => {
    expect(JSON.stringify(numberToWrite(value))).toBe(json);
  });

  test.each(["much", "12 apples", " ", "0x10", "1,5", "NaN"])("%p is no number to write", (text) => {
    expect(() => numberToWrite(text)).toThrow(FieldProblem);
  });
});

describe("an integer of Odoo", () => {
  const field = { type: "integer", string: "Count" };

  test.each([2_147_483_647, -2_147_483_647, "2147483647"])("%p fits", (value) => {
    expect(writeCustomValue(value, field)).toBe(Number(value));
  });

  test.each([2_147_483_648, "9007199254740993", new LongNumber("9007199254740993")])("%p does not", (value) => {
    expect(() => writeCustomValue(value, field)).toThrow(/32 bits/);
  });
});
