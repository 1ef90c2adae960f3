import type { FastifyRequest } from "fastify";

/** The request decoration that holds the account of the call's credential. */
export const ACCOUNT = "sandboxAccount";

/** The account of an authenticated call. */
export function requestAccount<Account>(request: FastifyRequest): Account {
  return request.getDecorator<Account>(ACCOUNT);
}

export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string | undefined>)[name] ?? "";
}

/** A parameter of the query string. The first value if there are several. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  return queryTexts(request, name)[0];
}

/** All values of a parameter of the query string. */
export function queryTexts(request: FastifyRequest, name: string): string[] {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return value === undefined ? [] : [value].flat();
}

/** The items of a list with commas in the query string. The list may be given several times. */
export function queryList(request: FastifyRequest, name: string): string[] {
  return queryTexts(request, name)
    .flatMap((text) => text.split(","))
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** All parameters of the query string. */
export function parametersOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split(/\?(.*)/s)[1]);
}

/** The path without the query string. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0]!;
}

/** Scheme, host and port of this server in the caller's URL. */
export function originOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
