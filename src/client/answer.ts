import type { ErrorCode, ErrorExtensionsByCode } from "./error-types.js";

/** The answer to an operation. Data and errors can both be there: the data of one CRM, and the error of another. */
export interface Answer<Data> {
  /** Null if no data survived. Fields that failed are null in it, and `errors` has their paths. */
  readonly data: Data | null;
  readonly errors: readonly (CrmeshError | UnknownError)[];
  /** `calls`, `price` and so on, if the request asked for them. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** HTTP status. */
  readonly status: number;
  /** `X-Request-Id`, for questions to whoever runs crmesh. */
  readonly requestId: string | null;
  /** True if the same operation may be sent again: all errors are retryable, and nothing was written. */
  readonly repeatable: boolean;
}

/** An error of crmesh with one code. */
export interface CrmeshErrorOf<Code extends ErrorCode> extends Error {
  readonly name: "CrmeshError";
  readonly code: Code;
  /** The field that failed. Undefined if the operation did not begin. */
  readonly path: readonly (string | number)[] | undefined;
  readonly extensions: Readonly<ErrorExtensionsByCode[Code]>;
  /** The answer that contains the error. Null for errors that `crmeshErrors` found in another client's answer. */
  readonly answer: Answer<unknown> | null;
}

/** Any error of crmesh. A `switch` over its `code` narrows `extensions`. */
export type CrmeshError = { [Code in ErrorCode]: CrmeshErrorOf<Code> }[ErrorCode];

/** An error of an answer with a code that this version of the client does not know. */
export interface UnknownError extends Error {
  readonly name: "UnknownError";
  readonly code: undefined;
  readonly path: readonly (string | number)[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly answer: Answer<unknown> | null;
}
