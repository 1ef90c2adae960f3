import type { FastifyRequest } from "fastify";
import { pathParameter, queryText, requestAccount } from "../../kit/request.js";
import type { Module, ZohoAccount } from "./account.js";
import { invalidData, invalidModule, ZohoError } from "./errors.js";

export const accountOf = requestAccount<ZohoAccount>;

/** @throws ZohoError for a module that the org does not have */
export function moduleOf(request: FastifyRequest): Module {
  const module = accountOf(request).module(pathParameter(request, "module"));
  if (!module) throw invalidModule();
  return module;
}

export function queryInteger(request: FastifyRequest, name: string, fallback: number, max: number): number {
  const text = queryText(request, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw invalidData({ param_name: name });
  }
  return value;
}

/** The records in a body's `data`. */
export function bodyRecords(request: FastifyRequest): Record<string, unknown>[] {
  const { data } = (request.body ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) {
    throw new ZohoError(400, "MANDATORY_NOT_FOUND", "required field not found", { api_name: "data" });
  }
  return data as Record<string, unknown>[];
}
