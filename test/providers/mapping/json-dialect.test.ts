import { expect, test } from "@jest/globals";
import { readText } from "../../../src/providers/mapping/json-dialect.js";

test.each<[unknown, string | null]>([
  [null, null],
  [undefined, null],
  ["", null],
  ["text", "text"],
  [0, "0"],
  [false, "false"],
  [["a", "b"], "a,b"],
  [{ street: "Main Street 1" }, '{"street":"Main Street 1"}'],
])("the text of %j is %j", (value, expected) => {
  expect(readText(value)).toBe(expected);
});
