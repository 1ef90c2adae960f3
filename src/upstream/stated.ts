import { MAX_WAIT_S } from "../errors/wait.js";
import type { StatedRateLimit } from "./request.js";

/** The largest count that the GraphQL type Int can carry. */
const MAX_COUNT = 2 ** 31 - 1;

/**
 * Reads a number that a CRM states in a header, or in a member of its answer: zero or more, in decimal digits. Undefined for
 * everything else, such as `-5`, `Infinity`, `1e9` and an absent value.
 */
export function statedNumber(value: unknown): number | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === "number") return first >= 0 ? first : undefined;
  const text = typeof first === "string" ? first.trim() : "";
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/**
 * Brings a stated rate limit into the bounds of what crmesh counts and tells: whole numbers that fit into an Int, and a
 * window of at most a day. Undefined if the limit allows no request, because crmesh then knows no limit.
 */
export function boundedLimit(stated: StatedRateLimit | undefined): StatedRateLimit | undefined {
  if (!stated) return undefined;
  const limit = boundedCount(stated.limit) ?? 0;
  if (limit < 1) return undefined;
  const { remaining, windowMs } = stated;
  return {
    limit,
    remaining: remaining === null ? null : boundedCount(remaining),
    windowMs: windowMs !== null && windowMs > 0 ? Math.min(windowMs, MAX_WAIT_S * 1000) : null,
  };
}

function boundedCount(count: number): number | null {
  return count >= 0 ? Math.min(Math.floor(count), MAX_COUNT) : null;
}
