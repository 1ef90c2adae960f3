import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  typeFromAST,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { fragmentsOf, isIncluded } from "../document-walk.js";
import { fieldsBelow } from "../turns.js";

type Variables = Record<string, unknown>;

/** How a value of one type is completed. */
export interface ValuePlan {
  readonly isNonNull: boolean;
  /** The type without its non-null wrapper. */
  readonly type: GraphQLOutputType;
  /** The items of a list. Null for other types. */
  readonly item: ValuePlan | null;
  /** The scalar or enum. Null for other types. */
  readonly leaf: GraphQLLeafType | null;
  /** The object type. Null for other types. */
  readonly object: GraphQLObjectType | null;
}

/** A field of the objects of one type at one place of the answer. All of them share it. */
export interface FieldPlan {
  /** The name in the answer. */
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  /** Null for a field that only reads the property of its name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | null;
  readonly value: ValuePlan;
  /** Whether it is a scalar without a resolver: its value is the property of its name, or what that returns if it is a function. */
  readonly isProperty: boolean;
  /** Whether it writes: a root field of mutations. */
  readonly isMutation: boolean;
  /** Whether its values count as objects, as leaves, or not at all: the entrances to introspection. */
  readonly counts: "objects" | "leaves" | "nothing";
  /** Fields that are selected of each item of a list. */
  readonly fieldsPerItem: number;
  /** Type of an object → the fields that are selected of it. */
  readonly below: Map<GraphQLObjectType, SelectionPlan>;
}

/** The fields that are selected of an object, in the order of the answer. */
export interface SelectionPlan {
  readonly fields: readonly FieldPlan[];
  /** Whether an alias is `__proto__`, which an ordinary object does not take as a name. */
  readonly hasProto: boolean;
}

const UNCOUNTED = new Set<GraphQLField<unknown, unknown>>([SchemaMetaFieldDef, TypeMetaFieldDef]);

/**
 * What the execution of an operation needs to know of its document and the schema. It is found out where the execution comes to,
 * once for all objects of a place, and kept for later executions.
 */
export class OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly root: GraphQLObjectType;
  readonly #variables: Variables;
  #rootSelection: SelectionPlan | null = null;

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = Object.fromEntries(fragmentsOf(document));
    this.root = schema.getRootType(operation.operation)!;
    this.#variables = variables;
  }

  get selection(): SelectionPlan {
    return (this.#rootSelection ??= this.#select(this.root, [this.operation.selectionSet]));
  }

  /** The fields that are selected of an object of this type, which is a value of the field. */
  below(plan: FieldPlan, type: GraphQLObjectType): SelectionPlan {
    let selection = plan.below.get(type);
    if (!selection) {
      const sets = plan.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      plan.below.set(type, (selection = this.#select(type, sets)));
    }
    return selection;
  }

  #select(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): SelectionPlan {
    const collected = new Map<string, FieldNode[]>();
    const opened = new Set<string>();
    for (const set of sets) this.#collect(type, set, collected, opened);
    const fields: FieldPlan[] = [];
    for (const [key, nodes] of collected) {
      const field = this.#fieldOf(type, nodes[0]!.name.value);
      if (field) fields.push(this.#plan(key, nodes, type, field));
    }
    return { fields, hasProto: collected.has("__proto__") };
  }

  #collect(type: GraphQLObjectType, set: SelectionSetNode, into: Map<string, FieldNode[]>, opened: Set<string>): void {
    for (const selection of set.selections) {
      if (!isIncluded(selection, this.#variables)) continue;
      switch (selection.kind) {
        case Kind.FIELD: {
          const key = (selection.alias ?? selection.name).value;
          const nodes = into.get(key);
          if (nodes) nodes.push(selection);
          else into.set(key, [selection]);
          break;
        }
        case Kind.INLINE_FRAGMENT:
          if (this.#applies(selection.typeCondition, type)) this.#collect(type, selection.selectionSet, into, opened);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value;
          if (opened.has(name)) break;
          opened.add(name);
          const fragment = this.fragments[name];
          if (fragment && this.#applies(fragment.typeCondition, type))
            this.#collect(type, fragment.selectionSet, into, opened);
        }
      }
    }
  }

  #applies(condition: NamedTypeNode | undefined, type: GraphQLObjectType): boolean {
    if (!condition) return true;
    const named = typeFromAST(this.schema, condition);
    return named === type || (isAbstractType(named) && this.schema.isSubType(named, type));
  }

  #fieldOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    if (type === this.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return type.getFields()[name];
  }

  #plan(
    key: string,
    nodes: readonly FieldNode[],
    parentType: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
  ): FieldPlan {
    return {
      key,
      nodes,
      parentType,
      field,
      resolve: field.resolve ?? null,
      value: valuePlan(field.type),
      isProperty: !field.resolve && isLeafType(getNullableType(field.type)),
      isMutation: parentType === this.schema.getMutationType() && field !== TypeNameMetaFieldDef,
      counts: UNCOUNTED.has(field) ? "nothing" : isLeafType(getNamedType(field.type)) ? "leaves" : "objects",
      fieldsPerItem: isListType(getNullableType(field.type))
        ? nodes.reduce((fields, node) => fields + fieldsBelow(node, this.fragments), 0)
        : 0,
      below: new Map(),
    };
  }
}

const valuePlans = new WeakMap<GraphQLOutputType, ValuePlan>();

function valuePlan(given: GraphQLOutputType): ValuePlan {
  let plan = valuePlans.get(given);
  if (plan) return plan;
  const type = getNullableType(given);
  plan = {
    isNonNull: isNonNullType(given),
    type,
    item: isListType(type) ? valuePlan(type.ofType) : null,
    leaf: isLeafType(type) ? type : null,
    object: isObjectType(type) ? type : null,
  };
  valuePlans.set(given, plan);
  return plan;
}

/** The plans of operations whose fields do not depend on variables. */
const plans = new WeakMap<OperationDefinitionNode, OperationPlan>();
const conditional = new WeakMap<DocumentNode, boolean>();

/** @param variables the coerced ones */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): OperationPlan {
  if (hasConditions(document)) return new OperationPlan(schema, document, operation, variables);
  let plan = plans.get(operation);
  if (plan?.schema !== schema) plans.set(operation, (plan = new OperationPlan(schema, document, operation, {})));
  return plan;
}

/** Whether variables decide which selections are part of the answer. */
function hasConditions(document: DocumentNode): boolean {
  let known = conditional.get(document);
  if (known === undefined) {
    known = false;
    visit(document, {
      [Kind.DIRECTIVE]: ({ arguments: given }) => {
        if (given?.some(({ value }) => value.kind === Kind.VARIABLE)) known = true;
      },
    });
    conditional.set(document, known);
  }
  return known;
}
