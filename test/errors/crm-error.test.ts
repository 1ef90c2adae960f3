import { describe, expect, test } from "@jest/globals";
import { CrmError, invalidInput } from "../../src/errors/crm-error.js";

describe("CrmError", () => {
  test("says the catalogue's message", () => {
    const error = new CrmError("CONTACT_NOT_FOUND");
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message]).toEqual([
      "CrmError",
      "CONTACT_NOT_FOUND",
      "Contact does not exist",
    ]);
    expect(error.definition.status).toBe(404);
    expect([error.details, error.credentialRefused]).toEqual([{}, false]);
    expect("cause" in error).toBe(false);
  });

  test("is told more without forgetting what it knew", () => {
    const cause = new Error("why");
    const first = new CrmError(
      "PROVIDER_ERROR",
      { provider: "hubspot", retryAfter: 3 },
      { cause, credentialRefused: true },
    );
    const more = first.with({ provider: "other", connectionId: "c", outcome: "UNKNOWN" });
    expect(more.details).toEqual({ provider: "hubspot", retryAfter: 3, connectionId: "c", outcome: "UNKNOWN" });
    expect([more.code, more.cause, more.credentialRefused]).toEqual(["PROVIDER_ERROR", cause, true]);
    expect(first.details).toEqual({ provider: "hubspot", retryAfter: 3 });
  });

  test("an input error names its fields", () => {
    const error = invalidInput({ "input.emails.0.address": "This is no address." }, { provider: "hubspot" });
    expect([error.code, error.details]).toEqual([
      "INVALID_INPUT",
      { provider: "hubspot", errors: { "input.emails.0.address": "This is no address." } },
    ]);
  });
});
