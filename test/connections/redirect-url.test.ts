import { expect, test } from "@jest/globals";
import { readRedirectUrl } from "../../src/connections/linking/redirect-url.js";
import type { Environment } from "../../src/store/schema.js";

const read = (url: string, environment: Environment = "test") => readRedirectUrl(url, environment, "input.redirectUrl");

test.each([
  ["https://app.example/settings?tab=crm", "https://app.example/settings?tab=crm"],
  ["http://localhost:3000/back", "http://localhost:3000/back"],
  ["http://127.0.0.1:3000", "http://127.0.0.1:3000/"],
  ["http://[::1]:3000/", "http://[::1]:3000/"],
  ["https://müller.example/zurück?an=😀", "https://xn--mller-kva.example/zur%C3%BCck?an=%F0%9F%98%80"],
])("%s is accepted for live and test tokens, in ASCII form", (url, href) => {
  expect(read(url, "live")).toBe(href);
  expect(read(url, "test")).toBe(href);
});

const refusal = (url: string, environment: Environment) => {
  try {
    return read(url, environment);
  } catch (error) {
    return error;
  }
};

test("plain http is accepted for test tokens only", () => {
  expect(read("http://app.example/")).toBe("http://app.example/");
  expect(refusal("http://app.example/", "live")).toMatchObject({
    code: "INVALID_INPUT",
    details: { errors: { "input.redirectUrl": expect.stringMatching(/https/) } },
  });
});

test.each([
  ["", /absolute/],
  ["/settings", /absolute/],
  ["app.example", /https|absolute/],
  ["https://app.example/a\nb", /absolute/],
  [" https://app.example/", /absolute/],
  ["https:\\\\app.example", /absolute/],
  ["javascript:alert(1)", /https/],
  ["data:text/html,hello", /https/],
  ["https://user:password@app.example/", /password/],
  ["https://app.example/#done", /fragment/],
  ["https://app.example/#", /fragment/],
  [`https://app.example/${"a".repeat(3_000)}`, /at most 2048 bytes/],
  [`https://app.example/${"ü".repeat(500)}`, /at most 2048 bytes/],
])("%.40j is refused", (url, why) => {
  expect(refusal(url, "test")).toMatchObject({
    code: "INVALID_INPUT",
    details: { errors: { "input.redirectUrl": expect.stringMatching(why) } },
  });
});
