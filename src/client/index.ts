/** The client of crmesh for TypeScript and JavaScript, in Node and in browsers: `crmesh/client`. See docs/client.md. */
export type { Answer, CrmeshError, CrmeshErrorOf, UnknownError } from "./answer.js";
export { createClient } from "./create-client.js";
export type { AnyVariables, Arguments, Client, ClientOptions, RequestOptions } from "./create-client.js";
export { crmeshErrors, isCrmeshError } from "./crmesh-error.js";
export type { GraphQLErrorItem } from "./crmesh-error.js";
export type { DocumentText, DocumentTree, DocumentTypes, TypedDocument } from "./document.js";
export { ERROR_CODES } from "./error-types.js";
export type { ErrorCode, ErrorExtensions, ErrorExtensionsByCode } from "./error-types.js";
export { paginate, PagingError } from "./paginate.js";
export type { Page, PaginateOptions } from "./paginate.js";
export { retry, retryAfter } from "./retry.js";
export type { RetryOptions } from "./retry.js";
export { CrmeshTransportError } from "./transport-error.js";
