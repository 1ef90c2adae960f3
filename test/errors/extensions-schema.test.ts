import { describe, expect, test } from "@jest/globals";
import { ERROR_CODES, GRAPHQL_DOCUMENT_CODES } from "../../src/errors/catalogue.js";
import { CrmError } from "../../src/errors/crm-error.js";
import { extensionsSchema } from "../../src/errors/extensions-schema.js";
import { errorBody } from "../../src/errors/format.js";
import { DOCUMENTED_SCHEMA, undocumentedIn } from "../support/documented-extensions.js";

const extensionsOf = (error: CrmError) => errorBody(error, { requestId: "req-1", traceId: "4bf92f3577b34da6a3ce929d0e0e4736" }).extensions;
const NEEDED = { INVALID_INPUT: {}, MISSING_REQUIRED: {}, INVALID_DATE_RANGE: {} };
const errorWith = (code: (typeof ERROR_CODES)[number]) =>
  new CrmError(code, code in NEEDED ? { errors: { field: "wrong" } } : {});

test("docs/errors.md has the schema", () => {
  expect(DOCUMENTED_SCHEMA).toEqual(extensionsSchema());
});

describe("the schema of docs/errors.md", () => {
  test.each(ERROR_CODES)("takes an error %s", (code) => {
    expect(undocumentedIn(extensionsOf(errorWith(code)))).toEqual([]);
  });

  test.each([...GRAPHQL_DOCUMENT_CODES])("takes GraphQL’s own %s", (code) => {
    expect(undocumentedIn({ code, http: { status: 400 }, requestId: "req-1" })).toEqual([]);
  });

  test("takes an error with all that it can have", () => {
    const error = new CrmError(
      "INVALID_INPUT",
      {
        detail: "d",
        errors: { "input.a": "wrong" },
        retryAfter: 1,
        provider: "hubspot",
        connectionId: "con_1",
        upstream: { status: 400, code: "X", requestId: "u" },
        outcome: "COMPLETED",
        recordId: "id",
        bound: { name: "depth", limit: 1, actual: null, variable: "CRMESH_MAX_DEPTH" },
      },
      { status: 404 },
    );
    expect(undocumentedIn(extensionsOf(error))).toEqual([]);
    expect(undocumentedIn(extensionsOf(new CrmError("DUPLICATE_RECORD", { existingId: "id" })))).toEqual([]);
    expect(undocumentedIn(extensionsOf(new CrmError("NEEDS_REAUTH", { reconnectUrl: "https://a.example" })))).toEqual(
      [],
    );
  });

  const forbidden = extensionsOf(new CrmError("FORBIDDEN"));
  test.each([
    ["a code that is not in the catalogue", { ...forbidden, code: "TEAPOT" }],
    ["another status than the code’s", { ...forbidden, http: { status: 500 } }],
    ["another origin than the code’s", { ...forbidden, origin: "PROVIDER" }],
    ["a code that is never retryable, but is", { ...forbidden, retryable: true }],
    ["no request id", { ...forbidden, requestId: undefined }],
    ["a member of another code", { ...forbidden, existingId: "id" }],
    ["a wait that is not whole", { ...extensionsOf(new CrmError("RATE_LIMITED")), retryAfter: 0.5 }],
    ["invalid input that names nothing", extensionsOf(new CrmError("INVALID_INPUT"))],
    ["an outcome that does not exist", { ...forbidden, outcome: "MAYBE" }],
  ])("refuses %s", (_name, extensions) => {
    expect(undocumentedIn(JSON.parse(JSON.stringify(extensions)), "allowed")).not.toEqual([]);
  });

  test("allows further members, which only the tests refuse", () => {
    expect(undocumentedIn({ ...forbidden, later: true }, "allowed")).toEqual([]);
    expect(undocumentedIn({ ...forbidden, later: true })).not.toEqual([]);
  });
});
