import type { EmailRules, NativeRecord } from "../../contract/field-map.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { readText } from "../../mapping/json-dialect.js";
import { phoneNotations } from "../../mapping/phone-notations.js";
import { stampFilters, wholeSecond } from "../../mapping/stamp-filters.js";

/** Criteria in COQL, which find at least the matching records. */
export interface Criteria {
  where: string;
  /** Whether converted leads are wanted. Otherwise they are hidden. */
  converted?: boolean;
}
export type Condition = Siftable<Criteria>;

/** A condition that no record meets. It needs no call. */
export const NOTHING: Criteria = { where: "" };

/** A quote within quotes is written twice. Source: help.zoho.com, "Kaizen #171: FAQs on COQL API". */
export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Criteria are grouped in pairs. */
export const allOf = (parts: readonly string[]) => parts.reduce((left, right) => `(${left} and ${right})`);
const anyOf = (parts: readonly string[]) => parts.reduce((left, right) => `(${left} or ${right})`);

export const isId = (text: string) => /^[1-9]\d{0,18}$/.test(text);

/** E-mail addresses and phone numbers have no backslash in them: what one means within quotes need not be known. */
const isSpeakable = (text: string) => !/[\\\p{Cc}]/u.test(text);

export function equalsAny(columns: readonly string[], text: string): Condition {
  if (!isSpeakable(text)) return NOTHING;
  return { where: anyOf(columns.map((column) => `${column} = ${quoted(text)}`)) };
}

/** Texts without backslashes and control characters: what one means within quotes need not be known. */
function isAnyOf(columns: readonly string[], texts: readonly string[]): Condition {
  const plain = texts.filter((text) => !/[\\\p{Cc}]/u.test(text));
  if (plain.length === 0) return NOTHING;
  const values = plain.map(quoted).join(", ");
  return { where: anyOf(columns.map((column) => `${column} in (${values})`)) };
}

/**
 * Records of which one of the texts contains the whole of this one. Zoho is asked for its longest part that means the
 * same to everybody: it does not say how wildcards are escaped.
 */
export function contains(columns: readonly string[], fields: readonly string[], text: string): Condition {
  const [longest = ""] = text.split(/[\s\\%_\p{Cc}]+/u).sort((one, other) => other.length - one.length);
  const likes = columns.map((column) => `${column} ${longest ? `like ${quoted(`%${longest}%`)}` : "is not null"}`);
  const shown = (value: unknown) => readText((value as { name?: unknown } | null)?.name ?? value) ?? "";
  const passes = (native: NativeRecord) =>
    fields.some((field) => shown(native[field]).toLowerCase().includes(text.toLowerCase()));
  return new Sifted({ where: anyOf(likes) }, passes, fields);
}

/** A date-time literal. Zoho stores whole seconds. */
export const dateTime = (date: Date) => `'${wholeSecond(date).toISOString().slice(0, 19)}+00:00'`;
const since = (column: string, at: Date): Condition => ({ where: `${column} >= ${dateTime(at)}` });
const until = (column: string, at: Date): Condition => ({ where: `${column} < ${dateTime(at)}` });

export const sharedFilters = {
  ownerId: (id: string): Condition => (isId(id) ? { where: `Owner = ${quoted(id)}` } : NOTHING),
  ...stampFilters("Created_Time", "Modified_Time", since, until),
};

const EMAILS = ["Email", "Secondary_Email"];

/** Zoho compares texts without regard to case. One call reads the ids that are found, and others the records. */
export const byEmails: EmailRules<Condition> = {
  batchSize: 50,
  pageSize: 180,
  covers: EMAILS,
  source:
    "zoho.com/crm/developer, “COQL Limitations” (v8): 100 values of `in`, of which crmesh takes the 50 of older versions",
  condition: (addresses) => ({
    where: anyOf(EMAILS.map((column) => `${column} in (${addresses.map(quoted).join(", ")})`)),
  }),
  addressesOf: (native) => EMAILS.flatMap((column) => readText(native[column]) ?? []),
  canFind: isSpeakable,
};

/** The filters of contacts and leads. @param company the column of the company's name, and the field that shows it */
export const personFilters = (phones: readonly string[], company: readonly [column: string, field: string]) => ({
  ...sharedFilters,
  email: (address: string) => equalsAny(EMAILS, address),
  phone: (number: string) => isAnyOf(phones, phoneNotations(number)),
  name: (text: string) => contains(["First_Name", "Last_Name"], ["Full_Name"], text),
  search: (text: string) => {
    const alike = ["Email", "Phone", "Mobile"];
    return contains(["First_Name", "Last_Name", ...alike, company[0]], ["Full_Name", ...alike, company[1]], text);
  },
});
