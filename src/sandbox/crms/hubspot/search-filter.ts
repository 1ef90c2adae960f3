import { holds, not, type Test } from "../../kit/conditions.js";
import { ANY_TEXT, matchesLike, type LikePart } from "../../kit/like.js";
import type { HubSpotAccount } from "./account.js";
import { type StoredRecord, objectTypeNamed, type ObjectType } from "./object-types.js";
import { validationError } from "./errors.js";
import type { Property } from "./property.js";
import { parseInstant } from "./property-values.js";
import { propertyValue } from "./record-view.js";
import type { SearchFilter } from "./search-request.js";

export type RecordTest = Test<StoredRecord>;
type ValueTest = Test<string>;

/** The compared form of a value. Numbers and instants are compared as numbers, and all other values as texts. */
export type Comparable = number | string;

const COMPARISONS = { LT: "<", LTE: "<=", GT: ">", GTE: ">=" } as const;
const ASSOCIATION_FILTER = /^associations\.(.+)$/;

export function testOf(account: HubSpotAccount, type: ObjectType, filter: SearchFilter): RecordTest {
  const associated = ASSOCIATION_FILTER.exec(filter.propertyName)?.[1];
  if (associated !== undefined) return associationTest(account, objectTypeNamed(associated), filter);
  const property = propertyNamed(type, filter.propertyName);
  const matches = valueTest(property, filter);
  return (record) => {
    const value = propertyValue(account, record, property.name);
    if (filter.operator === "NOT_HAS_PROPERTY") return value === null;
    // No operator matches a record without a value, not even a negated operator.
    return value !== null && matches(value);
  };
}

export function propertyNamed(type: ObjectType, name: string): Property {
  const property = type.properties.get(name);
  if (!property) throw validationError(`There was a problem with the request: property '${name}' does not exist`);
  return property;
}

export function comparable(property: Property, value: string): Comparable {
  if (property.type === "enumeration") return value;
  if (property.type === "string") return value.toLowerCase();
  const number = property.type === "datetime" ? parseInstant(value) : Number(value);
  if (number === null || Number.isNaN(number)) {
    throw validationError(`There was a problem with the request: '${value}' is no ${property.type}`);
  }
  return number;
}

function valueTest(property: Property, filter: SearchFilter): ValueTest {
  const { operator } = filter;
  const given = () => comparable(property, required(filter, "value"));
  const stored = (value: string) => comparable(property, value);
  switch (operator) {
    case "HAS_PROPERTY":
    case "NOT_HAS_PROPERTY":
      return () => true;
    case "EQ":
      return equalTo(property, given());
    case "NEQ":
      return not(equalTo(property, given()));
    case "LT":
    case "LTE":
    case "GT":
    case "GTE": {
      const wanted = given();
      return (value) => holds(stored(value), COMPARISONS[operator], wanted);
    }
    case "BETWEEN": {
      const [low, high] = [given(), comparable(property, required(filter, "highValue"))];
      return (value) => holds(stored(value), ">=", low) && holds(stored(value), "<=", high);
    }
    case "IN":
      return oneOf(property, filter);
    case "NOT_IN":
      return not(oneOf(property, filter));
    case "CONTAINS_TOKEN":
      return containsToken(required(filter, "value"));
    case "NOT_CONTAINS_TOKEN":
      return not(containsToken(required(filter, "value")));
  }
}

function equalTo(property: Property, wanted: Comparable): ValueTest {
  return (value) => chosenValues(property, value).some((one) => comparable(property, one) === wanted);
}

function oneOf(property: Property, filter: SearchFilter): ValueTest {
  const values = required(filter, "values");
  // HubSpot compares stored texts in lower case, but does not convert the list. So a capital letter in the list never
  // matches.
  const wanted = new Set(property.type === "string" ? values : values.map((value) => comparable(property, value)));
  return (value) => chosenValues(property, value).some((one) => wanted.has(comparable(property, one)));
}

function chosenValues(property: Property, value: string): string[] {
  return property.multiple ? value.split(";") : [value];
}

function containsToken(wanted: string): ValueTest {
  if (wanted.includes("*")) {
    const pattern = Array.from(wanted.toLowerCase(), (char): LikePart => (char === "*" ? ANY_TEXT : char));
    return (value) => [value.toLowerCase(), ...tokensOf(value)].some((text) => matchesLike(text, pattern));
  }
  const tokens = tokensOf(wanted);
  return (value) => {
    const present = new Set(tokensOf(value));
    return tokens.every((token) => present.has(token));
  };
}

function tokensOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== "");
}

function associationTest(account: HubSpotAccount, toType: ObjectType, filter: SearchFilter): RecordTest {
  const idsOf = (record: StoredRecord) => account.associations.associated(record, toType).map(({ id }) => id);
  const { operator } = filter;
  if (operator === "HAS_PROPERTY") return (record) => idsOf(record).length > 0;
  if (operator === "NOT_HAS_PROPERTY") return (record) => idsOf(record).length === 0;
  if (operator !== "EQ" && operator !== "IN") {
    throw validationError(`Operator ${operator} is not supported for ${filter.propertyName}`);
  }
  const wanted = new Set(operator === "EQ" ? [required(filter, "value")] : required(filter, "values"));
  return (record) => idsOf(record).some((id) => wanted.has(id));
}

function required<Name extends "value" | "highValue" | "values">(
  filter: SearchFilter,
  name: Name,
): NonNullable<SearchFilter[Name]> {
  const value = filter[name];
  if (value === undefined) {
    throw validationError(
      `Invalid input JSON on line 1, column 1: problem: operator ${filter.operator} requires ${name === "values" ? "values" : `a ${name}`}`,
    );
  }
  return value;
}
