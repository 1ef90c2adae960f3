import Fastify from "fastify";
import { describe, expect, test } from "@jest/globals";
import { CrmError, invalidInput } from "../../src/errors/crm-error.js";
import { errorHandler, logFailure } from "../../src/http/error-reply.js";
import { createLogger } from "../../src/observability/logger.js";
import { RequestRecords } from "../../src/observability/request-records.js";
import { StoreUnavailableError } from "../../src/store/faults.js";

function logged() {
  const lines: string[] = [];
  return { lines, logger: createLogger("debug", { write: (line) => void lines.push(line) }) };
}

describe("what is logged of an error that is answered", () => {
  const cause = new RangeError("secretword");

  test.each([
    new CrmError("INVALID_API_KEY", {}, { cause }),
    new CrmError("FORBIDDEN", {}, { cause }),
    new CrmError("RATE_LIMITED", { retryAfter: 1 }, { cause }),
    new CrmError("INVALID_INPUT", {}, { cause }),
    new CrmError("PROVIDER_ERROR", {}, { cause }),
    invalidInput({ body: "The request body is too large. Send less in one request." }),
  ])("$code: a refusal is no error, and leaves no stack", (error) => {
    const { lines, logger } = logged();
    logFailure(logger, error, { requestId: "req-1" });
    const [line, ...more] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: "debug", requestId: "req-1", code: error.code, msg: "Request refused" });
    expect(lines[0]).not.toMatch(/secretword|stack/);
  });

  test.each(["INTERNAL_ERROR", "SERVICE_UNAVAILABLE"] as const)("%s: a failure of ours is one", (code) => {
    const { lines, logger } = logged();
    logFailure(logger, new CrmError(code, {}, { cause }), { requestId: "req-1" });
    expect(lines.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { level: "error", requestId: "req-1", code, err: { name: "RangeError", stack: expect.any(String) } },
    ]);
  });

  test("maintenance, which has no cause, is none", () => {
    const { lines, logger } = logged();
    logFailure(logger, new CrmError("SERVICE_UNAVAILABLE", { detail: "crmesh is under maintenance." }), {
      requestId: "req-1",
    });
    expect(lines).toEqual([]);
  });

  test("whatever a route throws is logged by the same rule", async () => {
    const { lines, logger } = logged();
    const app = Fastify();
    new RequestRecords([]).recordIn(app);
    app.setErrorHandler(errorHandler(logger));
    const failures: Record<string, Error> = {
      "/refused": new CrmError("INVALID_INPUT", {}, { cause }),
      "/bug": new TypeError("bug"),
      "/store": new StoreUnavailableError("The database cannot be reached."),
    };
    for (const [path, failure] of Object.entries(failures)) {
      app.get(path, () => {
        throw failure;
      });
    }
    const statusOf = async (url: string) => (await app.inject({ url })).statusCode;
    expect([await statusOf("/refused"), await statusOf("/bug"), await statusOf("/store")]).toEqual([400, 500, 503]);
    expect(lines.map((text) => (JSON.parse(text) as { level: string }).level)).toEqual(["debug", "error", "error"]);
  });
});
