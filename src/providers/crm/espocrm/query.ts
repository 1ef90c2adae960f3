import { overColumns } from "../../contract/columns.js";
import type { EmailRules } from "../../contract/field-map.js";
import { readText } from "../../mapping/json-dialect.js";
import { objectsAt } from "../../mapping/members.js";
import { phoneNotations } from "../../mapping/phone-notations.js";
import { stampFilters, wholeSecond } from "../../mapping/stamp-filters.js";
import { writeDateTime } from "./dialect.js";

/** A condition of `where`. Source: docs.espocrm.com, "API search parameters". */
export interface Where {
  type: string;
  attribute?: string;
  value?: string | readonly string[] | readonly Where[];
}

export const by =
  (type: string, attribute: string) =>
  (value: string | readonly string[]): Where => ({ type, attribute, value });
export const anyOf = (...value: readonly Where[]): Where => ({ type: "or", value });
export const allOf = (...value: readonly Where[]): Where => ({ type: "and", value });

/** Records that contain the text in any of the attributes. The wildcards of SQL's LIKE are escaped. */
export function contains(...attributes: readonly string[]) {
  return overColumns(attributes, (some, value: string): Where => {
    const text = escaped(value);
    const textFor = (name: string) => (name === "emailAddress" ? text.toLowerCase() : text);
    return anyOf(...some.map((name) => by("contains", name)(textFor(name))));
  });
}

const bound = (type: string) => (attribute: string, at: Date) => by(type, attribute)(writeDateTime(wholeSecond(at)));
export const since = bound("greaterThanOrEquals");
export const until = bound("lessThan");

export const recordFilters = {
  name: contains("name"),
  ownerId: by("equals", "assignedUserId"),
  ...stampFilters("createdAt", "modifiedAt", since, until),
};

export const personFilters = {
  ...recordFilters,
  // EspoCRM compares with its lower-case copy of the address.
  email: overColumns(["emailAddress"], (_only, value: string) => by("equals", "emailAddress")(value.toLowerCase())),
  phone: overColumns(["phoneNumber"], (_only, value: string) =>
    anyOf(...phoneNotations(value).map(by("equals", "phoneNumber"))),
  ),
};

const escaped = (text: string) => text.replace(/[\\%_]/g, "\\$&");

/**
 * Records with any of these addresses, in lower case. EspoCRM 8.4 fails at `in` with addresses, and a disjunction of
 * `equals` lists a record once for each of its addresses.
 */
export const hasAnyAddress = (addresses: readonly string[]) =>
  anyOf(...addresses.map((address) => by("like", "emailAddress")(escaped(address))));

/** Characters of an address in the URL, in addition to its own: a condition of its own with three parameters. */
const PARAMETERS = 3 * "where%5B0%5D%5Bvalue%5D%5B15%5D%5B%5D=&".length + "typelikeattributeemailAddressvalue".length;
const ADDRESSES_LENGTH_MAX = 3_000;

/**
 * EspoCRM compares with its lower-case copies of all addresses of a person. No list shows more than the primary one, so
 * each record that is found takes a call.
 * Source: application/Espo/Core/Utils/Database/Orm/FieldConverters/Email.php of espocrm/espocrm.
 */
export const byEmails: EmailRules<Where> = {
  batchSize: 16,
  pageSize: 100,
  covers: ["emailAddressData"],
  source: "FieldConverters/Email.php of espocrm/espocrm; the URL limits the number",
  condition: hasAnyAddress,
  addressesOf: (native) => objectsAt(native, "emailAddressData").flatMap((one) => readText(one["emailAddress"]) ?? []),
  fits: (addresses) =>
    addresses.reduce((sum, one) => sum + encodeURIComponent(one).length + PARAMETERS, 0) <= ADDRESSES_LENGTH_MAX,
};

export const RECORD_ORDERS = { CREATED_AT: "createdAt", UPDATED_AT: "modifiedAt" };
export const NAME_ORDERS = { ...RECORD_ORDERS, NAME: "name" };
