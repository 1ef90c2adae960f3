import { describe, expect, test } from "@jest/globals";
import { normalEmail } from "../../../src/providers/mapping/normal-email.js";

describe("the form in which e-mail addresses are compared", () => {
  test.each([
    ["ann@example.com", "ann@example.com"],
    ["  Ann@Example.COM\n", "ann@example.com"],
    ["ann@Müller.example", "ann@xn--mller-kva.example"],
    ["ann@xn--mller-kva.example", "ann@xn--mller-kva.example"],
    ["Ünal@example.com", "ünal@example.com"],
    ["o'neil+news@example.com", "o'neil+news@example.com"],
    // Neither dots nor tags are left out: no CRM's search does that.
    ["a.n.n@example.com", "a.n.n@example.com"],
    ["root@localhost", "root@localhost"],
    [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
  ])("%j becomes %j", (text, normal) => {
    expect(normalEmail(text)).toBe(normal);
  });

  test.each([
    ["", "nothing"],
    ["ann", "no @"],
    ["@example.com", "no local part"],
    ["ann@", "no host"],
    ["Ann Lee <ann@example.com>", "a name"],
    ["ann lee@example.com", "a space"],
    ["ann\0@example.com", "NUL"],
    ["ann\u200b@example.com", "an invisible character"],
    ["ann@exa mple.com", "a space in the host"],
    ["ann@*", "a wildcard as the host"],
    ["ann@[127.0.0.1]", "a number as the host"],
    ["ann@example_.com", "a host that no domain name can be"],
    [`${"a".repeat(65)}@example.com`, "a local part of more than 64 characters"],
    [`ann@${"long.".repeat(60)}example`, "more than 254 characters"],
  ])("%j is none: %s", (text) => {
    expect(normalEmail(text)).toBeNull();
  });
});
