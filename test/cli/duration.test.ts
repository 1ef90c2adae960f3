import { expect, test } from "@jest/globals";
import { durationMs } from "../../src/cli/duration.js";

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["24h", 86_400_000],
  ["7d", 604_800_000],
  ["0m", 0],
])("%s is %i milliseconds", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(["", "24", "h", "1.5h", "-1h", "1 h", "24h ", "1w", "99999999d"])("%j is no duration", (text) => {
  expect(durationMs(text)).toBeNull();
});
