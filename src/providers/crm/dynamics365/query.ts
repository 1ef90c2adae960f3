import { overColumns, type OverColumns } from "../../contract/columns.js";
import type { EmailRules } from "../../contract/field-map.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { readText } from "../../mapping/json-dialect.js";
import { extended, phoneNotations, plainNumber } from "../../mapping/phone-notations.js";
import { stampFilters } from "../../mapping/stamp-filters.js";
import { EMAILS, isGuid } from "./dialect.js";

/** A filter, which may be over columns that not every environment has. */
export type Filter = string | OverColumns<Siftable<string>>;

/** A condition that no record meets. */
export const NOTHING = "createdon eq null";

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** In `contains`, these characters are wildcards unless they are in brackets. */
const literally = (text: string) => quoted(text.replace(/[%_[]/g, "[$&]"));

/**
 * Exactly that text. Microsoft’s pages disagree on whether wildcards count in `eq`: with them in the text, each of both
 * readings of it is asked for, and what they find besides is left out.
 */
function equals(column: string, text: string): string {
  const plain = `${column} eq ${quoted(text)}`;
  return /[%_[]/.test(text)
    ? `((${plain} or ${column} eq ${literally(text)}) and contains(${column},${literally(text)}))`
    : plain;
}

const equalsAny = (columns: readonly string[]) =>
  overColumns(columns, (some, text: string) => some.map((column) => equals(column, text)).join(" or "));

const isAnyOf = (columns: readonly string[], texts: readonly string[]) =>
  texts.flatMap((text) => columns.map((column) => equals(column, text))).join(" or ");

/**
 * Numbers in their usual notations. Those with an extension have more than a URL has room for, so it is left open what stands
 * between number and extension, and what is found is compared.
 */
const hasPhone = (phones: readonly string[]) =>
  overColumns(phones, (columns, value: string): Siftable<string> => {
    const parts = extended(value);
    if (!parts) return isAnyOf(columns, phoneNotations(value));
    const wanted = plainNumber(value);
    const fits = (column: string) => {
      const begins = parts.numbers.map((number) => `startswith(${column},${literally(number)})`).join(" or ");
      return `((${begins}) and endswith(${column},${literally(parts.extension)}))`;
    };
    return new Sifted(
      columns.map(fits).join(" or "),
      (row) => columns.some((column) => plainNumber(readText(row[column]) ?? "") === wanted),
      columns,
    );
  });

/** Every word must stand in one of the columns. */
export const containsWords = (columns: readonly string[]) =>
  overColumns(columns, (some, text: string) => {
    const words = text.split(/\s+/).filter((word) => word !== "");
    const anywhere = (word: string) => some.map((column) => `contains(${column},${literally(word)})`).join(" or ");
    return words.length === 0 ? NOTHING : words.map((word) => `(${anywhere(word)})`).join(" and ");
  });

const since = (column: string, time: Date) => `${column} ge ${time.toISOString()}`;
const until = (column: string, time: Date) => `${column} lt ${time.toISOString()}`;

/** Filters of every table. */
export const sharedFilters = {
  ownerId: (id: string) => (isGuid(id) ? `_ownerid_value eq ${id}` : NOTHING),
  ...stampFilters("createdon", "modifiedon", since, until),
};

export const STAMP_ORDERS = { CREATED_AT: "createdon", UPDATED_AT: "modifiedon" };

/** The most characters that the addresses of one search take in a URL. */
const ADDRESSES_MAX = 3_000;

/** Wildcards do no harm, because each found row is checked. */
const withAddresses = (addresses: readonly string[], columns: readonly string[] = EMAILS) =>
  addresses.flatMap((address) => columns.map((column) => `${column} eq ${quoted(address)}`)).join(" or ");

/** Dataverse compares texts without regard to case. */
export const byEmails: EmailRules<string> = {
  batchSize: 12,
  pageSize: 500,
  covers: EMAILS,
  source: "learn.microsoft.com, “Filter rows” (case, wildcards); the URL limits the number",
  condition: withAddresses,
  addressesOf: (native) => EMAILS.flatMap((column) => readText(native[column]) ?? []),
  // If `%` and `[` are wildcards in `eq`, they find everybody, or not themselves.
  canFind: (address) => !/[%[\]]/.test(address),
  fits: (addresses) => encodeURIComponent(withAddresses(addresses)).length <= ADDRESSES_MAX,
};

export const personFilters = (searched: readonly string[], phones: object) => ({
  ...sharedFilters,
  name: containsWords(["fullname"]),
  search: containsWords(["fullname", ...EMAILS, "telephone1", "mobilephone", ...searched]),
  email: equalsAny(EMAILS),
  phone: hasPhone(Object.keys(phones)),
});
