import { ExactNumber } from "../../kit/exact-number.js";

export type Json = string | number | ExactNumber | boolean | null | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Writes a value as Python prints it, for the values in Odoo's messages. */
export function pythonRepr(value: Json | undefined): string {
  if (value === undefined || value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number" || value instanceof ExactNumber) return String(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${quoted(key)}: ${pythonRepr(item)}`)
    .join(", ")}}`;
}

function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  if (!escaped.includes("'")) return `'${escaped}'`;
  return escaped.includes('"') ? `'${escaped.replaceAll("'", "\\'")}'` : `"${escaped}"`;
}

/** A value as the database stores it. An empty value is null, date-times are microseconds, and relations are ids. */
export type Stored = string | number | boolean | number[] | null;

export type Values = Record<string, Stored>;

export interface Row {
  readonly id: number;
  readonly [field: string]: Stored;
}
