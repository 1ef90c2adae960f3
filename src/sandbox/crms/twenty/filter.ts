import { holds } from "../../kit/conditions.js";
import { matchesLike, sqlPattern } from "../../kit/like.js";
import { isRfcUuid } from "../../kit/uuid.js";
import { badRequest, type Refusals } from "./errors.js";
import { parseFilter, type Comparator, type Filter } from "./filter-text.js";
import type { Field, ObjectDefinition } from "./objects.js";
import { columnAt, columnText, type Column } from "./values.js";
import { toMicros, type Row } from "./workspace.js";

/** SQL's three truth values. Null means unknown. */
type Truth = boolean | null;
type Test = (row: Row) => Truth;

export interface RowFilter {
  passes(row: Row): boolean;
  /** Whether the filter names `deletedAt`. Only then are deleted records found. */
  asksForDeleted: boolean;
}

export function rowFilter(object: ObjectDefinition, refusals: Refusals, text: string | undefined): RowFilter {
  const parsed = text === undefined || text === "" ? null : parseFilter(text);
  const test = parsed ? compile({ object, refusals }, parsed) : () => true;
  return { passes: (row) => test(row) === true, asksForDeleted: parsed !== null && mentions(parsed, "deletedAt") };
}

function mentions(filter: Filter, name: string): boolean {
  return filter.kind === "condition" ? filter.path[0] === name : filter.of.some((part) => mentions(part, name));
}

/** The object that a filter is about, and what is said of a wrong filter. */
interface Subject {
  object: ObjectDefinition;
  refusals: Refusals;
}

function compile(subject: Subject, filter: Filter): Test {
  if (filter.kind === "condition") return condition(subject, filter);
  const tests = filter.of.map((part) => compile(subject, part));
  switch (filter.kind) {
    case "not":
      return (row) => negated(tests[0]!(row));
    case "and":
      return (row) => combined(tests, row, false);
    case "or":
      return (row) => combined(tests, row, true);
  }
}

const negated = (truth: Truth): Truth => (truth === null ? null : !truth);

/** @param decisive the truth value of one part that decides the result: false for "and", true for "or" */
function combined(tests: readonly Test[], row: Row, decisive: boolean): Truth {
  let truth: Truth = !decisive;
  for (const test of tests) {
    const one = test(row);
    if (one === decisive) return decisive;
    if (one === null) truth = null;
  }
  return truth;
}

function condition({ object, refusals }: Subject, { path, comparator, value }: Filter & { kind: "condition" }): Test {
  const column = columnAt(object, path);
  if (!column) throw refusals.unknownFilterField(object.nameSingular, path[0] ?? "");
  if (comparator === "in" || comparator === "containsAny") return amongst(column, refusals, comparator, value);
  if (comparator === "is") {
    const wantsNull = value === "NULL";
    return (row) => ((column.read(row) ?? null) === null) === wantsNull;
  }
  const wanted = columnValue(column, refusals, value);
  if (comparator === "like" || comparator === "ilike") {
    const fold = (text: string) => (comparator === "ilike" ? text.toLowerCase() : text);
    const pattern = sqlPattern(fold(unquoted(value)));
    return ifPresent(column, (found) => matchesLike(fold(columnText(found)!), pattern));
  }
  return ifPresent(column, (found) => compare(comparator, found as never, wanted as never));
}

function ifPresent({ read }: Column, test: (found: unknown) => boolean): Test {
  return (row) => {
    const found = read(row);
    return found === null || found === undefined ? null : test(found);
  };
}

type ScalarComparator = Exclude<Comparator, "in" | "containsAny" | "is" | "like" | "ilike">;

const COMPARISONS = { eq: "=", neq: "!=", gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

function compare(comparator: ScalarComparator, found: string | number, wanted: string | number): boolean {
  if (comparator === "startsWith") return String(found).startsWith(String(wanted));
  if (comparator === "endsWith") return String(found).endsWith(String(wanted));
  return holds(found, COMPARISONS[comparator], wanted);
}

function amongst(column: Column, refusals: Refusals, comparator: Comparator, value: string): Test {
  if (!value.startsWith("[") || !value.endsWith("]")) {
    throw badRequest(
      `'filter' invalid for '${comparator}' operator. Received '${value}' but array value expected eg: 'field[${comparator}]:[value_1,value_2]'`,
    );
  }
  const wanted = new Set(
    value
      .slice(1, -1)
      .split(",")
      .map((one) => columnValue(column, refusals, one)),
  );
  return ifPresent(column, (found) =>
    Array.isArray(found) ? found.some((one) => wanted.has(one)) : wanted.has(found),
  );
}

function unquoted(value: string): string {
  return /^["'].*["']$/s.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

function columnValue({ field, part }: Column, refusals: Refusals, text: string): unknown {
  const plain = unquoted(text);
  if (part !== null) return plain;
  if (field.options) return optionValue(field, plain);
  if (field.type === "NUMBER") return parseFloat(text);
  if (field.type === "BOOLEAN") return text.toLowerCase() === "true";
  if (field.type === "UUID") return uuidValue(field, refusals, plain);
  return field.type === "DATE_TIME" ? timeValue(field, refusals, plain) : plain;
}

function uuidValue({ name }: Field, refusals: Refusals, text: string): string {
  if (isRfcUuid(text)) return text.toLowerCase();
  throw refusals.badId(name, text);
}

function timeValue({ name }: Field, refusals: Refusals, text: string): number {
  const micros = toMicros(text);
  if (Number.isNaN(micros)) throw refusals.badTime(name, text);
  return micros;
}

function optionValue({ name, options = [] }: Field, value: string): string {
  if (options.includes(value)) return value;
  throw badRequest(
    `'filter' enum value '${value}' not available in '${name}' enum. Available enum values are ['${options.join("', '")}']`,
  );
}
