import { describe, expect, test } from "@jest/globals";
import {
  ERROR_CATALOGUE,
  ERROR_CODES,
  GRAPHQL_DOCUMENT_CODES,
  type ErrorDefinition,
} from "../../src/errors/catalogue.js";
import { DOCUMENTED } from "../support/documented-errors.js";

const definitions: Record<string, ErrorDefinition> = ERROR_CATALOGUE;

describe("the error catalogue", () => {
  test.each(Object.entries(DOCUMENTED))("%s keeps its published words", (code, [status, message, resolution]) => {
    expect(definitions[code]).toMatchObject({ status, message, resolution, documented: true });
  });

  test("has the 22 documented codes, two of its own, and no other", () => {
    expect(Object.keys(DOCUMENTED)).toHaveLength(22);
    const own = ERROR_CODES.filter((code) => !definitions[code]!.documented);
    expect(own.sort()).toEqual(["DUPLICATE_RECORD", "RATE_LIMITED"]);
    expect([...ERROR_CODES].sort()).toEqual([...Object.keys(DOCUMENTED), ...own].sort());
    expect([definitions["DUPLICATE_RECORD"]!.status, definitions["RATE_LIMITED"]!.status]).toEqual([409, 429]);
  });

  test("uses the statuses of the published summary alone", () => {
    const statuses = new Set(ERROR_CODES.map((code) => definitions[code]!.status));
    expect([...statuses].sort()).toEqual([400, 401, 403, 404, 409, 429, 500, 502, 503]);
  });

  test("counts against a circuit only what speaks of the provider's health", () => {
    const counting = ERROR_CODES.filter((code) => definitions[code]!.countsAgainstCircuit);
    expect(counting.sort()).toEqual(["PROVIDER_ERROR", "PROVIDER_UNAVAILABLE"]);
  });

  test("calls retryable only what passes without anyone doing anything", () => {
    const retryable = ERROR_CODES.filter((code) => definitions[code]!.retryable);
    expect(retryable.sort()).toEqual([
      "CIRCUIT_OPEN",
      "INTERNAL_ERROR",
      "PROVIDER_ERROR",
      "PROVIDER_RATE_LIMITED",
      "PROVIDER_UNAVAILABLE",
      "RATE_LIMITED",
      "SERVICE_UNAVAILABLE",
    ]);
  });

  test("sends to the end user only what an end user can mend", () => {
    const byEndUser = ERROR_CODES.filter((code) => definitions[code]!.actor === "END_USER");
    expect(byEndUser.sort()).toEqual(["CONNECTION_NOT_FOUND", "NEEDS_REAUTH", "PROVIDER_AUTH_FAILED"]);
  });

  test("passes the ecosystem's document codes through", () => {
    expect([...GRAPHQL_DOCUMENT_CODES].sort()).toEqual([
      "GRAPHQL_PARSE_FAILED",
      "GRAPHQL_VALIDATION_FAILED",
      "PERSISTED_QUERY_NOT_FOUND",
    ]);
  });
});
