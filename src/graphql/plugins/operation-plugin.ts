import type { ApolloServerPlugin } from "@apollo/server";
import { valueFromASTUntyped, type OperationDefinitionNode } from "graphql";
import { invalidInput } from "../../errors/crm-error.js";
import { analyse } from "../operation/analysis.js";
import type { Bounds } from "../operation/bounds.js";
import { assertAffordable } from "../operation/price/affordable.js";
import { PlannedArguments } from "../operation/price/planned-arguments.js";
import { OperationBudget } from "../operation/response-budget.js";
import type { OperationContext } from "../operation/context.js";
import { asGraphQLError, toCrmError } from "./error-format.js";
import { coercedVariables } from "./variable-errors.js";

/** Checks a whole operation before its first resolver runs: its variables, its price, and the fields that it needs of each resource. */
export function operationPlugin(bounds: Bounds): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart({ request: received, contextValue: { record } }) {
      // GraphQL over HTTP: an empty name is no name. graphql-js would look for an operation with an empty name.
      if (received.operationName === "") delete received.operationName;
      // The name that the caller gives, until the document is read.
      record.operation = { name: received.operationName ?? null, type: null };
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          record.operation = { name: operation.name?.value ?? null, type: operation.operation };
          const given = request.variables ?? {};
          try {
            if (!schema.getRootType(operation.operation)) {
              throw invalidInput({
                query: `crmesh does not support ${operation.operation}s. Send a query or a mutation.`,
              });
            }
            const coerced = coercedVariables(schema, document, operation, given, bounds);
            const variables = withDefaults(operation, given);
            const analysis = analyse(schema, document, operation, variables);
            contextValue.shape = analysis.shape;
            contextValue.maxWindow = bounds.window;
            contextValue.budget = new OperationBudget(bounds);
            contextValue.variables = coerced;
            const args = new PlannedArguments(schema, coerced);
            await assertAffordable(contextValue, bounds, analysis, args);
          } catch (error) {
            throw asGraphQLError(toCrmError(error));
          }
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
