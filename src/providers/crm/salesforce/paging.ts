import { invalidInput } from "../../../errors/crm-error.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { longId } from "./dialect.js";
import { dateTime, quoted } from "./query.js";

/**
 * Paging by key: a page begins after the last record of the one before, wherever that record is by now. OFFSET ends
 * at 2000 and shifts when records come and go; Salesforce's own query cursors expire, and an org has few of them.
 */
export interface Order {
  /** Equal and empty values are told apart by the id. */
  column: string;
  direction: "ASC" | "DESC";
}

export const BY_ID: Order = { column: "Id", direction: "ASC" };

/** The only order that is not one of moments. */
const TEXT_COLUMN = "LastName";

export function orderBy({ column, direction }: Order): string {
  return column === "Id" ? " ORDER BY Id ASC" : ` ORDER BY ${column} ${direction} NULLS LAST, Id ASC`;
}

/** The place of a record in that order. */
export function cursorAt(record: NativeRecord, { column }: Order): string {
  const place = column === "Id" ? [record["Id"]] : [record["Id"], record[column] ?? null];
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/**
 * The condition for what comes after a place.
 * @throws CrmError INVALID_INPUT when the cursor is none of this order
 */
export function after(cursor: string, { column, direction }: Order): string {
  const [idText, value] = placeOf(cursor);
  const id = longId(String(idText));
  if (id === null) throw notACursor();
  const laterId = `Id > ${quoted(id)}`;
  if (column === "Id") return laterId;
  // Empty values come last, whatever the direction.
  if (value === null) return `${column} = null AND ${laterId}`;
  const literal = literalOf(column, value);
  const further = direction === "ASC" ? ">" : "<";
  return `(${column} ${further} ${literal} OR (${column} = ${literal} AND ${laterId}) OR ${column} = null)`;
}

function placeOf(cursor: string): unknown[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(place)) return place;
  } catch {
    // Answered below: what cannot be read is no cursor.
  }
  throw notACursor();
}

function literalOf(column: string, value: unknown): string {
  if (typeof value !== "string") throw notACursor();
  if (column === TEXT_COLUMN) return quoted(value);
  const date = new Date(value.replace(/\+0000$/, "Z"));
  if (Number.isNaN(date.getTime())) throw notACursor();
  return dateTime(date);
}

function notACursor() {
  return invalidInput({
    after:
      "This cursor does not belong to this list. Use it with the same connection, filter and order, or omit `after`.",
  });
}

/** Joins listings in that order into one, each record once. Moments are compared as the text that Salesforce answers, which is always UTC. */
export function merge(listings: readonly (readonly NativeRecord[])[], order: Order): NativeRecord[] {
  if (listings.length === 1) return [...listings[0]!];
  const records = new Map(listings.flat().map((record) => [record["Id"], record]));
  const sign = order.direction === "ASC" ? 1 : -1;
  const valueOf = (record: NativeRecord) => (record[order.column] ?? null) as string | null;
  return [...records.values()].sort((one, other) => {
    const left = valueOf(one);
    const right = valueOf(other);
    if (left === right) return String(one["Id"]) < String(other["Id"]) ? -1 : 1;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -sign : sign;
  });
}
