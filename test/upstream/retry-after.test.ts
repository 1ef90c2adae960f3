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
  ])("%p is %p seconds", (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });
});
