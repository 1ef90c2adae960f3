import { textOf } from "../../kit/json.js";
import { pythonRepr, type Json } from "./data.js";
import { RpcError, typeError, valueError } from "./rpc-error.js";

/** A date-time in microseconds, as PostgreSQL stores it. Odoo's answers show whole seconds. */
export type Micros = number;

const SECOND: Micros = 1_000_000;

export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;

const ODOO_DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?$/;
const SQL_TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** Reads a date-time as Odoo's fields do in a write: without zone, `T` and fraction. */
export function parseDateTime(value: Json): Micros {
  if (typeof value !== "string") throw typeError(`strptime() argument 1 must be str, not ${typeof value}`);
  const micros = microsOf(ODOO_DATE_TIME.exec(value));
  if (micros === null) throw valueError(`time data ${pythonRepr(value)} does not match format '%Y-%m-%d %H:%M:%S'`);
  return micros;
}

/** Reads a date-time in a domain as PostgreSQL does: it accepts more forms, and ignores a zone. */
export function parseTimestamp(value: Json): Micros {
  const micros = microsOf(SQL_TIMESTAMP.exec(textOf(value)));
  if (micros !== null) return micros;
  throw new RpcError(
    "psycopg2.errors.InvalidDatetimeFormat",
    `invalid input syntax for type timestamp: "${textOf(value)}"\n`,
  );
}

/** Reads a date as Odoo's fields do in a write: they ignore the text after the tenth character. */
export function parseDate(value: Json): string {
  if (typeof value !== "string") throw typeError(`strptime() argument 1 must be str, not ${typeof value}`);
  const date = value.slice(0, 10);
  if (date.length === 10 && microsOf(ODOO_DATE_TIME.exec(date)) !== null) return date;
  throw valueError(`time data ${pythonRepr(date)} does not match format '%Y-%m-%d'`);
}

/** Writes a date-time without its microseconds, like Odoo's answers. */
export function formatDateTime(micros: Micros): string {
  return new Date(Math.floor(micros / SECOND) * 1000).toISOString().slice(0, 19).replace("T", " ");
}

export function dateOf(micros: Micros): string {
  return formatDateTime(micros).slice(0, 10);
}

function microsOf(parts: RegExpExecArray | null): Micros | null {
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // JavaScript would read 30 February as 2 March.
  const asWritten =
    instant.getUTCFullYear() === year && instant.getUTCMonth() === month - 1 && instant.getUTCDate() === day;
  if (!asWritten || hour > 23 || minute > 59 || second > 59) return null;
  return instant.getTime() * 1000 + Math.round(Number(parts[7] ?? 0) * SECOND);
}
