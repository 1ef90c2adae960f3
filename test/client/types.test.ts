import { describe, expect, test } from "@jest/globals";
import {
  crmeshErrors,
  ERROR_CODES,
  isCrmeshError,
  type Answer,
  type Client,
  type CrmeshError,
  type ErrorCode,
  type TypedDocument,
} from "../../src/client/index.js";
import { ERROR_CODES as CATALOGUE, ERROR_CATALOGUE, GRAPHQL_DOCUMENT_CODES } from "../../src/errors/catalogue.js";

/**
 * `npm run check:types` proves this file: each `@ts-expect-error` fails it if the line below compiles.
 * Compiles only if the two types are the same.
 */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
const same = <One, Other>(_isSame: Same<One, Other>) => undefined;
const typeIs =
  <Expected>() =>
  <Actual>(_value: Actual, _isSame: Same<Expected, Actual>) =>
    undefined;

/** What a program does about each error. Nothing is left for `default`, so that a new code fails the type check. */
function adviceFor(error: CrmeshError): string {
  switch (error.code) {
    case "INVALID_API_KEY":
    case "FORBIDDEN":
      return "the key";
    case "CONTACT_NOT_FOUND":
    case "LEAD_NOT_FOUND":
    case "MEETING_NOT_FOUND":
    case "PROVIDER_NOT_FOUND":
    case "END_USER_NOT_FOUND":
      return "gone";
    case "CONNECTION_NOT_FOUND":
      return "connect";
    case "CONNECTION_ALREADY_EXISTS":
      return "connected";
    case "INVALID_INPUT":
      return Object.keys(error.extensions.errors)
        .concat(error.extensions.bound?.name ?? [])
        .join();
    case "MISSING_REQUIRED":
    case "INVALID_DATE_RANGE":
      return Object.keys(error.extensions.errors).join();
    case "MISSING_PROVIDER":
    case "UNSUPPORTED_RESOURCE":
      return "the request";
    case "PROVIDER_ERROR":
    case "PROVIDER_RATE_LIMITED":
    case "PROVIDER_UNAVAILABLE":
    case "CIRCUIT_OPEN":
    case "SERVICE_UNAVAILABLE":
    case "INTERNAL_ERROR":
    case "RATE_LIMITED":
      return `later ${error.extensions.retryAfter ?? ""}`;
    case "PROVIDER_AUTH_FAILED":
    case "NEEDS_REAUTH":
      return `reconnect ${error.extensions.reconnectUrl ?? ""}`;
    case "DUPLICATE_RECORD":
      return `update ${error.extensions.existingId ?? ""}`;
    case "GRAPHQL_PARSE_FAILED":
    case "GRAPHQL_VALIDATION_FAILED":
    case "PERSISTED_QUERY_NOT_FOUND":
      return "the document";
    default:
      same<typeof error, never>(true);
      return error satisfies never;
  }
}

const errorWith = (code: ErrorCode) => crmeshErrors([{ message: "", extensions: { code, errors: {} } }])[0]!;

test.each(ERROR_CODES.map((code) => [code]))("a program has an answer to %s", (code) => {
  expect(adviceFor(errorWith(code))).toEqual(expect.any(String));
});

test("the client knows the codes of the catalogue, and those of GraphQL itself", () => {
  expect(ERROR_CODES).toEqual([...CATALOGUE, ...GRAPHQL_DOCUMENT_CODES]);
  same<
    ErrorCode,
    keyof typeof ERROR_CATALOGUE | "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED" | "PERSISTED_QUERY_NOT_FOUND"
  >(true);
});

test("a switch without one of the codes does not compile", () => {
  const forgetful = (error: CrmeshError): string => {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the lint sees it too
    switch (error.code) {
      case "NEEDS_REAUTH":
        return "reconnect";
      default:
        // @ts-expect-error the other codes are left
        return error satisfies never;
    }
  };
  expect(forgetful(errorWith("NEEDS_REAUTH"))).toBe("reconnect");
});

/** Never called: their types are what is tested. */
interface Typed {
  client: Client;
  withoutVariables: TypedDocument<{ a: number }, Record<string, never>>;
  withOptional: TypedDocument<{ a: number }, { first?: number | null }>;
  withRequired: TypedDocument<{ a: number }, { id: string }>;
}

describe("the types of documents, which codegen and gql.tada add", () => {
  test("decide on data and variables", () => {
    const typed = async ({ client, withoutVariables, withOptional, withRequired }: Typed) => {
      const noVariables = await client.request(withoutVariables);
      typeIs<{ a: number }>()(noVariables, true);
      await client.request(withoutVariables, {}, { endUserId: "ann" });
      const whole = await client.request(withRequired, { id: "1" });
      typeIs<{ a: number }>()(whole, true);
      await client.request(withOptional);
      await client.request(withOptional, { first: 1 });
      const answer = await client.execute(withRequired, { id: "1" });
      typeIs<Answer<{ a: number }>>()(answer, true);
      // @ts-expect-error a required variable is missing
      await client.request(withRequired);
      // @ts-expect-error a variable has another type
      await client.request(withRequired, { id: true });
      // @ts-expect-error a variable does not exist
      await client.request(withOptional, { frist: 1 });
      // @ts-expect-error data may be null
      void answer.data.a;
    };
    expect(typed).toBeDefined();
  });

  test("a plain text has the types that the caller states", () => {
    const typed = async (client: Client) => {
      const stated = await client.request<{ a: number }>("{ a }", { any: 1 });
      typeIs<{ a: number }>()(stated, true);
      const unstated = await client.request("{ a }");
      typeIs<unknown>()(unstated, true);
    };
    expect(typed).toBeDefined();
  });

  test("what is thrown has a code only after it was found to be of crmesh", () => {
    const typed = (error: unknown) => {
      if (!isCrmeshError(error)) return;
      // @ts-expect-error only some codes have a link
      void error.extensions.reconnectUrl;
      if (error.code === "NEEDS_REAUTH") same<typeof error.extensions.reconnectUrl, string | undefined>(true);
      if (error.extensions.actor === "END_USER") void error.extensions.provider;
    };
    expect(typed).toBeDefined();
  });
});
