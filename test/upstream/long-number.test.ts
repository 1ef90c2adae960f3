import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { isExact, LongNumber, mayHoldLongNumbers, numberFrom, parseJson } from "../../src/upstream/long-number.js";

const asText = (digits: string) => digits;

describe("a number that a double gives back", () => {
  test.each([
    ["0", "-0", "0.0", "0e5", "1", "-17", "2147483648"],
    ["9007199254740991", "9007199254740992", "-9007199254740992", "1000000000000000000", "1e21", "1E+21"],
    ["0.1", "12.50", "0.30000000000000004", "7654321.25", "123456789012345", "1.7976931348623157e308", "5e-324"],
    ["9007199254740992.0", "9.007199254740992E15", "0.00000000000000000000000000000001", "0007"],
  ])("%s and the like", (...texts) => {
    for (const text of texts) expect([text, isExact(text), numberFrom(text)]).toEqual([text, true, Number(text)]);
  });
});

describe("a number that a double does not give back", () => {
  test.each([
    ["9007199254740993", "-9007199254740993", "123456789012345678", "9007199254740993.0", "9.007199254740993E15"],
    ["0.1234567890123456789", "12345678901234.5678", "1234567890123456.78", "1180591620717411303424"],
    ["1e400", "-1e400", "1e-400", "9".repeat(400), `0.${"0".repeat(400)}1`],
  ])("%s and the like", (...texts) => {
    for (const text of texts) {
      expect([text, isExact(text), String(numberFrom(text))]).toEqual([text, false, text]);
      expect(JSON.stringify({ a: [numberFrom(text)] })).toBe(`{"a":[${text}]}`);
    }
  });

  test("is written without the zeros in front of it, which JSON does not allow", () => {
    expect(JSON.stringify(numberFrom("-0009007199254740993"))).toBe("-9007199254740993");
  });

  test("shows none of its parts to code that walks over values", () => {
    const long = new LongNumber("9007199254740993");
    expect([Object.keys(long), Object.entries(long), `${inspect(long)}`]).toEqual([[], [], "LongNumber {}"]);
    expect([[long, "b"].join(";"), String(long)]).toEqual(["9007199254740993;b", "9007199254740993"]);
  });

  test("takes a loop over its digits, and no more, to tell", () => {
    // Quadratic time would exceed the time-out of a test.
    const digits = `1${"0".repeat(2_000_000)}1`;
    expect(isExact(digits)).toBe(false);
    expect(parseJson(`[${digits}]`, (text) => text.length)).toEqual([digits.length]);
  });
});

test.each(["", " ", "abc", "12 apples", "0x10", "+5", ".5", "5.", "1e", "Infinity", "NaN", "1,5", "١٢"])(
  "%p spells no number",
  (text) => {
    expect(numberFrom(text)).toBeUndefined();
  },
);

describe("reading JSON", () => {
  test("only long numbers are kept, wherever they stand", () => {
    const text =
      ' {"a":9007199254740993,"b":[-9007199254740993,\n\t0.1234567890123456789],"c":{"d":12345678901234.5678},"e":7,"9007199254740993":1.50}';
    expect(parseJson(text, asText)).toEqual({
      a: "9007199254740993",
      b: ["-9007199254740993", "0.1234567890123456789"],
      c: { d: "12345678901234.5678" },
      e: 7,
      "9007199254740993": 1.5,
    });
    for (const alone of ["9007199254740993", "-9007199254740993", " 9007199254740993"])
      expect(parseJson(alone, asText)).toBe(alone.trim());
  });

  test("digits in strings stay strings, and cost nothing", () => {
    const text = '{"id":"4150868000000225013","at":"2026-11-30T09:00:00.000000000Z","n":[1,2.5,1234567890123]}';
    expect(mayHoldLongNumbers(text)).toBe(false);
    expect(parseJson(text, asText)).toEqual(JSON.parse(text));
    expect(parseJson('{"text":"call 4150868000000225013","n":1}', asText)).toEqual({
      text: "call 4150868000000225013",
      n: 1,
    });
  });

  test("no name of a member reaches a prototype", () => {
    const read = parseJson('{"__proto__":{"evil":9007199254740993}}', asText) as object;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.entries(read)).toEqual([["__proto__", { evil: "9007199254740993" }]]);
  });

  test("broken JSON is a SyntaxError, as it is without long numbers", () => {
    expect(() => parseJson('{"a":9007199254740993,}', asText)).toThrow(SyntaxError);
    expect(() => parseJson('{"a":1,}', asText)).toThrow(SyntaxError);
  });
});
