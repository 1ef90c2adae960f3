import { expect, test } from "@jest/globals";
import {
  environmentOf,
  hashApiKey,
  isApiKeyShaped,
  newApiKeySecret,
  prefixOf,
} from "../../src/store/api-key-secret.js";

test.each(["live", "test"] as const)("a new %s secret is random and names its environment", (environment) => {
  const secrets = Array.from({ length: 100 }, () => newApiKeySecret(environment));
  for (const secret of secrets) {
    expect(secret).toMatch(new RegExp(`^sk_${environment}_[A-Za-z0-9]{32}$`));
    expect(isApiKeyShaped(secret)).toBe(true);
    expect(environmentOf(secret)).toBe(environment);
  }
  expect(new Set(secrets).size).toBe(100);
});

test("the hash is SHA-256 in hex", () => {
  expect(hashApiKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test.each([
  ["sk_test_demo", true],
  [`sk_live_${"x".repeat(64)}`, true],
  [`sk_live_${"x".repeat(65)}`, false],
  ["sk_test_abc", false],
  ["sk_prod_abcdef", false],
  ["sk_live_abc-def", false],
  [" sk_live_abcdef", false],
  ["sk_live_abcdef\n", false],
  ["", false],
])("isApiKeyShaped(%j) is %s", (text, shaped) => {
  expect(isApiKeyShaped(text)).toBe(shaped);
  expect(environmentOf(text) !== null).toBe(shaped);
});

test.each([
  [`sk_live_abcd${"x".repeat(28)}`, "sk_live_abcd…"],
  ["sk_test_demo", "sk_test_d…"],
  ["sk_test_twelveletter", "sk_test_twe…"],
  ["hunter2", "…"],
])("prefixOf(%s) is %s", (secret, prefix) => {
  expect(prefixOf(secret)).toBe(prefix);
});
