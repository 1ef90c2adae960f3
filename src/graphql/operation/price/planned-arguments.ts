import {
  getArgumentValues,
  getVariableValues,
  Kind,
  visit,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import type { PlannedField } from "../plan.js";
import { unifiedName } from "../unified-name.js";

const variableUses = new WeakMap<FieldNode, boolean>();

/** Whether an argument of the field has a variable, so that its value differs between requests. */
function hasVariables(node: FieldNode): boolean {
  let known = variableUses.get(node);
  if (known === undefined) {
    known = false;
    for (const argument of node.arguments ?? []) {
      visit(argument, { [Kind.VARIABLE]: () => void (known = true) });
    }
    variableUses.set(node, known);
  }
  return known;
}

/** Reads the arguments of planned fields, in the form in which resolvers get them. */
export class PlannedArguments {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #given: Readonly<Record<string, unknown>>;
  #coerced: Record<string, unknown> | null = null;

  constructor(schema: GraphQLSchema, operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>) {
    this.#schema = schema;
    this.#operation = operation;
    this.#given = given;
  }

  /** Returns null if the arguments are not valid. The execution refuses the field. */
  of({ field, node }: PlannedField): Record<string, unknown> | null {
    try {
      return getArgumentValues(field, node, hasVariables(node) ? this.#variables() : {});
    } catch {
      return null;
    }
  }

  /** The name in `schema.graphql` of a type that an argument names. */
  typeName(name: unknown): string | null {
    const type = this.#schema.getType(String(name));
    return type ? unifiedName(type) : null;
  }

  #variables(): Record<string, unknown> {
    if (this.#coerced) return this.#coerced;
    const { coerced } = getVariableValues(this.#schema, this.#operation.variableDefinitions ?? [], this.#given);
    return (this.#coerced = coerced ?? {});
  }
}

/** An argument that has a text; null for any other, and for an empty one. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
