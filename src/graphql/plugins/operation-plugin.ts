import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError, valueFromASTUntyped, type OperationDefinitionNode } from "graphql";
import { assertAffordable } from "../operation/cost.js";
import type { OperationContext } from "../operation/context.js";
import { shapeOf } from "../operation/shape.js";
import { assertVariables } from "./variable-errors.js";

/** Looks at an operation as a whole before its first resolver runs: variables, cost, and which fields it needs of each resource. */
export function operationPlugin({ maxRecords }: { maxRecords: number }): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          const given = request.variables ?? {};
          const variables = withDefaults(operation, given);
          try {
            assertVariables(schema, operation, given);
            assertAffordable(document, operation, variables, maxRecords);
          } catch (error) {
            throw new GraphQLError((error as Error).message, { originalError: error as Error });
          }
          contextValue.shape = shapeOf(schema, document, operation, variables);
        },
      };
    },
  };
}

function withDefaults(
  { variableDefinitions }: OperationDefinitionNode,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const complete = { ...given };
  for (const { variable, defaultValue } of variableDefinitions ?? []) {
    const name = variable.name.value;
    if (defaultValue && complete[name] === undefined) complete[name] = valueFromASTUntyped(defaultValue);
  }
  return complete;
}
