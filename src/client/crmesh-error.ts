import type { Answer, CrmeshError, UnknownError } from "./answer.js";
import { ERROR_CODES } from "./error-types.js";

/** Errors of another copy of this package, e.g. in a bundle, are recognised too. */
const BRAND = Symbol.for("crmesh.client.error");

/** Whether this is an error of crmesh with a known code. */
export function isCrmeshError(error: unknown): error is CrmeshError {
  return (Object(error) as { [BRAND]?: unknown })[BRAND] === true;
}

/** An item of `errors` in a GraphQL response. */
export interface GraphQLErrorItem {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes the error of an item. `answer` returns the answer that contains it. */
export function errorOf(
  { message, path, extensions = {} }: GraphQLErrorItem,
  answer: () => Answer<unknown> | null = () => null,
): CrmeshError | UnknownError {
  const isKnown = (ERROR_CODES as readonly unknown[]).includes(extensions["code"]);
  const error = new Error(message);
  const hidden = (value: object) => ({ enumerable: false, ...value });
  Object.defineProperties(error, {
    name: hidden({ value: isKnown ? "CrmeshError" : "UnknownError" }),
    code: { enumerable: true, value: isKnown ? extensions["code"] : undefined },
    path: { enumerable: true, value: path },
    extensions: { enumerable: true, value: withoutShownSecrets(extensions) },
    // Not enumerable: what logs an error must not log the data of the answer with it.
    answer: hidden({ get: answer }),
    ...(isKnown ? { [BRAND]: hidden({ value: true }) } : {}),
  });
  return error as CrmeshError | UnknownError;
}

/** Whoever has the link can reconnect in the end user's name, so what logs an error must not show it. */
function withoutShownSecrets(extensions: Readonly<Record<string, unknown>>): object {
  const { reconnectUrl, ...shown } = extensions;
  return reconnectUrl === undefined ? shown : Object.defineProperty(shown, "reconnectUrl", { value: reconnectUrl });
}

/**
 * The errors of crmesh in an answer, or in an error, of another GraphQL client or gateway: a response with `errors`, an
 * array of them, Apollo Client's `CombinedGraphQLErrors`, urql's `CombinedError`, graphql-request's `ClientError`.
 */
export function crmeshErrors(source: unknown): CrmeshError[] {
  return itemsOf(source)
    .map((item) => (isCrmeshError(item) ? item : errorOf(item)))
    .filter(isCrmeshError);
}

function itemsOf(source: unknown): readonly GraphQLErrorItem[] {
  if (Array.isArray(source)) return (source as unknown[]).filter(isItem);
  if (typeof source !== "object" || source === null) return [];
  const { errors, graphQLErrors, response } = source as Record<string, unknown>;
  return itemsOf(errors ?? graphQLErrors ?? (response as { errors?: unknown } | undefined)?.errors);
}

function isItem(item: unknown): item is GraphQLErrorItem {
  return typeof item === "object" && item !== null;
}
