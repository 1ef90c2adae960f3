import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { pathParameter, queryText, requestAccount } from "../../kit/request.js";
import type { PipedriveAccount } from "./account.js";
import { badRequest } from "./errors.js";

export const accountOf = requestAccount<PipedriveAccount>;

export function idOf(request: FastifyRequest): string {
  return pathParameter(request, "id");
}

/** Reads an integer of the query. @throws Refusal 400 */
export function queryInteger(request: FastifyRequest, name: string): number | undefined {
  const text = queryText(request, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`Validation failed: ${name}: Expected number, received string`);
  return Number(text);
}

/** Reads a parameter that must be one of these words. @throws Refusal 400 */
export function queryWord<Word extends string>(
  request: FastifyRequest,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = queryText(request, name) ?? words[0];
  const word = words.find((one) => one === text);
  if (word === undefined) throw badRequest(`Validation failed: ${name}: Expected ${words.join(" | ")}`);
  return word;
}

/**
 * Reads the body with a schema. v2 converts no types, and refuses unknown parameters.
 * @throws Refusal 400 naming the wrong parameter
 */
export function bodyOf<Schema extends z.ZodType>({ body }: FastifyRequest, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    throw badRequest(`Parameter '${issue.keys[0]}' is not allowed for this request`);
  }
  throw badRequest(`Validation failed: ${issue.path.join(".") || "body"}: ${issue.message}`);
}
