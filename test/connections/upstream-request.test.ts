import { expect, test } from "@jest/globals";
import { upstreamRequest } from "../../src/connections/calls/provider-context.js";

const ORIGIN = "https://crm.example";
const urlOf = (path: string, query?: Record<string, string | number | string[] | undefined>) =>
  upstreamRequest(ORIGIN, { method: "GET", path, safe: true, ...(query ? { query } : {}) }).url;

test("origin, path and query are joined", () => {
  expect(urlOf("/a/b")).toBe("https://crm.example/a/b");
  expect(urlOf("/a", { q: "x&y=z", n: 5, none: undefined, list: ["1", "2"] })).toBe(
    "https://crm.example/a?q=x%26y%3Dz&n=5&list=1&list=2",
  );
});

test.each(["//evil.example/x", "/\\evil.example", "/../../x", "/@evil.example/", "/https://evil.example"])(
  "the path %s cannot leave the origin",
  (path) => {
    expect(new URL(urlOf(path)).origin).toBe(ORIGIN);
  },
);
