import { allOf, anyOf, holds, not, type Test } from "../../kit/conditions.js";
import { textOf } from "../../kit/json.js";
import type { Refusal } from "../../kit/refusal.js";
import { isObject } from "../../kit/request.js";
import { badRequest } from "./errors.js";
import { readMoment } from "./moments.js";
import { SEARCH_FIELDS, type SearchObject } from "./search-objects.js";

type Passes = Test<SearchObject>;
type Json = Readonly<Record<string, unknown>>;
type ValueTest = Test<unknown>;

/** Compiles a query to a test. @throws Refusal for an invalid query */
export function compileQuery(query: unknown): Passes {
  const json = objectOf(query);
  const passes = compile(json);
  return json["negate"] === true ? not(passes) : passes;
}

/** Returns the record type of a search. @throws Refusal if the query does not name a type */
export function objectTypeOf(query: unknown): "contact" | "lead" {
  const { type, object_type: named, queries, value } = objectOf(query);
  if (type === "object_type" && (named === "contact" || named === "lead")) return named;
  if (type === "id" && /^cont_/.test(String(value))) return "contact";
  if (type === "id" && /^lead_/.test(String(value))) return "lead";
  if (type === "and" && Array.isArray(queries)) {
    const [typed] = (queries as Json[]).filter((one) => one["type"] === "object_type");
    if (typed) return objectTypeOf(typed);
  }
  throw invalid("The query must have an object type: contact or lead.");
}

function compile(query: Json): Passes {
  switch (query["type"]) {
    case "and":
      return allOf(partsOf(query));
    case "or":
      return anyPart(query);
    case "object_type":
      return ({ type }) => type === query["object_type"];
    case "id":
      return ({ id }) => id === query["value"];
    case "text": {
      const matches = textTest(query);
      return ({ texts }) => matches(texts());
    }
    case "field_condition":
      return fieldCondition(query);
    case "has_related": {
      const related = String(query["related_object_type"]);
      const passes = compileQuery(query["related_query"]);
      return (object) => object.related(related).some(passes);
    }
    default:
      throw invalid(`Invalid query type: ${String(query["type"])}.`);
  }
}

/** Compiles an `or`. A list of ids becomes one look-up, which is fast for many ids. */
function anyPart(query: Json): Passes {
  const queries = query["queries"];
  if (Array.isArray(queries) && (queries as Json[]).every(({ type, negate }) => type === "id" && !negate)) {
    const ids = new Set((queries as Json[]).map(({ value }) => value));
    return ({ id }) => ids.has(id);
  }
  return anyOf(partsOf(query));
}

function partsOf({ queries }: Json): Passes[] {
  if (!Array.isArray(queries)) throw invalid("The queries must be a list.");
  return (queries as unknown[]).map(compileQuery);
}

function fieldCondition(query: Json): Passes {
  const test = conditionTest(objectOf(query["condition"]));
  const field = objectOf(query["field"]);
  const { object_type: type, field_name: name, custom_field_id: id } = field;
  if (field["type"] === "custom_field") return ({ custom }) => test(custom[String(id)] ?? null);
  if (!SEARCH_FIELDS[String(type)]?.includes(String(name))) {
    throw invalid(`There is no field ${String(type)}.${String(name)}.`);
  }
  return (object) => object.type === type && test(object.fields[String(name)] ?? null);
}

function conditionTest(condition: Json): ValueTest {
  switch (condition["type"]) {
    case "exists":
      return (value) => value !== null && value !== "";
    case "boolean":
      return (value) => value === condition["value"];
    case "text": {
      const matches = textTest(condition);
      return (value) => matches([value === null ? null : textOf(value)]);
    }
    case "term": {
      const values = condition["values"] as unknown[];
      return (value) => [value].flat().some((one) => values.includes(one));
    }
    case "reference": {
      const ids = condition["object_ids"] as unknown[];
      return (value) => ids.includes(value);
    }
    case "number_range":
      return rangeTest(condition, Number, { after: "gt", on_or_after: "gte", before: "lt", on_or_before: "lte" });
    case "moment_range":
      return rangeTest(condition, momentOf);
    default:
      throw invalid(`Invalid condition type: ${String(condition["type"])}.`);
  }
}

const BOUNDS = { after: ">", on_or_after: ">=", before: "<", on_or_before: "<=" } as const;

function rangeTest(condition: Json, read: (bound: unknown) => number, names: Record<string, string> = {}): ValueTest {
  const tests = Object.entries(BOUNDS).flatMap(([name, comparison]) => {
    const given = condition[names[name] ?? name] ?? null;
    const bound = given === null ? null : read(given);
    return bound === null ? [] : [(value: number) => holds(value, comparison, bound)];
  });
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function momentOf(bound: unknown): number {
  const { type, value } = objectOf(bound);
  const moment = type === "fixed_utc" ? readMoment(value) : null;
  if (moment === null) throw invalid("Invalid moment.");
  return moment;
}

/** Makes a test of texts. Signs and spaces separate words, whose case does not matter. */
function textTest({ value, mode = "full_words" }: Json): (texts: readonly (string | null)[]) => boolean {
  const wanted = wordsOf(textOf(value ?? ""));
  if (mode === "full_words") {
    return (texts) => {
      const words = new Set(texts.flatMap((text) => wordsOf(text ?? "")));
      return wanted.length > 0 && wanted.every((word) => words.has(word));
    };
  }
  if (mode === "phrase") {
    const phrase = ` ${wanted.join(" ")} `;
    return (texts) => wanted.length > 0 && texts.some((text) => ` ${wordsOf(text ?? "").join(" ")} `.includes(phrase));
  }
  throw invalid(`Invalid text mode: ${String(mode)}.`);
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== "");
}

function objectOf(value: unknown): Json {
  if (isObject(value)) return value;
  throw invalid("The query must be an object.");
}

function invalid(message: string): Refusal {
  return badRequest({ query: message });
}
