import { invalidInput } from "../../errors/crm-error.js";

/** The keys of the entities. A key is a list of fields, with which another subgraph names one object. */
export const ENTITY_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Contact: [["id"], ["endUserId", "providerSlug", "nativeId"]],
  Lead: [["id"], ["endUserId", "providerSlug", "nativeId"]],
  Meeting: [["id"], ["endUserId", "providerSlug", "nativeId"]],
  Connection: [["id"]],
  EndUser: [["endUserId"]],
  Provider: [["slug"]],
  Person: [["id"], ["endUserId", "email"]],
};

/** The fields of one key, all of which are texts. */
export type Key = Readonly<Record<string, string>>;

/** What a representation of a federation gateway names. */
export interface Representation {
  /** The type’s name in `schema.graphql`. */
  name: string;
  key: Key;
}

/**
 * Reads a representation. Fields that do not belong to the key are ignored, because gateways may send them.
 * @param nameOf returns the name that a type of the subgraph has in `schema.graphql`
 * @param path the place of the representation, for errors
 * @throws CrmError INVALID_INPUT if the representation names no object of an entity
 */
export function readRepresentation(
  representation: unknown,
  nameOf: (typename: string) => string | undefined,
  path: string,
): Representation {
  if (typeof representation !== "object" || representation === null || Array.isArray(representation))
    throw invalidInput({ [path]: "Expected an object with `__typename` and the fields of a key." });
  const given = representation as Record<string, unknown>;
  const typename = given["__typename"];
  const name = typeof typename === "string" ? nameOf(typename) : undefined;
  const keys = name !== undefined && Object.hasOwn(ENTITY_KEYS, name) ? ENTITY_KEYS[name] : undefined;
  if (name === undefined || keys === undefined)
    throw invalidInput({ [`${path}.__typename`]: "This is not the name of an entity of this subgraph." });
  const fields = keys.find((names) => names.every((field) => textOf(given[field]) !== undefined));
  if (fields) return { name, key: Object.fromEntries(fields.map((field) => [field, textOf(given[field])!])) };
  const expected = keys.map((names) => names.join(", ")).join("; or ");
  throw invalidInput({ [path]: `Expected the texts of a key of ${name}: ${expected}.` });
}

/** Gateways send ids as texts, but a subgraph may store its ids as numbers. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
