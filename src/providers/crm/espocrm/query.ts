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
  return (value: string): Where => {
    const text = value.replace(/[\\%_]/g, "\\$&");
    const textFor = (name: string) => (name === "emailAddress" ? text.toLowerCase() : text);
    return anyOf(...attributes.map((name) => by("contains", name)(textFor(name))));
  };
}

/** EspoCRM's times have whole seconds, so a bound between two seconds equals the later one. */
function bound(type: string, attribute: string) {
  const at = (value: Date) => writeDateTime(new Date(Math.ceil(value.getTime() / 1000) * 1000));
  return (value: Date): Where => by(type, attribute)(at(value));
}
export const since = (attribute: string) => bound("greaterThanOrEquals", attribute);
export const until = (attribute: string) => bound("lessThan", attribute);

export const recordFilters = {
  name: contains("name"),
  ownerId: by("equals", "assignedUserId"),
  createdSince: since("createdAt"),
  createdUntil: until("createdAt"),
  updatedSince: since("modifiedAt"),
  updatedUntil: until("modifiedAt"),
};

export const personFilters = {
  ...recordFilters,
  // EspoCRM compares with its lower-case copy of the address.
  email: (value: string) => by("equals", "emailAddress")(value.toLowerCase()),
  phone: by("equals", "phoneNumber"),
};

export const RECORD_ORDERS = { CREATED_AT: "createdAt", UPDATED_AT: "modifiedAt" };
export const NAME_ORDERS = { ...RECORD_ORDERS, NAME: "name" };
