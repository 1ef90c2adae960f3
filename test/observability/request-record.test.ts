import { expect, test } from "@jest/globals";
import { createLogger } from "../../src/observability/logger.js";
import { requestLog } from "../../src/observability/request-log.js";
import { RequestRecord } from "../../src/observability/request-record.js";
import type { FailedCall } from "../../src/observability/request-summary.js";
import { logLine } from "../support/log-lines.js";

const END = { method: "POST", route: "/graphql", status: 200, durationMs: 12.4, callerLeft: false };
const FAILED: FailedCall = {
  code: "PROVIDER_UNAVAILABLE",
  provider: "hubspot",
  connectionId: "con_1",
  upstream: { status: 503, requestId: "u-1" },
  outcome: null,
  detail: null,
  attempt: 1,
  retried: true,
};

function linesOf(record: RequestRecord) {
  const lines: string[] = [];
  requestLog(createLogger("debug", { write: (line) => void lines.push(line) }))(record.summary(END));
  return lines.map(logLine);
}

test("failed calls and fields of one kind at one connection are one group, which keeps what the last one said", () => {
  const record = new RequestRecord("r-1", null);
  record.noteFailedCall(FAILED);
  record.noteFailedCall({
    ...FAILED,
    attempt: 2,
    retried: false,
    upstream: { status: 503, requestId: "u-2" },
    outcome: "UNKNOWN",
  });
  const { code, provider, connectionId, outcome } = FAILED;
  const field = { code, provider, connectionId, outcome, upstream: { status: 503, requestId: "u-2" } };
  for (let index = 0; index < 500; index += 1)
    record.noteFailedField({ ...field, detail: "The CRM did not answer in time." });
  expect(record.summary(END).failures).toEqual([
    {
      ...field,
      outcome: "UNKNOWN",
      detail: "The CRM did not answer in time.",
      attempt: 2,
      calls: 2,
      retried: 1,
      errors: 500,
    },
  ]);
});

test.each([
  ["connection", { connectionId: "con_2" }],
  ["provider", { provider: "odoo" }],
  ["code", { code: "PROVIDER_ERROR" }],
  ["status", { upstream: { status: 502 } }],
  ["code of the CRM", { upstream: { status: 503, code: "OVERLOAD" } }],
])("another %s is another group", (_name, other) => {
  const record = new RequestRecord("r-1", null);
  record.noteFailedCall(FAILED);
  record.noteFailedCall({ ...FAILED, ...other });
  expect(record.summary(END).failures).toHaveLength(2);
});

test("a request with many kinds of failures writes 20 of them, and one line that counts the others", () => {
  const record = new RequestRecord("r-1", null);
  for (let index = 0; index < 1_000; index += 1) record.noteFailedCall({ ...FAILED, connectionId: `con_${index}` });
  const lines = linesOf(record);
  expect(lines.filter(({ msg }) => msg === "Provider failed")).toHaveLength(20);
  expect(lines.slice(20)).toMatchObject([
    { level: "warn", msg: "Provider failed in more ways", requestId: "r-1", failures: 980 },
    { level: "info", msg: "Request", durationMs: 12 },
  ]);
});

test("the errors are those of the response that was sent last", () => {
  const record = new RequestRecord("r-1", null);
  record.noteErrors(["PROVIDER_ERROR", "PROVIDER_ERROR", "INVALID_INPUT"]);
  expect(linesOf(record)).toMatchObject([{ codes: ["PROVIDER_ERROR", "INVALID_INPUT"], errors: 3 }]);
  record.noteErrors(["INTERNAL_ERROR"]);
  expect(linesOf(record)).toMatchObject([{ codes: ["INTERNAL_ERROR"], errors: 1 }]);
});
