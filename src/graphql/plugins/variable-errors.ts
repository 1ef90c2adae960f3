import {
  coerceInputValue,
  getVariableValues,
  isInputType,
  isNonNullType,
  typeFromAST,
  visit,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from "graphql";
import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { boundExceeded, type Bounds } from "../operation/bounds.js";

/** Faults of one operation's variables that an answer names. Callers who fix these see the next ones. */
const MAX_FAULTS = 20;

/** Ends the check after `MAX_FAULTS` faults. */
class EnoughFaults extends Error {}

/**
 * Checks an operation's variables against its declarations, and reports the first 20 faults at once. The messages of
 * graphql-js repeat the values, which can be credentials.
 *
 * @returns the values in the form in which resolvers get them
 * @throws CrmError MISSING_REQUIRED if values are only missing, else INVALID_INPUT. `errors` has the input paths.
 */
export function coercedVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  bounds: Bounds,
): Record<string, unknown> {
  assertReadable(document, variables, bounds);
  const definitions = operation.variableDefinitions ?? [];
  const { coerced } = getVariableValues(schema, definitions, variables, { maxErrors: 1 });
  if (coerced) return coerced;
  throw faultsOf(schema, definitions, variables).asError();
}

function faultsOf(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Record<string, unknown>,
): VariableFaults {
  const faults = new VariableFaults();
  try {
    for (const { variable, type: typeNode, defaultValue } of definitions) {
      const type = typeFromAST(schema, typeNode);
      if (isInputType(type)) checkVariable(faults, variable.name.value, type, variables, defaultValue !== undefined);
    }
  } catch (error) {
    if (!(error instanceof EnoughFaults)) throw error;
  }
  return faults;
}

/** Collects faults by input path. */
class VariableFaults {
  readonly #missing = new Map<string, string>();
  readonly #invalid = new Map<string, string>();

  missing(path: string, fault: string): void {
    this.#add(this.#missing, path, fault);
  }

  invalid(path: string, fault: string): void {
    this.#add(this.#invalid, path, fault);
  }

  asError(): CrmError {
    const missing = Object.fromEntries(this.#missing);
    if (this.#invalid.size > 0) return invalidInput({ ...Object.fromEntries(this.#invalid), ...missing });
    return new CrmError("MISSING_REQUIRED", { errors: missing });
  }

  #add(faults: Map<string, string>, path: string, fault: string): void {
    faults.set(path, fault);
    if (this.#missing.size + this.#invalid.size >= MAX_FAULTS) throw new EnoughFaults();
  }
}

function checkVariable(
  faults: VariableFaults,
  name: string,
  type: GraphQLInputType,
  variables: Record<string, unknown>,
  hasDefault: boolean,
): void {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined) {
    if (isNonNullType(type) && !hasDefault) faults.missing(name, `A value of type ${String(type)} is required.`);
    return;
  }
  if (value === null && isNonNullType(type)) {
    faults.missing(name, `A value of type ${String(type)} is required, but null was given.`);
    return;
  }
  coerceInputValue(value, type, (path, _value, error) => {
    const field = /^Field "(\w+)" of required type/.exec(error.message)?.[1];
    const at = [name, ...path, ...(field ? [field] : [])].join(".");
    if (field) faults.missing(at, "This is required.");
    else if (/non-nullable type/.test(error.message)) faults.missing(at, "This is required, but null was given.");
    else faults.invalid(at, withoutValues(error.message));
  });
}

const uses = new WeakMap<DocumentNode, ReadonlyMap<string, number>>();

/** Counts the uses of each variable in a document. 100 mutation fields with the same input write its values 100 times. */
function usesOf(document: DocumentNode): ReadonlyMap<string, number> {
  let known = uses.get(document);
  if (known) return known;
  const counted = new Map<string, number>();
  visit(document, {
    // In a visitor, false skips the children of a node: a declaration is not a use.
    VariableDefinition: () => false,
    Variable: ({ name }) => void counted.set(name.value, (counted.get(name.value) ?? 0) + 1),
  });
  uses.set(document, (known = counted));
  return known;
}

/**
 * Bounds the number of values before they are checked one by one, and refuses texts that are not Unicode: neither a URL nor
 * UTF-8 can hold half of a surrogate pair.
 * @throws CrmError INVALID_INPUT naming the bound, or the paths of such texts
 */
function assertReadable(document: DocumentNode, variables: Record<string, unknown>, bounds: Bounds): void {
  const malformed = new Map<string, string>();
  const used = usesOf(document);
  const open = Object.entries(variables).map(([path, value]) => ({ value, path, times: used.get(path) ?? 1 }));
  let values = open.length;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path, times } = next;
    if (typeof value === "string" && !value.isWellFormed() && malformed.size < MAX_FAULTS) {
      malformed.set(path, "This text is not valid Unicode: it contains half of a surrogate pair.");
    }
    if (typeof value !== "object" || value === null) continue;
    values += times * (Array.isArray(value) ? value.length : Object.keys(value).length);
    if (values > bounds.inputValues) throw boundExceeded(bounds, "inputValues", null);
    for (const [name, member] of Object.entries(value)) {
      open.push({ value: member, path: `${path}.${name}`, times });
    }
  }
  if (malformed.size > 0) throw invalidInput(Object.fromEntries(malformed));
}

/** Rewords messages of graphql-js and of scalars, because they can repeat the value. Names of fields may stay. */
function withoutValues(message: string): string {
  if (/^Field "/.test(message) || /to be an object\.$/.test(message)) return message;
  const enumType = /does not exist in "(\w+)" enum/.exec(message)?.[1] ?? /^Enum "(\w+)"/.exec(message)?.[1];
  if (enumType) return `This must be one of the values of ${enumType}.`;
  const type = /^Expected type "(\w+)"/.exec(message)?.[1] ?? /^(\w+) cannot/.exec(message)?.[1];
  return type ? `This is not a valid ${String(type)}.` : "This is not a valid value.";
}
