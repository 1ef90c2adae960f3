import { isNumber } from "../../kit/exact-number.js";
import { textOf } from "../../kit/json.js";
import type { Column } from "./column.js";
import type { Entity } from "./entities.js";
import { badPayload, outsideRange, tooLong } from "./errors.js";
import { moment, type Value } from "./org.js";

/** Source: learn.microsoft.com, "Number column types"; Money is SQL Server's type money. */
const LARGEST = { Integer: 2_147_483_647, Double: 100e9, Decimal: 100e9, Money: 922_337_203_685_477 };

/**
 * Converts a value of a request's JSON to the stored form of its column.
 * @throws DataverseError for a value of another type or out of bounds
 */
export function storedValue(entity: Entity, column: Column, given: unknown): Value {
  if (given === null) return null;
  switch (column.type) {
    case "String":
    case "Memo":
      if (typeof given !== "string") throw wrongType(entity, column, given, "Edm.String");
      if (column.max !== undefined && given.length > column.max) throw tooLong(column.name, entity.name, column.max);
      return given === "" ? null : given;
    case "Boolean":
      if (typeof given !== "boolean") throw wrongType(entity, column, given, "Edm.Boolean");
      return given;
    case "Picklist":
    case "State":
    case "Status":
      return optionOf(entity, column, given);
    case "MultiSelectPicklist":
      if (typeof given !== "string") throw wrongType(entity, column, given, "Edm.String");
      for (const part of given.split(",")) optionOf(entity, column, Number(part));
      return given === "" ? null : given;
    case "Integer":
    case "Double":
    case "Decimal":
    case "Money":
      if (!isNumber(given)) throw wrongType(entity, column, given, "Edm.Decimal");
      if (Math.abs(Number(given)) > LARGEST[column.type]) {
        throw outsideRange(column.name, entity.name, [-LARGEST[column.type], LARGEST[column.type]]);
      }
      return column.type === "Double" ? Number(given) : given;
    case "DateTime": {
      const isDay = typeof given === "string" && /^\d{4}-\d\d-\d\d$/.test(given);
      const time = typeof given === "string" ? Date.parse(given) : NaN;
      if (Number.isNaN(time) || (column.dateOnly && !isDay))
        throw wrongType(entity, column, given, "Edm.DateTimeOffset");
      return column.dateOnly ? textOf(given) : moment(time);
    }
    case "Uniqueidentifier":
    case "Lookup":
    case "Owner":
    case "Customer":
      throw badPayload(entity.set, `'${column.name}' cannot be written as a value.`);
  }
}

function optionOf(entity: Entity, { name, options = [] }: Column, given: unknown): number {
  if (typeof given !== "number") throw wrongType(entity, { name }, given, "Edm.Int32");
  const values = options.map(({ value }) => value);
  if (!values.includes(given)) throw outsideRange(name, entity.name, values);
  return given;
}

function wrongType(entity: Entity, { name }: Pick<Column, "name">, given: unknown, type: string) {
  return badPayload(
    entity.set,
    `Cannot convert the literal '${JSON.stringify(given).slice(0, 50)}' of property '${name}' to the expected type '${type}'.`,
  );
}
