import { describe, expect, test } from "@jest/globals";
import { retryAfterSeconds } from "../../src/upstream/retry-after.js";

const NOW = Date.UTC(2026, 5, 10, 9, 0, 0);

describe("Retry-After", () => {
  test.each<[string | string[] | undefined, number | undefined]>([
    ["9", 9],
    [" 0 ", 0],
    ["1.5", 1.5],
    [["7", "9"], 7],
    ["Wed, 10 Jun 2026 09:00:30 GMT", 30],
    ["Wed, 10 Jun 2026 08:00:00 GMT", 0],
    [undefined, undefined],
    ["", undefined],
    [[], undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["1e9", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["-Infinity", undefined],
    ["0x10", undefined],
    ["Wed, 99 Jun 2026 99:00:00 GMT", undefined],
    ["86401", 86_400],
    ["1700000000", 86_400],
    ["1000000000000", 86_400],
    ["9".repeat(400), 86_400],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ])("%p is %p seconds", (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });
});
