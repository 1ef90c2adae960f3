import type { FastifyRequest } from "fastify";
import { isObject, parametersOf, pathParameter, requestAccount } from "../../kit/request.js";
import type { CloseAccount } from "./account.js";
import type { Body } from "./contact-writes.js";
import { badRequest, badRequestAsAWhole } from "./errors.js";

export const accountOf = requestAccount<CloseAccount>;

/** Parameters of a read, from the query or, if the URL would be too long, from the body. */
export type Parameters = Readonly<Record<string, string>>;

export function queryOf(request: FastifyRequest): Parameters {
  return Object.fromEntries(parametersOf(request));
}

/** Returns the parameters of a POST that is meant as a GET (`x-http-method-override`). Null for any other POST. */
export function overriddenQuery(request: FastifyRequest): Parameters | null {
  if (String(request.headers["x-http-method-override"]).toUpperCase() !== "GET") return null;
  const parameters = bodyOf(request)["_params"] ?? {};
  const entries = Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]);
  return { ...queryOf(request), ...Object.fromEntries(entries) };
}

export function bodyOf(request: FastifyRequest): Body {
  const body: unknown = request.body;
  if (isObject(body)) return body;
  throw badRequestAsAWhole("The request body must be a JSON object.");
}

export function idOf(request: FastifyRequest): string {
  return pathParameter(request, "id");
}

/** The names in `_fields`. Null without `_fields`. */
export function fieldsOf({ _fields: fields }: Parameters): readonly string[] | null {
  return fields === undefined ? null : fields.split(",").map((name) => name.trim());
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;
/** Maximum of `_skip`. At Close, it differs between resources. */
const MAX_SKIP = 5_000;

/** One page of a list. @throws Refusal if the page is too large or begins too late */
export function pageOf<Row>(rows: readonly Row[], parameters: Parameters): { rows: readonly Row[]; hasMore: boolean } {
  const limit = count(parameters, "_limit", DEFAULT_LIMIT, MAX_LIMIT);
  const skip = count(parameters, "_skip", 0, MAX_SKIP);
  return { rows: rows.slice(skip, skip + limit), hasMore: rows.length > skip + limit };
}

function count(parameters: Parameters, name: string, fallback: number, max: number): number {
  const text = parameters[name];
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) throw badRequest({ [name]: "Not a valid integer." });
  if (value > max) throw badRequest({ [name]: `The maximum value is ${max}.` });
  return value;
}
