import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { JsonBodies } from "../../kit/api.js";
import { readJson } from "../../kit/json.js";
import { pathParameter, queryText, requestAccount } from "../../kit/request.js";
import type { HubSpotAccount } from "./account.js";
import { missingScopes, validationError } from "./errors.js";
import { COMPANY, type ObjectType, objectTypeNamed } from "./object-types.js";

/** A parsed request body. */
export interface JsonBody {
  readonly value: unknown;
  readonly characters: number;
}

export const accountOf = requestAccount<HubSpotAccount>;

export const JSON_BODIES: JsonBodies = {
  type: "application/json",
  parse: (text): JsonBody => ({ value: readJson(text), characters: text.length }),
  invalid: () => validationError("Invalid input JSON on line 1, column 1: the body could not be parsed"),
};

export function bodyCharacters(request: FastifyRequest): number {
  return (request.body as JsonBody | undefined)?.characters ?? 0;
}

export function readBody<Schema extends z.ZodType>(request: FastifyRequest, schema: Schema): z.output<Schema> {
  const body = request.body as JsonBody | undefined;
  if (!body) throw validationError("Invalid JSON input: a request body was expected, but none found");
  const parsed = schema.safeParse(body.value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw validationError(`Invalid input JSON on line 1, column 1: ${problems.join("; ")}`);
}

export function objectTypeParameter(request: FastifyRequest, name = "objectType"): ObjectType {
  const type = objectTypeNamed(pathParameter(request, name));
  if (type === COMPANY && lacksCompanies(accountOf(request).name)) throw missingScopes(["crm.objects.companies.read"]);
  return type;
}

/** Portals whose name begins with `without-companies` have not granted the scope for companies. */
function lacksCompanies(portal: string): boolean {
  return portal.startsWith("without-companies");
}

export function queryFlag(request: FastifyRequest, name: string): boolean {
  return queryText(request, name) === "true";
}

export function queryLimit(request: FastifyRequest, fallback: number, max: number): number {
  const text = queryText(request, "limit");
  if (text === undefined) return fallback;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw validationError(`The limit must be between 1 and ${max}.`);
  }
  return limit;
}

export interface Paging {
  next: { after: string };
}

export interface Page<Item> {
  readonly items: Item[];
  /** A part of the answer, to be spread into it. Empty on the last page. */
  readonly paging: { paging?: Paging };
}

/** Returns the page after the item with the id `after`, which may be deleted by now. The items ascend by id. */
export function pageOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  limit: number,
  after: string | undefined,
): Page<Item> {
  if (after !== undefined && !/^\d+$/.test(after))
    throw validationError(`after is not a valid paging cursor: ${after}`);
  const rest = after === undefined ? items : items.filter((item) => Number(idOf(item)) > Number(after));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page,
    paging: last !== undefined && rest.length > page.length ? { paging: { next: { after: idOf(last) } } } : {},
  };
}
