import {
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { ResourceName } from "../../providers/model.js";

/** What an operation's whole document selects of each resource, as dotted paths of unified fields. */
export type OperationShape = Record<ResourceName, ReadonlySet<string>>;

const RESOURCE_TYPES: Record<string, ResourceName> = { Contact: "contact", Lead: "lead", Meeting: "meeting" };

/** Parts of a record that are there without asking the CRM for a field. */
const IDENTITY = new Set(["__typename", "id", "nativeId", "provider", "connection"]);

const shapes = new WeakMap<OperationDefinitionNode, OperationShape>();

/**
 * Works out one field set per resource before the first call, so that no record is ever read partially.
 * Documents are parsed once and kept, and so are their shapes, unless variables decide what is included.
 */
export function shapeOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): OperationShape {
  const kept = shapes.get(operation);
  if (kept) return kept;
  const collector = new Collector(schema, document, variables);
  collector.visit(operation.selectionSet, schema.getRootType(operation.operation)!, null);
  if (!collector.dependsOnVariables) shapes.set(operation, collector.shape);
  return collector.shape;
}

/** The record that the walk is inside of, and the path from it. */
interface Inside {
  resource: ResourceName;
  path: string;
}

class Collector {
  readonly shape: Record<ResourceName, Set<string>> = { contact: new Set(), lead: new Set(), meeting: new Set() };
  dependsOnVariables = false;
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Record<string, unknown>;

  constructor(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>) {
    this.#schema = schema;
    this.#variables = variables;
    this.#fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
  }

  visit(selections: SelectionSetNode, type: GraphQLCompositeType, inside: Inside | null): void {
    for (const node of selections.selections) {
      if (!this.#isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) this.#visitField(node, type, inside);
      else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value)! : node;
        const condition = fragment.typeCondition ? this.#schema.getType(fragment.typeCondition.name.value) : type;
        if (isCompositeType(condition)) this.visit(fragment.selectionSet, condition, inside);
      }
    }
  }

  #visitField(node: FieldNode, type: GraphQLCompositeType, inside: Inside | null): void {
    const name = node.name.value;
    const resource = inside?.resource ?? RESOURCE_TYPES[type.name];
    const here = resource && !IDENTITY.has(name) ? { resource, path: inside ? `${inside.path}.${name}` : name } : null;
    if (here) this.shape[here.resource].add(here.path);
    if (!node.selectionSet) return;
    const fieldType =
      isObjectType(type) || isInterfaceType(type) ? getNamedType(type.getFields()[name]?.type) : undefined;
    if (!isCompositeType(fieldType)) return;
    // Only plain values belong to the record around them; another record, or a page of them, begins anew.
    const isPage = isObjectType(fieldType) && "pageInfo" in fieldType.getFields();
    this.visit(node.selectionSet, fieldType, RESOURCE_TYPES[fieldType.name] || isPage ? null : here);
  }

  #isIncluded(node: SelectionNode): boolean {
    if (!node.directives || node.directives.length === 0) return true;
    if (node.directives.some(({ arguments: args }) => args?.some(({ value }) => value.kind === Kind.VARIABLE))) {
      this.dependsOnVariables = true;
    }
    if (getDirectiveValues(GraphQLSkipDirective, node, this.#variables)?.["if"] === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, node, this.#variables)?.["if"] !== false;
  }
}
