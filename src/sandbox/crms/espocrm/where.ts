import { allOf, anyOf, holds, type Comparison, type Test } from "../../kit/conditions.js";
import { textOf } from "../../kit/json.js";
import { folded, likeTest } from "./collation.js";
import type { Database, Row } from "./database.js";
import { allAttributes, ENTITY_DEFS, type EntityType } from "./entity-defs.js";
import { EspoError } from "./errors.js";
import type { WhereItem } from "./query.js";
import { dataOf, valueOf } from "./record-view.js";

type RowTest = Test<Row>;

/** @throws EspoError 400 for an unknown condition, attribute or relation */
export function whereTest(database: Database, entity: EntityType, items: readonly WhereItem[]): RowTest {
  return allOf(items.map((item) => itemTest(database, entity, item)));
}

function itemTest(database: Database, entity: EntityType, { type, attribute, value, items }: WhereItem): RowTest {
  if (type === "or") return anyOf(items.map((item) => itemTest(database, entity, item)));
  if (type === "and") return whereTest(database, entity, items);
  if (attribute === "") throw new EspoError(400, "Bad where item. No 'attribute'.");
  const one = String(Array.isArray(value) ? value[0] : (value ?? ""));
  const many = value === null ? [] : [value].flat();
  if (type === "linkedWith") return linkedTest(database, entity, attribute, many);
  if (!allAttributes(entity, database).has(attribute)) {
    throw new EspoError(400, `Not existing attribute '${attribute}' in where.`);
  }
  const single = (row: Row) => valueOf(database, entity, row, attribute);
  const texts = (row: Row) => searchedTexts(database, entity, row, attribute);
  const equals = (wanted: string) => (row: Row) => texts(row).some((text) => folded(text) === folded(wanted));
  const like = (pattern: string) => {
    const isLike = likeTest(pattern);
    return (row: Row) => texts(row).some(isLike);
  };
  const compares = (comparison: Comparison) => (row: Row) => {
    const own = single(row);
    if (own === null || own === undefined) return false;
    return typeof own === "number" ? holds(own, comparison, Number(one)) : holds(textOf(own), comparison, one);
  };
  const isNull = (row: Row) => texts(row).length === 0;
  switch (type) {
    case "equals":
      return equals(one);
    case "notEquals":
      return (row) => !isNull(row) && !equals(one)(row);
    case "in":
      if (database.version.failsAtAddresses && ENTITY_DEFS[entity][attribute]?.type === "email")
        throw new EspoError(500);
      return isIn(attribute, many, equals);
    case "notIn":
      return (row) => !isNull(row) && !isIn(attribute, many, equals)(row);
    case "contains":
      return like(`%${one}%`);
    case "startsWith":
      return like(`${one}%`);
    case "endsWith":
      return like(`%${one}`);
    case "like":
      return like(one);
    case "greaterThan":
    case "after":
      return compares(">");
    case "lessThan":
    case "before":
      return compares("<");
    case "greaterThanOrEquals":
      return compares(">=");
    case "lessThanOrEquals":
      return compares("<=");
    case "isNull":
      return isNull;
    case "isNotNull":
      return (row) => !isNull(row);
    case "isTrue":
      return (row) => single(row) === true;
    case "isFalse":
      return (row) => single(row) !== true;
    default:
      throw new EspoError(400, `Unknown where item type '${type}'.`);
  }
}

function isIn(attribute: string, many: readonly string[], equals: (wanted: string) => RowTest): RowTest {
  if (attribute !== "id") return (row) => many.some((wanted) => equals(wanted)(row));
  const ids = new Set(many.map(folded));
  return ({ id }) => ids.has(folded(id));
}

function linkedTest(database: Database, entity: EntityType, link: string, ids: readonly string[]): RowTest {
  const { type, entity: other } = ENTITY_DEFS[entity][link] ?? {};
  if (type !== "linkMultiple" || other === undefined) {
    throw new EspoError(400, `Not existing relation '${link}' in where.`);
  }
  const missing = database.version.checksLinked ? ids.find((id) => !database.live(other, id)) : undefined;
  if (missing !== undefined) throw database.version.forbidden(`Record '${other}' \`${missing}\` not found.`);
  const wanted = new Set(ids);
  return (row) => ((row[`${link}Ids`] ?? []) as string[]).some((id) => wanted.has(id));
}

/** The texts that a condition compares: the parts of a name in both orders, and all addresses and numbers. */
function searchedTexts(database: Database, entity: EntityType, row: Row, attribute: string): string[] {
  const type = ENTITY_DEFS[entity][attribute]?.type;
  if (type === "personName") {
    const { firstName: first, lastName: last } = row;
    const parts = [first, last].filter((part) => typeof part === "string");
    return parts.length < 2
      ? parts
      : [...parts, `${String(first)} ${String(last)}`, `${String(last)} ${String(first)}`];
  }
  if (type === "email") return dataOf(row, attribute).map(({ lower }) => String(lower));
  if (type === "phone") return dataOf(row, attribute).map(({ phoneNumber }) => String(phoneNumber));
  const value = valueOf(database, entity, row, attribute);
  return value === null || value === undefined ? [] : [textOf(value)];
}
