import type { ApolloServer, GraphQLRequest } from "@apollo/server";
import { invalidInput } from "../errors/crm-error.js";
import type { OperationContext } from "./operation/context.js";
import type { PricedAnswer } from "./plugins/answer-plugin.js";

/**
 * Prices the operation of a request instead of executing it. The document passes the same checks as an operation.
 * @param body the body that `POST /graphql` takes
 * @param context of an operation that is only priced
 * @returns the price, or the errors of the document or the variables
 * @throws CrmError INVALID_INPUT if the body is not a request
 */
export async function priceRequest(
  apollo: ApolloServer<OperationContext>,
  body: unknown,
  context: OperationContext,
): Promise<{ status: number; body: PricedAnswer | object }> {
  const response = await apollo.executeOperation(requestOf(body), { contextValue: context });
  if (response.body.kind !== "single") throw new Error("An operation that is only priced has one result.");
  const { errors, extensions } = response.body.singleResult;
  if (errors) return { status: response.http.status ?? 400, body: { errors } };
  return { status: 200, body: extensions?.["price"] as PricedAnswer };
}

function requestOf(body: unknown): GraphQLRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw invalidInput({ body: "The request body must be a JSON object with `query`." });
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  const errors: Record<string, string> = {};
  if (query !== undefined && typeof query !== "string") errors["query"] = "This must be a text.";
  if (operationName !== undefined && operationName !== null && typeof operationName !== "string")
    errors["operationName"] = "This must be a text.";
  for (const [name, value] of Object.entries({ variables, extensions })) {
    if (value !== undefined && (typeof value !== "object" || Array.isArray(value)))
      errors[name] = "This must be an object.";
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
  return {
    ...(query === undefined ? {} : { query: query as string }),
    ...(typeof operationName === "string" ? { operationName } : {}),
    ...(variables ? { variables: variables } : {}),
    ...(extensions ? { extensions: extensions as Record<string, unknown> } : {}),
  };
}
