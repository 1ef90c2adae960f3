import { EMAILS, isGuid } from "./dialect.js";

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

const equalsAny = (columns: readonly string[]) => (text: string) =>
  columns.map((column) => equals(column, text)).join(" or ");

/** Every word must stand in one of the columns. */
export const containsWords = (columns: readonly string[]) => (text: string) => {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const anywhere = (word: string) => columns.map((column) => `contains(${column},${literally(word)})`).join(" or ");
  return words.length === 0 ? NOTHING : words.map((word) => `(${anywhere(word)})`).join(" and ");
};

const at = (column: string, operator: "ge" | "lt") => (time: Date) => `${column} ${operator} ${time.toISOString()}`;

/** The filters that all tables have alike. */
export const sharedFilters = {
  ownerId: (id: string) => (isGuid(id) ? `_ownerid_value eq ${id}` : NOTHING),
  createdSince: at("createdon", "ge"),
  createdUntil: at("createdon", "lt"),
  updatedSince: at("modifiedon", "ge"),
  updatedUntil: at("modifiedon", "lt"),
};

export const STAMP_ORDERS = { CREATED_AT: "createdon", UPDATED_AT: "modifiedon" };

export const personFilters = (searched: readonly string[], phones: readonly { native: string }[]) => ({
  ...sharedFilters,
  name: containsWords(["fullname"]),
  search: containsWords(["fullname", ...EMAILS, "telephone1", "mobilephone", ...searched]),
  email: equalsAny(EMAILS),
  phone: equalsAny(phones.map(({ native }) => native)),
});
