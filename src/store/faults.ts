import { isNativeError } from "node:util/types";

/** The database did not answer: it is closed, unreachable, broken or out of space. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";

  constructor(message = "The store is unavailable", options?: ErrorOptions) {
    super(message, options);
  }
}

/** The database refused a value: it cannot store the value, or the value violates a constraint. */
export class StoreRejectedError extends Error {
  override readonly name = "StoreRejectedError";

  constructor(
    /** The SQLSTATE. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`The store refused a value (${code})`, options);
  }
}

export const UNIQUE_VIOLATION = "23505";
export const FOREIGN_KEY_VIOLATION = "23503";

/**
 * Awaits a query and turns a database fault into one of the two errors above.
 *
 * @throws StoreUnavailableError, StoreRejectedError
 */
export async function guarded<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw faultOf(error);
  }
}

/**
 * Awaits a query for a row whose name comes from outside. Returns null for an unknown name, and for a name that the
 * database cannot store (with a NUL character).
 *
 * @throws StoreUnavailableError
 */
export async function lookUp<T>(query: Promise<T | undefined>): Promise<T | null> {
  try {
    return (await guarded(query)) ?? null;
  } catch (error) {
    if (error instanceof StoreRejectedError && error.code.startsWith("22")) return null;
    throw error;
  }
}

/**
 * Awaits a query for many rows whose names come from outside. Skips names that the database cannot store, because the
 * whole query would fail.
 *
 * @throws StoreUnavailableError
 */
export async function lookUpMany<T>(
  names: readonly string[],
  query: (names: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const holdable = names.filter((name) => !name.includes("\0"));
  return holdable.length === 0 ? [] : guarded(query(holdable));
}

/** SQLSTATE classes for a bad value: data exception, integrity constraint, program limit exceeded. */
const VALUE_CLASSES = new Set(["22", "23", "54"]);

function faultOf(error: unknown): Error {
  const code = sqlStateOf(error);
  const options = { cause: withoutValues(error) };
  if (code !== null && VALUE_CLASSES.has(code.slice(0, 2))) return new StoreRejectedError(code, options);
  return new StoreUnavailableError(undefined, options);
}

function sqlStateOf(error: unknown): string | null {
  if (!isNativeError(error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** Copies an error without its values: database errors contain parameters and rows, also hashes and credentials. */
export function withoutValues(error: unknown): unknown {
  if (!isNativeError(error)) return undefined;
  const bare = new Error(error.message);
  bare.name = error.name;
  if (error.stack !== undefined) bare.stack = error.stack;
  return "code" in error ? Object.assign(bare, { code: error.code }) : bare;
}
