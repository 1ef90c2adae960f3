import { expect, test } from "@jest/globals";
import { answerTypeFor, GRAPHQL_RESPONSE_TYPE, JSON_TYPE } from "../../src/errors/media-type.js";

test.each([
  [undefined, JSON_TYPE],
  ["", JSON_TYPE],
  ["*/*", JSON_TYPE],
  ["application/*", JSON_TYPE],
  ["application/json", JSON_TYPE],
  ["Application/JSON; charset=utf-8", JSON_TYPE],
  ["application/graphql-response+json", GRAPHQL_RESPONSE_TYPE],
  ["application/graphql-response+json; charset=utf-8", GRAPHQL_RESPONSE_TYPE],
  // The preference of Apollo Client, Relay and urql.
  ["application/graphql-response+json,application/json;q=0.9", GRAPHQL_RESPONSE_TYPE],
  ["application/json;q=0.9, application/graphql-response+json", GRAPHQL_RESPONSE_TYPE],
  ["application/graphql-response+json, application/json", GRAPHQL_RESPONSE_TYPE],
  ["application/json, application/graphql-response+json", JSON_TYPE],
  ["application/json, application/graphql-response+json;q=0.5", JSON_TYPE],
  [
    "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9",
    GRAPHQL_RESPONSE_TYPE,
  ],
  ["application/graphql-response+json, */*", GRAPHQL_RESPONSE_TYPE],
  ["application/graphql-response+json;q=0.1, */*", JSON_TYPE],
  // The more precise range decides, so this caller accepts everything but JSON.
  ["*/*, application/json;q=0", GRAPHQL_RESPONSE_TYPE],
  ["text/html, */*;q=0.1", JSON_TYPE],
])("Accept: %s → %s", (accept, type) => {
  expect(answerTypeFor(accept)).toBe(type);
});

test.each([
  "text/html",
  "application/xml, image/*",
  "application/json;q=0",
  "*/*;q=0",
  ",",
  "application/json;q=x",
  "q=1",
])("Accept: %s accepts neither", (accept) => {
  expect(answerTypeFor(accept)).toBeNull();
});
