import type { FastifyRequest } from "fastify";
import type { Module, ZohoAccount } from "./account.js";
import { invalidModule, ZohoError } from "./errors.js";

/** The request decoration that holds the account of its token. */
export const ACCOUNT = "zohoAccount";

export function accountOf(request: FastifyRequest): ZohoAccount {
  return request.getDecorator<ZohoAccount>(ACCOUNT);
}

/** @throws ZohoError for a module that the org does not have */
export function moduleOf(request: FastifyRequest): Module {
  const module = accountOf(request).module(pathParameter(request, "module"));
  if (!module) throw invalidModule();
  return module;
}

export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string | undefined>)[name] ?? "";
}

export function queryText(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

export function queryList(request: FastifyRequest, name: string): string[] {
  return (queryText(request, name) ?? "").split(",").filter((item) => item !== "");
}

export function queryInteger(request: FastifyRequest, name: string, fallback: number, max: number): number {
  const text = queryText(request, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new ZohoError(400, "INVALID_DATA", "invalid data", { param_name: name });
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
