import {
  coerceInputValue,
  isInputType,
  isNonNullType,
  typeFromAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { CrmError, invalidInput } from "../../errors/crm-error.js";

/**
 * Checks an operation's variables against its declarations, with all faults at once.
 * graphql-js would name only the first ones, in sentences that repeat the values, credentials among them.
 * @throws CrmError MISSING_REQUIRED when all that is wrong is what is missing, else INVALID_INPUT; `errors` by input path
 */
export function assertVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const missing: Record<string, string> = {};
  const invalid: Record<string, string> = {};
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) continue;
    const value = variables[name];
    if (value === undefined) {
      if (isNonNullType(type) && !defaultValue) missing[name] = `A value of type ${type} is required.`;
      continue;
    }
    if (value === null && isNonNullType(type)) {
      missing[name] = `A value of type ${type} is required; null is none.`;
      continue;
    }
    coerceInputValue(value, type, (path, _value, error) => {
      const field = /^Field "(\w+)" of required type/.exec(error.message)?.[1];
      const at = [name, ...path, ...(field ? [field] : [])].join(".");
      if (field) missing[at] = "This is required.";
      else if (/non-nullable type/.test(error.message)) missing[at] = "This is required; null is none.";
      else invalid[at] = withoutValues(error.message);
    });
  }
  if (Object.keys(invalid).length > 0) throw invalidInput({ ...invalid, ...missing });
  if (Object.keys(missing).length > 0) throw new CrmError("MISSING_REQUIRED", { errors: missing });
}

/** Messages of graphql-js and of scalars that can repeat the value are said anew; field names are the schema's. */
function withoutValues(message: string): string {
  if (/^Field "/.test(message) || /to be an object\.$/.test(message)) return message;
  const enumType = /does not exist in "(\w+)" enum/.exec(message)?.[1] ?? /^Enum "(\w+)"/.exec(message)?.[1];
  if (enumType) return `This must be one of the values of ${enumType}.`;
  const type = /^Expected type "(\w+)"/.exec(message)?.[1] ?? /^(\w+) cannot/.exec(message)?.[1];
  return type ? `This is not a valid ${type}.` : "This is not valid.";
}
