import { expect, test } from "@jest/globals";
import {
  addDays,
  dateOf,
  dayAt,
  dayFrom,
  dayIn,
  daysIn,
  DAY_MS,
  nearestDay,
} from "../../../src/providers/mapping/all-day.js";

const day = new Date("2026-03-08T00:00:00.000Z");

test.each(["2026-03-08", "2026-03-08 23:30:00", "2026-03-08T01:00:00+14:00"])("%s lies on its own date", (text) => {
  expect(dayIn(text)).toEqual(day);
  expect(dateOf(dayIn(text))).toBe("2026-03-08");
});

test("the last day of a meeting and its exclusive end are a day apart, also when clocks change", () => {
  expect(dateOf(addDays(day, 1))).toBe("2026-03-09");
  expect(addDays(addDays(day, 1), -1)).toEqual(day);
});

test.each([
  ["2026-03-08T00:00:00.000Z", "2026-03-08", "2026-03-08", "2026-03-08"],
  ["2026-03-08T00:00:00.001Z", "2026-03-08", "2026-03-09", "2026-03-08"],
  ["2026-03-08T11:59:59.999Z", "2026-03-08", "2026-03-09", "2026-03-08"],
  ["2026-03-08T12:00:00.000Z", "2026-03-08", "2026-03-09", "2026-03-09"],
  ["1969-12-31T13:00:00.000Z", "1969-12-31", "1970-01-01", "1970-01-01"],
])("%s is on %s, before %s, and nearest to %s", (text, at, from, nearest) => {
  const instant = new Date(text);
  expect([dayAt(instant), dayFrom(instant), nearestDay(instant)].map(dateOf)).toEqual([at, from, nearest]);
});

test.each([
  [NaN, 1],
  [-1, 1],
  [0, 1],
  [DAY_MS, 1],
  [DAY_MS + 1, 2],
  [3 * DAY_MS, 3],
])("a length of %d ms takes %d days", (lengthMs, days) => {
  expect(daysIn(lengthMs)).toBe(days);
});
