import { jsonDialect, readText } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "EspoCRM";

/** Date-times are in UTC and say no zone; a day has no time. */
export function readDateTime(value: unknown): string | null {
  const text = readText(value)?.replace(" ", "T").slice(0, 19);
  const date = new Date(text?.length === 10 ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export const writeDateTime = (value: Date) => value.toISOString().slice(0, 19).replace("T", " ");

export const dialect = jsonDialect(PROVIDER_NAME, { readDateTime, writeDateTime });
