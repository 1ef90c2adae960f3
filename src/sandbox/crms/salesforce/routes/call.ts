import type { FastifyReply, FastifyRequest } from "fastify";
import { isObject, pathParameter, requestAccount } from "../../../kit/request.js";
import type { SalesforceAccount } from "../account.js";
import { badRequest, notFound } from "../errors.js";
import type { Org } from "../org.js";
import type { SaveOptions } from "../records/save.js";
import { objectOfOrg } from "../schema/index.js";
import type { ObjectSchema } from "../schema/object.js";

const FIRST_VERSION = 59;
const LAST_VERSION = 68;

/** One authenticated call of the API. */
export interface Call {
  request: FastifyRequest;
  reply: FastifyReply;
  account: SalesforceAccount;
  org: Org;
  /** The version in the path, e.g. `v66.0`. */
  version: string;
}

/** Makes a route's handler from work on a call. The result of the work is the body of the answer. */
export function handler(work: (call: Call) => unknown) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const account = requestAccount<SalesforceAccount>(request);
    return work({ request, reply, account, org: account.org, version: versionOf(request) });
  };
}

export function header(call: Call, name: string): string | undefined {
  const value = call.request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function objectOf(call: Call): ObjectSchema {
  const schema = objectOfOrg(call.org.name, pathParameter(call.request, "type"));
  if (!schema) throw notFound();
  return schema;
}

/** The request's JSON object. */
export function bodyOf(call: Call): Record<string, unknown> {
  const { body } = call.request;
  if (isObject(body)) return body;
  throw badRequest("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object");
}

export function saveOptions(call: Call): SaveOptions {
  const rule = header(call, "sforce-duplicate-rule-header") ?? "";
  return { allowDuplicates: /\ballowSave\s*=\s*true\b/i.test(rule) };
}

function versionOf(request: FastifyRequest): string {
  const version = pathParameter(request, "version");
  const number = /^v(\d{2})\.0$/.exec(version)?.[1];
  if (number === undefined || Number(number) < FIRST_VERSION || Number(number) > LAST_VERSION) throw notFound();
  return version;
}
