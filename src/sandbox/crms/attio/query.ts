import { allOf, anyOf, holds, not, type Test } from "../../kit/conditions.js";
import { compareValues, inOrder, type OrderTerm } from "../../kit/order.js";
import { isObject } from "../../kit/request.js";
import type { Attribute, AttributeType, ObjectType } from "./attributes.js";
import { invalid } from "./errors.js";
import { stampOf } from "./times.js";
import type { ValueBody } from "./values.js";
import { isCurrent, type StoredRecord } from "./workspace.js";

type RecordTest = Test<StoredRecord>;

/** The property that a filter compares by default. */
const DEFAULT_PROPERTY: Readonly<Partial<Record<AttributeType, string>>> = {
  currency: "currency_value",
  "actor-reference": "referenced_actor_id",
  "record-reference": "target_record_id",
  domain: "domain",
  "email-address": "email_address",
  "phone-number": "phone_number",
  interaction: "interacted_at",
  "personal-name": "full_name",
  select: "option",
  status: "status",
};

const collator = new Intl.Collator("en");

/** Whether a record passes a filter, in its short or its long form. @throws AttioError filter_error */
export function compileFilter(object: ObjectType, filter: unknown): RecordTest {
  if (filter === undefined) return () => true;
  const tests = Object.entries(members(filter)).map(([name, condition]): RecordTest => {
    if (name === "$and" || name === "$or") {
      if (!Array.isArray(condition)) throw filterError(`${name} takes a list.`);
      const parts = condition.map((part: unknown) => compileFilter(object, part));
      return name === "$and" ? allOf(parts) : anyOf(parts);
    }
    if (name === "$not") return not(compileFilter(object, condition));
    return attributeTest(attributeNamed(object, name), condition);
  });
  return allOf(tests);
}

/**
 * Sorts records by the sorts of a query. Records without a value come last in one direction, and first in the other.
 */
export function sortRecords(object: ObjectType, sorts: unknown, records: readonly StoredRecord[]): StoredRecord[] {
  const terms = (Array.isArray(sorts) ? (sorts as unknown[]) : []).map((sort): OrderTerm<StoredRecord> => {
    const { attribute: name, direction, field } = members(sort);
    if (typeof name !== "string" || (direction !== "asc" && direction !== "desc")) {
      throw invalid("validation_type", "Body payload validation error.");
    }
    const attribute = attributeNamed(object, name);
    const property = typeof field === "string" ? field : defaultProperty(attribute);
    const descending = direction === "desc";
    return {
      keyOf: (record) => valuesOf(record, attribute.slug, property)[0] ?? null,
      descending,
      emptyLast: !descending,
      compare,
    };
  });
  return inOrder(records, terms);
}

function attributeTest(attribute: Attribute, condition: unknown): RecordTest {
  const { slug } = attribute;
  const property = defaultProperty(attribute);
  if (!isObject(condition)) return valueTest(slug, property, "$eq", condition);
  const tests = Object.entries(condition).flatMap(([name, wanted]): RecordTest[] => {
    if (name.startsWith("$")) return [valueTest(slug, property, name, wanted)];
    if (!isObject(wanted)) return [valueTest(slug, name, "$eq", wanted)];
    return Object.entries(wanted).map(([operator, operand]) => valueTest(slug, name, operator, operand));
  });
  return allOf(tests);
}

/** Makes the test of an attribute. A record with several values passes if one of the values passes. */
function valueTest(slug: string, property: string, operator: string, operand: unknown): RecordTest {
  if (operator === "$not_empty") return (record) => valuesOf(record, slug, property).length > 0 === operand;
  if (operator === "$in") {
    if (!Array.isArray(operand)) throw filterError("$in takes a list.");
    const wanted = new Set(operand.map(comparable));
    return (record) => valuesOf(record, slug, property).some((value) => wanted.has(comparable(value)));
  }
  const passes = OPERATORS[operator];
  if (!passes || operand === undefined || operand === null || typeof operand === "object") {
    throw filterError(`Invalid operator or operand: ${operator}.`);
  }
  const wanted = comparable(operand);
  return (record) => valuesOf(record, slug, property).some((value) => passes(comparable(value), wanted));
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT/;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

type Comparable = string | number | boolean;

const textual = (test: (value: string, wanted: string) => boolean) => (value: Comparable, wanted: Comparable) =>
  test(String(value).toLowerCase(), String(wanted).toLowerCase());

const OPERATORS: Readonly<Record<string, (value: Comparable, wanted: Comparable) => boolean>> = {
  $eq: (value, wanted) => holds(value, "=", wanted),
  $contains: textual((value, wanted) => value.includes(wanted)),
  $starts_with: textual((value, wanted) => value.startsWith(wanted)),
  $ends_with: textual((value, wanted) => value.endsWith(wanted)),
  $lt: (value, wanted) => holds(value, "<", wanted),
  $lte: (value, wanted) => holds(value, "<=", wanted),
  $gt: (value, wanted) => holds(value, ">", wanted),
  $gte: (value, wanted) => holds(value, ">=", wanted),
};

/** Returns the compared form of a value. Timestamps get one form, so that they can be compared as texts. */
function comparable(value: unknown): Comparable {
  if (typeof value === "number" || typeof value === "boolean") return value;
  const text = String(value);
  return STAMP.test(text) || !DATE_TIME.test(text) ? text : (stampOf(text) ?? text);
}

function valuesOf({ values }: StoredRecord, slug: string, property: string): unknown[] {
  return (values[slug] ?? [])
    .filter(isCurrent)
    .map(({ body }) => propertyOf(body, property))
    .filter((value) => value !== undefined && value !== null && value !== "");
}

function propertyOf(body: ValueBody, property: string): unknown {
  const value = body[property];
  return isObject(value) ? value["title"] : value;
}

function compare(left: unknown, right: unknown): number {
  const [one, other] = [comparable(left), comparable(right)];
  if (typeof one === "string" && typeof other === "string" && !STAMP.test(one)) return collator.compare(one, other);
  return compareValues(one, other);
}

function attributeNamed({ attributes }: ObjectType, name: string): Attribute {
  const found = attributes.find(({ slug, id, isArchived }) => !isArchived && (slug === name || id === name));
  if (found) return found;
  throw filterError(`Unknown attribute slug: ${name}`);
}

function defaultProperty({ type }: Attribute): string {
  return DEFAULT_PROPERTY[type] ?? "value";
}

function filterError(message: string) {
  return invalid("filter_error", message);
}

function members(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw filterError("A filter or sort is an object.");
  return value;
}
