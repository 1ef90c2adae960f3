import { describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { decideRetry, MAX_ATTEMPTS, SHORT_WAIT_MS, type RetryQuestion } from "../../src/upstream/retry-decision.js";

const unavailable = new CrmError("PROVIDER_UNAVAILABLE", { upstream: { status: 503 } });
const noAnswer = new CrmError("PROVIDER_UNAVAILABLE");
const serverError = new CrmError("PROVIDER_ERROR", { upstream: { status: 500 } });
const strangeAnswer = new CrmError("PROVIDER_ERROR", { upstream: { status: 200 } });
const limited = (retryAfter?: number) =>
  new CrmError("PROVIDER_RATE_LIMITED", {
    upstream: { status: 429 },
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });

const read: RetryQuestion = {
  safe: true,
  sent: true,
  error: unavailable,
  attempt: 1,
  remainingMs: 60_000,
  random: 0.5,
};
const write: RetryQuestion = { ...read, safe: false };

describe("the retry decision", () => {
  test.each<[string, Partial<RetryQuestion>, boolean, string]>([
    ["a read that met 503", {}, true, "passing failure"],
    ["a read that was never answered", { error: noAnswer }, true, "passing failure"],
    ["a read that met 500", { error: serverError }, true, "passing failure"],
    ["a read whose answer made no sense", { error: strangeAnswer }, false, "not a passing failure"],
    ["a read at its last attempt", { attempt: MAX_ATTEMPTS }, false, "attempts used up"],
    ["a read whose caller is about to leave", { remainingMs: 50 }, false, "the deadline comes first"],
    ["a read that is limited, without a time", { error: limited() }, true, "rate limited"],
    ["a read that is limited for a moment", { error: limited(2) }, true, "rate limited"],
    ["a read that is limited for long", { error: limited(10) }, false, "the wait is too long"],
    [
      "a read that is limited for longer than its caller waits",
      { error: limited(2), remainingMs: 1_900 },
      false,
      "the deadline comes first",
    ],
  ])("%s", (_case, question, retry, why) => {
    expect(decideRetry({ ...read, ...question })).toMatchObject({ retry, why });
  });

  test.each<[string, Partial<RetryQuestion>, boolean, string]>([
    ["a write that was sent and met 503", {}, false, "the write may have happened"],
    ["a write that was sent and not answered", { error: noAnswer }, false, "the write may have happened"],
    ["a write that met 500", { error: serverError }, false, "the write may have happened"],
    ["a write that never left", { error: noAnswer, sent: false }, true, "passing failure"],
    ["a write that is limited for a moment: nothing was done", { error: limited(1) }, true, "rate limited"],
    ["a write that is limited for long", { error: limited(60) }, false, "the wait is too long"],
  ])("%s", (_case, question, retry, why) => {
    expect(decideRetry({ ...write, ...question })).toMatchObject({ retry, why });
  });

  test.each(ERROR_CODES.filter((code) => !["PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED"].includes(code)))(
    "%s is not retried",
    (code) => {
      const question = { ...read, error: new CrmError(code, { upstream: { status: 400 } }) };
      expect(decideRetry(question)).toEqual({ retry: false, why: "not a passing failure" });
    },
  );

  test("waits double and have jitter", () => {
    const waits = [1, 2].flatMap((attempt) =>
      [0, 0.5, 0.999].map((random) => {
        const decision = decideRetry({ ...read, attempt, random });
        return decision.retry ? decision.waitMs : null;
      }),
    );
    expect(waits).toEqual([50, 100, 150, 100, 200, 300]);
  });

  test("a wait is never shorter than Retry-After", () => {
    expect(decideRetry({ ...read, error: limited(2) })).toEqual({ retry: true, waitMs: 2_000, why: "rate limited" });
    expect(decideRetry({ ...read, error: limited(SHORT_WAIT_MS / 1000) })).toMatchObject({ waitMs: SHORT_WAIT_MS });
    expect(decideRetry({ ...read, error: limited(SHORT_WAIT_MS / 1000 + 0.001) })).toMatchObject({ retry: false });
    expect(decideRetry({ ...read, error: limited(0.001) })).toMatchObject({ waitMs: 100 });
  });

  test("the decision is deterministic", () => {
    expect(decideRetry(read)).toEqual(decideRetry({ ...read }));
  });
});
