import { expect, test } from "@jest/globals";
import { firstIdAt, newId } from "../../src/store/ids.js";

test("ids sort by time and are unique within a millisecond", () => {
  const times = [0, 1, 31, 32, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1, Date.UTC(9999, 11, 31)];
  const ids = times.map((time) => newId("con", time));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 1000 }, () => newId("eu", 1))).size).toBe(1000);
});

test.each(["ws", "key", "eu", "con", "evt"] as const)("an id of %s is prefixed and url-safe", (prefix) => {
  expect(newId(prefix, Date.now())).toMatch(new RegExp(`^${prefix}_[0-9a-z]{26}$`));
});

test("the first id of a time is before all that are made then, and behind all made before", () => {
  const [time, first] = [Date.UTC(2026, 5, 1), firstIdAt("evt", Date.UTC(2026, 5, 1))];
  expect(newId("evt", time) >= first).toBe(true);
  expect(newId("evt", time - 1) < first).toBe(true);
});
