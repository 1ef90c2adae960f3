import { expect, test } from "@jest/globals";
import { isUnavailable } from "../../src/upstream/unavailable.js";

test("gateways and content networks say that a server is down for now", () => {
  const statuses = Array.from({ length: 400 }, (_, index) => 200 + index);
  expect(statuses.filter(isUnavailable)).toEqual([502, 503, 504, 520, 521, 522, 523, 524, 525, 526]);
});
