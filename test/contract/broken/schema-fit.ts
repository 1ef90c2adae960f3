import { readFileSync } from "node:fs";
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from "graphql";
import type { ResourceName } from "../../../src/providers/contract/model.js";

const schema = buildSchema(readFileSync(new URL("../../../schema.graphql", import.meta.url), "utf8"));
const TYPES: Readonly<Record<ResourceName, string>> = { contact: "Contact", lead: "Lead", meeting: "Meeting" };
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * The paths of a record's fields whose values GraphQL would refuse with INTERNAL_ERROR: null where the schema has none, or
 * a value of another type.
 */
export function misfits(resource: ResourceName, fields: Readonly<Record<string, unknown>>): string[] {
  return misfitsIn(fields, schema.getType(TYPES[resource]) as GraphQLObjectType, "");
}

function misfitsIn(value: object, type: GraphQLObjectType, path: string): string[] {
  const fields = type.getFields();
  return Object.entries(value).flatMap(([name, one]) =>
    // The graph makes the global ids itself, also where the CRM has only a name.
    fields[name] && one !== undefined && name !== "id" ? misfitsOf(one, fields[name].type, `${path}${name}`) : [],
  );
}

function misfitsOf(value: unknown, type: GraphQLOutputType, path: string): string[] {
  if (isNonNullType(type)) return value === null ? [path] : misfitsOf(value, type.ofType as GraphQLOutputType, path);
  if (value === null) return [];
  if (isListType(type)) {
    if (!Array.isArray(value)) return [path];
    return value.flatMap((item, index) => misfitsOf(item, type.ofType, `${path}.${index}`));
  }
  if (isObjectType(type)) return typeof value === "object" ? misfitsIn(value, type, `${path}.`) : [path];
  return isLeaf(value, type) ? [] : [path];
}

function isLeaf(value: unknown, type: GraphQLOutputType): boolean {
  const { name } = getNamedType(type);
  if (isEnumType(type)) return typeof value === "string" && type.getValue(value) !== undefined;
  if (name === "JSON") return true;
  if (name === "Boolean") return typeof value === "boolean";
  if (name === "Int" || name === "Float") return typeof value === "number";
  return typeof value === "string" && (name !== "DateTime" || DATE_TIME.test(value));
}
