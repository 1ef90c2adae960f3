import { describe, expect, test } from "@jest/globals";
import { FieldProblem } from "../../src/providers/contract/field-map.js";
import { writeCustomValue } from "../../src/providers/crm/odoo/definitions.js";
import { customValueReader } from "../../src/providers/mapping/custom-value.js";
import { jsonDialect } from "../../src/providers/mapping/json-dialect.js";

const read = customValueReader(jsonDialect("A CRM"));

describe("values of custom fields", () => {
  test.each([
    ["NUMBER", "about ten", "about ten"],
    ["BOOLEAN", "perhaps", "perhaps"],
    ["DATE", "next week", "next week"],
    ["DATE_TIME", "2026-13-45", "2026-13-45"],
    ["NUMBER", "12.5", 12.5],
    ["DATE", "2026-02-03T10:00:00Z", "2026-02-03"],
    ["NUMBER", "", null],
    ["DATE_TIME", null, null],
  ] as const)("a %s whose stored value is %j is read as %j", (type, stored, expected) => {
    expect(read(stored, type)).toBe(expected);
  });

  test("Odoo's lists of linked records are written as crmesh reads them", () => {
    const topics = { type: "many2many", string: "Topics" };
    expect(writeCustomValue([7, "9", 7], topics)).toEqual([[6, 0, [7, 9]]]);
    expect(writeCustomValue([], topics)).toEqual([[6, 0, []]]);
    for (const wrong of ["7", [1.5], ["x"], [{ id: 7 }], [-1]])
      expect(() => writeCustomValue(wrong, topics)).toThrow(FieldProblem);
  });
});
