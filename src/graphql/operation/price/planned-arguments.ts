import { getArgumentValues, type GraphQLSchema } from "graphql";
import type { PlannedField } from "../plan.js";
import { unifiedName } from "../unified-name.js";

/** Reads the arguments of planned fields, in the form in which resolvers get them. */
export class PlannedArguments {
  readonly #schema: GraphQLSchema;
  readonly #variables: Record<string, unknown>;

  /** @param variables as resolvers get them */
  constructor(schema: GraphQLSchema, variables: Record<string, unknown>) {
    this.#schema = schema;
    this.#variables = variables;
  }

  /** Returns null if the arguments are not valid. The execution refuses the field. */
  of({ field, node }: PlannedField): Record<string, unknown> | null {
    try {
      return getArgumentValues(field, node, this.#variables);
    } catch {
      return null;
    }
  }

  /** The name in `schema.graphql` of a type that an argument names. */
  typeName(name: unknown): string | null {
    const type = this.#schema.getType(String(name));
    return type ? unifiedName(type) : null;
  }
}

/** An argument that has a text; null for any other, and for an empty one. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
