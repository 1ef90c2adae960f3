import { describe, expect, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { CrmError, type WriteOutcome } from "../../src/errors/crm-error.js";
import { errorBody, errorExtensions } from "../../src/errors/format.js";

describe("the extensions of an error", () => {
  test("say everything that a caller can act on", () => {
    const error = new CrmError("PROVIDER_RATE_LIMITED", {
      provider: "hubspot",
      connectionId: "connection-1",
      retryAfter: 8.2,
      upstream: { status: 429, code: "TEN_SECONDLY_ROLLING", requestId: "r-1" },
    });
    expect(errorExtensions(error)).toEqual({
      code: "PROVIDER_RATE_LIMITED",
      http: { status: 429, headers: { "retry-after": "9" } },
      resolution: "The CRM’s rate limit was hit. Respect the Retry-After header.",
      origin: "PROVIDER",
      actor: "NOBODY",
      retryable: true,
      retryAfter: 9,
      provider: "hubspot",
      connectionId: "connection-1",
      upstream: { status: 429, code: "TEN_SECONDLY_ROLLING", requestId: "r-1" },
    });
  });

  test.each(ERROR_CODES)("%s carries its own hint", (code) => {
    const error = new CrmError(code);
    expect(errorExtensions(error)).toEqual({
      code,
      http: { status: error.definition.status },
      resolution: error.definition.resolution,
      origin: error.definition.origin,
      actor: error.definition.actor,
      retryable: error.definition.retryable,
    });
  });

  test.each([
    [0, 1],
    [0.001, 1],
    [1, 1],
    [1.01, 2],
    [3600, 3600],
  ])("a wait of %p seconds is stated as %p: whole, and never zero", (retryAfter, stated) => {
    const { http, retryAfter: said } = errorExtensions(new CrmError("CIRCUIT_OPEN", { retryAfter }));
    expect([said, http.headers]).toEqual([stated, { "retry-after": String(stated) }]);
  });

  test.each<[WriteOutcome, boolean]>([
    ["NOT_SENT", true],
    ["UNKNOWN", false],
    ["PARTIAL", false],
    ["COMPLETED", false],
  ])("a write that is %s is retryable: %p", (outcome, retryable) => {
    expect(errorExtensions(new CrmError("PROVIDER_UNAVAILABLE", { outcome }))).toMatchObject({ outcome, retryable });
    expect(errorExtensions(new CrmError("INVALID_INPUT", { outcome })).retryable).toBe(false);
  });

  test.each<[WriteOutcome, RegExp]>([
    ["UNKNOWN", /^Read the record, .+ before you send this write again, because it may have happened\.( |$)/],
    ["PARTIAL", /^Read the record and update what is missing .+ because a part of it happened\.( |$)/],
    ["COMPLETED", /^Read the record by `id` .+ because it succeeded\.( |$)/],
  ])("a write that is %s says in its detail what to do instead of retrying", (outcome, advice) => {
    const bare = errorExtensions(new CrmError("PROVIDER_ERROR", { outcome }));
    expect(bare.detail).toMatch(advice);
    const detailed = errorExtensions(new CrmError("PROVIDER_ERROR", { outcome, detail: "The CRM said no." }));
    expect(detailed.detail).toBe(`${bare.detail} The CRM said no.`);
    expect(detailed.resolution).toBe("The CRM returned an unexpected error. Retry the request.");
  });

  test("a write that was not sent may be sent again, so its detail is its own", () => {
    const error = new CrmError("PROVIDER_ERROR", { outcome: "NOT_SENT", detail: "The CRM said no." });
    expect(errorExtensions(error).detail).toBe("The CRM said no.");
    expect(errorExtensions(new CrmError("PROVIDER_ERROR", { outcome: "NOT_SENT" }))).not.toHaveProperty("detail");
  });

  test("a completed write names its record as `id`", () => {
    const extensions = errorExtensions(new CrmError("PROVIDER_UNAVAILABLE", { outcome: "COMPLETED", recordId: "gid" }));
    expect(extensions.id).toBe("gid");
    expect(extensions).not.toHaveProperty("recordId");
  });

  test("neither cause nor stack is in the body of an answer", () => {
    const cause = new Error("postgres://user:secret@host");
    const error = new CrmError("INTERNAL_ERROR", {}, { cause, credentialRefused: true });
    const body = errorBody(error, { requestId: "request-1" });
    expect(body).toEqual({
      message: "Something went wrong",
      extensions: { ...errorExtensions(error), requestId: "request-1" },
    });
    expect(JSON.stringify(body)).not.toMatch(/secret|stack|cause|credentialRefused/);
  });
});
