import type { FastifyRequest } from "fastify";
import { isObject, pathParameter, requestAccount } from "../../kit/request.js";
import { isUuid } from "../../kit/uuid.js";
import { invalid, notFound } from "./errors.js";
import type { ObjectType } from "./attributes.js";
import type { StoredRecord, Workspace } from "./workspace.js";

export const workspaceOf = requestAccount<Workspace>;

/** @throws AttioError unless the value is a whole number of at least `min` */
export function count(value: unknown, name: string, fallback: number, min = 0): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (value !== "" && Number.isInteger(number) && number >= min) return number;
  throw invalid("validation_type", `Invalid value for ${name}.`);
}

/** @throws AttioError if the workspace has no such object */
export function objectOf(request: FastifyRequest): ObjectType {
  const name = pathParameter(request, "object");
  const object = workspaceOf(request).object(name);
  if (!object) throw notFound(`Object with slug/ID "${name}"`);
  return object;
}

/** @throws AttioError */
export function recordOf(request: FastifyRequest): StoredRecord {
  const object = objectOf(request);
  const id = pathParameter(request, "record_id");
  if (!isUuid(id)) throw invalid("validation_type", `Invalid record ID "${id}".`);
  const record = workspaceOf(request).table(object).get(id);
  if (!record) throw notFound(`Record with ID "${id}"`);
  return record;
}

/** Returns the members of a JSON body. Empty without a body. @throws AttioError */
export function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const { body } = request;
  if (body === undefined || body === null) return {};
  if (isObject(body)) return body;
  throw invalid("validation_type", "Body payload validation error.");
}
