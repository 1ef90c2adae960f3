import type { FastifyReply, FastifyRequest } from "fastify";
import type { Accounts } from "../../../kit/accounts.js";
import type { SandboxCrmContext } from "../../../kit/crm.js";
import type { SalesforceAccount } from "../account.js";
import { badRequest, failure, notFound, requestLimitExceeded, sessionInvalid } from "../errors.js";
import type { Org } from "../org.js";
import type { SaveOptions } from "../records/save.js";
import { objectNamed } from "../schema/index.js";
import type { ObjectSchema } from "../schema/object.js";
import { TOKENS } from "../tokens.js";

export const FIRST_VERSION = 59;
export const LAST_VERSION = 68;

/** What the routes of one server share. */
export interface Service {
  accounts: Accounts<SalesforceAccount>;
  options: SandboxCrmContext;
}

/** One call of the API by a caller who may make it. */
export interface Call {
  request: FastifyRequest;
  reply: FastifyReply;
  account: SalesforceAccount;
  org: Org;
  /** As in the path: `v66.0`. */
  version: string;
}

/** Turns work on a call into a route's handler; what the work returns is the answer's body. */
export function handler(service: Service, work: (call: Call) => unknown) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const account = authenticate(service, request);
    countRequest(service, account, reply);
    return work({ request, reply, account, org: account.org, version: versionOf(request) });
  };
}

export function parameter(call: Call, name: string): string {
  return (call.request.params as Record<string, string | undefined>)[name] ?? "";
}

/** A parameter of the query string; the first one where it is given twice. */
export function queryParameter(call: Call, name: string): string | null {
  const value = (call.request.query as Record<string, string | string[] | undefined>)[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

export function header(call: Call, name: string): string | undefined {
  const value = call.request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function objectOf(call: Call): ObjectSchema {
  const schema = objectNamed(parameter(call, "type"));
  if (!schema) throw notFound();
  return schema;
}

/** The names of a list with commas. */
export function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** The request's JSON object. */
export function bodyOf(call: Call): Record<string, unknown> {
  const { body } = call.request;
  if (isObject(body)) return body;
  throw badRequest("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function saveOptions(call: Call): SaveOptions {
  const rule = header(call, "sforce-duplicate-rule-header") ?? "";
  return { allowDuplicates: /\ballowSave\s*=\s*true\b/i.test(rule) };
}

export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

function authenticate({ accounts, options }: Service, request: FastifyRequest): SalesforceAccount {
  const { authorization } = request.headers;
  if (authorization === undefined) throw sessionInvalid();
  const token = /^(?:Bearer|OAuth) +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw failure(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  const shown = TOKENS.readAccessToken(token);
  const isExpired = shown !== null && shown.expiresAt !== null && shown.expiresAt <= options.now();
  if (shown === null || isExpired || !options.grants.opens(token, shown)) throw sessionInvalid();
  const account = accounts.get(shown.account);
  if (!account) throw sessionInvalid();
  return account;
}

function countRequest({ options }: Service, { usage }: SalesforceAccount, reply: FastifyReply): void {
  const now = options.now();
  const refused = options.limits === "enforce" && usage.used(now) >= usage.max;
  if (!refused) usage.count(now);
  reply.header("Sforce-Limit-Info", `api-usage=${usage.used(now)}/${usage.max}`);
  if (refused) throw requestLimitExceeded();
}

/** Calls outside a version's paths are answered as the newest version does. */
function versionOf(request: FastifyRequest): string {
  const { version = `v${LAST_VERSION}.0` } = request.params as { version?: string };
  const number = /^v(\d{2})\.0$/.exec(version)?.[1];
  if (number === undefined || Number(number) < FIRST_VERSION || Number(number) > LAST_VERSION) throw notFound();
  return version;
}
