import { HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import type { AnswerForm } from "../../errors/answer-form.js";
import type { Logger } from "../../observability/logger.js";
import type { Bounds } from "../operation/bounds.js";
import type { OperationContext } from "../operation/context.js";
import { executeOperation } from "../operation/execution/execute.js";
import { noteFailures } from "./answer-plugin.js";
import { errorFormatter } from "./error-format.js";

/** Executes the operations, in the place of Apollo. An operation that is only priced is not executed. */
export function executionPlugin(
  bounds: Bounds,
  logger: Logger,
  form: AnswerForm,
): ApolloServerPlugin<OperationContext> {
  const format = errorFormatter(bounds, form);
  return {
    async requestDidStart() {
      return {
        // A result that is already there is answered in place of an execution.
        async responseForOperation({ schema, document, operation, contextValue }) {
          const answered = (singleResult: object) => ({
            body: { kind: "single" as const, singleResult },
            http: { headers: new HeaderMap() },
          });
          if (contextValue.priceOnly) return answered({});
          // There is none with the name that the request gives. Apollo answers so.
          if (!operation) return null;
          const { variables } = contextValue;
          const { data, errors } = await executeOperation({
            schema,
            document,
            operation,
            variables,
            context: contextValue,
          });
          if (!errors) return answered({ data });
          noteFailures(logger, errors, contextValue);
          return answered({ data, errors: errors.map((error) => format(error.toJSON(), error)) });
        },
      };
    },
  };
}
