/** A node of a GraphQL syntax tree, as graphql-js, graphql.web and graphql-codegen make it. */
interface Node {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/**
 * Prints an executable document: its operations and fragments.
 * @throws TypeError for a node that no executable document has, such as a type definition
 */
export function printDocument({ definitions }: { readonly definitions: readonly object[] }): string {
  return all(definitions, "\n");
}

const PRINTERS: Readonly<Record<string, (node: Node) => string>> = {
  OperationDefinition: (node) =>
    `${text(node["operation"])} ${one(node["name"])}${wrap("(", all(node["variableDefinitions"], ", "), ")")}${directives(node)} ${one(node["selectionSet"])}`,
  FragmentDefinition: (node) =>
    `fragment ${one(node["name"])} on ${one(node["typeCondition"])}${directives(node)} ${one(node["selectionSet"])}`,
  VariableDefinition: (node) =>
    `${one(node["variable"])}: ${one(node["type"])}${wrap(" = ", one(node["defaultValue"]))}${directives(node)}`,
  SelectionSet: (node) => `{ ${all(node["selections"], " ")} }`,
  Field: (node) =>
    `${wrap("", one(node["alias"]), ": ")}${one(node["name"])}${wrap("(", all(node["arguments"], ", "), ")")}${directives(node)}${wrap(" ", one(node["selectionSet"]))}`,
  FragmentSpread: (node) => `...${one(node["name"])}${directives(node)}`,
  InlineFragment: (node) =>
    `...${wrap(" on ", one(node["typeCondition"]))}${directives(node)} ${one(node["selectionSet"])}`,
  Directive: (node) => `@${one(node["name"])}${wrap("(", all(node["arguments"], ", "), ")")}`,
  Argument: (node) => `${one(node["name"])}: ${one(node["value"])}`,
  ObjectField: (node) => `${one(node["name"])}: ${one(node["value"])}`,
  Name: value,
  Variable: (node) => `$${one(node["name"])}`,
  IntValue: value,
  FloatValue: value,
  EnumValue: value,
  BooleanValue: value,
  NullValue: () => "null",
  // What JSON escapes, GraphQL reads in the same way. A block string is printed as a string of the same value.
  StringValue: (node) => JSON.stringify(node["value"]),
  ListValue: (node) => `[${all(node["values"], ", ")}]`,
  ObjectValue: (node) => `{${all(node["fields"], ", ")}}`,
  NamedType: (node) => one(node["name"]),
  ListType: (node) => `[${one(node["type"])}]`,
  NonNullType: (node) => `${one(node["type"])}!`,
};

/** Prints a node. Prints nothing where there is none. */
function one(node: unknown): string {
  if (node === undefined || node === null) return "";
  const { kind } = node as Node;
  const print = PRINTERS[kind];
  if (!print) throw new TypeError(`A document for a request cannot contain a ${kind}.`);
  return print(node as Node);
}

function all(nodes: unknown, separator: string): string {
  return ((nodes ?? []) as readonly unknown[]).map(one).join(separator);
}

function directives(node: Node): string {
  return wrap(" ", all(node["directives"], " "));
}

function wrap(before: string, printed: string, after = ""): string {
  return printed === "" ? "" : before + printed + after;
}

function value(node: Node): string {
  return text(node["value"]);
}

function text(member: unknown): string {
  return String(member);
}
