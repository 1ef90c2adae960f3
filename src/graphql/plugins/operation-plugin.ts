import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError, Kind, type OperationDefinitionNode } from "graphql";
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
          const variables = request.variables ?? {};
          try {
            assertVariables(schema, operation, variables);
            assertAffordable(document, operation, variables, maxRecords);
          } catch (error) {
            throw new GraphQLError((error as Error).message, { originalError: error as Error });
          }
          contextValue.shape = shapeOf(schema, document, operation, withDefaults(operation, variables));
        },
      };
    },
  };
}

/** Only booleans decide what is included. */
function withDefaults(
  { variableDefinitions }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  const complete = { ...variables };
  for (const { variable, defaultValue } of variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.BOOLEAN) complete[variable.name.value] ??= defaultValue.value;
  }
  return complete;
}
