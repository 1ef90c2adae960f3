import { describe, expect, test } from "@jest/globals";
import type { ErrorCode } from "../../src/errors/catalogue.js";
import { CrmError } from "../../src/errors/crm-error.js";
import { errorExtensions } from "../../src/errors/format.js";
import { answerHead, type AnswerHead } from "../../src/errors/http-status.js";
import { GRAPHQL_RESPONSE_TYPE, JSON_TYPE } from "../../src/errors/media-type.js";

const error = (code: ErrorCode, retryAfter?: number) => ({
  extensions: errorExtensions(new CrmError(code, retryAfter === undefined ? {} : { retryAfter })),
});
/** As GraphQL itself refuses a document. */
const syntaxError = { extensions: { code: "GRAPHQL_PARSE_FAILED" } };

type Errors = Parameters<typeof answerHead>[1];

describe("the status of a whole answer", () => {
  test.each<[string, unknown, Errors, AnswerHead]>([
    ["data and no error", { contact: {} }, undefined, { status: 200 }],
    ["an empty list of errors", { contact: null }, [], { status: 200 }],
    ["null that is no error", { contact: null }, undefined, { status: 200 }],
    ["some data survived", { contact: {}, lead: null }, [error("PROVIDER_UNAVAILABLE", 9)], { status: 200 }],
    [
      "a list in which everything failed is no data",
      { contacts: [null, [null]] },
      [error("PROVIDER_ERROR")],
      { status: 502 },
    ],
    [
      "a list in which something survived is data",
      { contacts: [null, {}] },
      [error("PROVIDER_ERROR")],
      { status: 200 },
    ],
    ["an empty list is data", { contacts: [] }, [error("PROVIDER_ERROR")], { status: 200 }],
    ["false, zero and empty text are data", { a: false, b: 0, c: "" }, [error("PROVIDER_ERROR")], { status: 200 }],
    ["one error and nothing else", { contact: null }, [error("CONTACT_NOT_FOUND")], { status: 404 }],
    ["no data at all", undefined, [error("INVALID_API_KEY")], { status: 401 }],
    ["data is null", null, [error("INTERNAL_ERROR")], { status: 500 }],
    ["the type's name is no data", { __typename: "Query", contact: null }, [error("FORBIDDEN")], { status: 403 }],
    [
      "the gravest of several",
      { a: null, b: null },
      [error("CONTACT_NOT_FOUND"), error("PROVIDER_ERROR"), error("FORBIDDEN")],
      { status: 502 },
    ],
    ["429 says when", { a: null }, [error("PROVIDER_RATE_LIMITED", 9)], { status: 429, retryAfter: 9 }],
    [
      "the longest wait of several",
      null,
      [error("CIRCUIT_OPEN", 3), error("PROVIDER_RATE_LIMITED", 30), error("CONTACT_NOT_FOUND")],
      { status: 503, retryAfter: 30 },
    ],
    ["a document that GraphQL refuses", undefined, [syntaxError], { status: 400 }],
    ["an error without extensions", undefined, [{}], { status: 400 }],
    [
      "a document error beside a graver one",
      null,
      [syntaxError, error("SERVICE_UNAVAILABLE", 5)],
      { status: 503, retryAfter: 5 },
    ],
  ])("%s", (_case, data, errors, head) => {
    expect(answerHead(data, errors)).toEqual(head);
    expect(answerHead(data, errors, JSON_TYPE)).toEqual(head);
  });
});

describe("the status under application/graphql-response+json", () => {
  test.each<[string, unknown, Errors, AnswerHead]>([
    ["data and no error", { contact: {} }, undefined, { status: 200 }],
    ["some data survived", { contact: {}, lead: null }, [error("CIRCUIT_OPEN", 9)], { status: 200 }],
    ["every field failed", { contact: null }, [error("CIRCUIT_OPEN", 9)], { status: 200, retryAfter: 9 }],
    ["data is null", null, [error("INTERNAL_ERROR")], { status: 200 }],
    ["no data at all", undefined, [error("INVALID_API_KEY")], { status: 401 }],
    ["no data at all, and a wait", undefined, [error("RATE_LIMITED", 9)], { status: 429, retryAfter: 9 }],
    ["a document that GraphQL refuses", undefined, [syntaxError], { status: 400 }],
  ])("%s", (_case, data, errors, head) => {
    expect(answerHead(data, errors, GRAPHQL_RESPONSE_TYPE)).toEqual(head);
  });
});
