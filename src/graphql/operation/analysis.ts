import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  print,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
} from "graphql";
import type { ResourceName } from "../../providers/contract/model.js";
import { isIdentity } from "../../providers/contract/selection.js";
import { fragmentsOf, isIncluded, walkSelections, type MergedField } from "./document-walk.js";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "./page-size.js";

/** What an operation's whole document selects of each resource, as dotted paths of unified fields. */
export type OperationShape = Record<ResourceName, ReadonlySet<string>>;

/** What is known of an operation before its first call. */
export interface OperationAnalysis {
  shape: OperationShape;
  /** Records that it may read from CRMs: the product of its nested lists. */
  records: number;
}

const RESOURCE_TYPES: Record<string, ResourceName> = { Contact: "contact", Lead: "lead", Meeting: "meeting" };

/** The length that a list is reckoned with, where neither an argument nor the schema says it. */
const ASSUMED_LENGTHS: Record<string, number> = { Connection: 10, Attendee: 5, Contact: 5, Lead: 5 };

/** Different values of the variables below which the analyses of one operation are kept. */
const MAX_KEPT = 50;

interface Kept {
  /** The variables on which the analysis depends. */
  variables: Set<string>;
  byValues: Map<string, OperationAnalysis>;
}

const analyses = new WeakMap<OperationDefinitionNode, Kept>();

/**
 * Looks through a valid operation once, before its first call: the fields that it needs of each resource, so that no record is
 * ever read partially, and the number of records that it may read. Apollo keeps parsed documents, and so are their analyses kept.
 * Its work is bounded with the document's, which was counted before.
 */
export function analyse(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): OperationAnalysis {
  let kept = analyses.get(operation);
  if (!kept) analyses.set(operation, (kept = { variables: new Set(), byValues: new Map() }));
  const known = kept.byValues.get(valuesKey(kept.variables, variables));
  if (known) return known;
  const analyser = new Analyser(schema, variables, kept.variables);
  walkSelections<Place>(
    operation.selectionSet,
    { type: schema.getRootType(operation.operation)!, inside: null, times: 1 },
    {
      fragments: fragmentsOf(document),
      isIncluded: (selection) => analyser.isIncluded(selection),
      keyOf: fieldAndArguments,
      enter: (field, place) => analyser.enter(field, place),
    },
  );
  const analysis = { shape: analyser.shape, records: analyser.records };
  if (kept.byValues.size >= MAX_KEPT) kept.byValues.clear();
  kept.byValues.set(valuesKey(kept.variables, variables), analysis);
  return analysis;
}

function valuesKey(names: ReadonlySet<string>, variables: Record<string, unknown>): string {
  if (names.size === 0) return "";
  return JSON.stringify([...names].map((name) => [name, whatCounts(variables[name])]));
}

/** What the analysis takes from a variable: a number, a condition, or the length of a list. Texts can be long, and do not count. */
function whatCounts(value: unknown): number | boolean | null {
  if (Array.isArray(value)) return value.length;
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}

const keys = new WeakMap<FieldNode, string>();

/** Selections of the same field with the same arguments read the same records, whatever their aliases. */
function fieldAndArguments(node: FieldNode, condition: string | null): string {
  let key = keys.get(node);
  if (key === undefined) {
    const given = (node.arguments ?? []).map((argument) => print(argument)).sort();
    keys.set(node, (key = `${node.name.value}(${given.join()})`));
  }
  return condition === null ? key : `${condition}.${key}`;
}

/** The record that the walk is inside of, and the path from it. */
interface Inside {
  resource: ResourceName;
  path: string;
}

interface Place {
  type: GraphQLCompositeType;
  inside: Inside | null;
  /** How many objects of the answer stand at this place at most. */
  times: number;
}

class Analyser {
  readonly shape: Record<ResourceName, Set<string>> = { contact: new Set(), lead: new Set(), meeting: new Set() };
  records = 0;
  readonly #schema: GraphQLSchema;
  readonly #variables: Record<string, unknown>;
  /** Names of the variables that were looked at. */
  readonly #read: Set<string>;

  constructor(schema: GraphQLSchema, variables: Record<string, unknown>, read: Set<string>) {
    this.#schema = schema;
    this.#variables = variables;
    this.#read = read;
  }

  enter({ node, condition }: MergedField, { type: around, inside, times }: Place): Place | null {
    const name = node.name.value;
    const type = condition === null ? around : this.#schema.getType(condition);
    if (!isCompositeType(type)) return null;
    const resource = inside?.resource ?? RESOURCE_TYPES[type.name];
    const here =
      resource && name !== "__typename" && !isIdentity(name)
        ? { resource, path: inside ? `${inside.path}.${name}` : name }
        : null;
    if (here) this.shape[here.resource].add(here.path);
    const fieldType = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name]?.type : undefined;
    if (!fieldType) return null;
    const named = getNamedType(fieldType);
    if (!isCompositeType(named)) return null;
    const below = times * this.#lengthOf(node, fieldType, isPage(type));
    if (readsRecords(type, named)) this.records += below;
    // Only plain values belong to the record around them; another record, or a page of them, begins anew.
    return { type: named, inside: RESOURCE_TYPES[named.name] || isPage(named) ? null : here, times: below };
  }

  isIncluded(node: SelectionNode): boolean {
    for (const { arguments: given } of node.directives ?? []) {
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) this.#read.add(value.name.value);
    }
    return isIncluded(node, this.#variables);
  }

  /** How many objects a field answers for each object around it. */
  #lengthOf(node: FieldNode, type: GraphQLOutputType, isInPage: boolean): number {
    const named = getNamedType(type);
    if (isPage(named)) {
      const first = Number(this.#argument(node, "first") ?? DEFAULT_PAGE_SIZE);
      return Math.min(Math.max(first, 1), MAX_PAGE_SIZE);
    }
    // The page itself was counted as many times as it has records.
    if (isInPage || !isListType(getNullableType(type))) return 1;
    const ids = this.#argument(node, "ids");
    if (Array.isArray(ids)) return ids.length;
    return ASSUMED_LENGTHS[named.name] ?? 1;
  }

  #argument(node: FieldNode, name: string): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind === Kind.VARIABLE) {
      this.#read.add(value.name.value);
      return this.#variables[value.name.value];
    }
    if (value?.kind === Kind.INT) return Number(value.value);
    return value?.kind === Kind.LIST ? value.values : undefined;
  }
}

/**
 * Pages and single records are read from CRMs. The nodes of a page were counted with the page, and the contact of an attendee
 * with the attendee, whose name some CRMs keep at the contact.
 */
function readsRecords(around: GraphQLCompositeType, named: GraphQLNamedType): boolean {
  if (isPage(around) || /Edge$/.test(around.name) || around.name === "Attendee") return false;
  return isPage(named) || named.name in RESOURCE_TYPES || named.name === "Attendee" || named.name === "Node";
}

/** Whether a type is a page of a listing, a connection in Relay's words. */
function isPage(type: GraphQLNamedType): boolean {
  return isObjectType(type) && "pageInfo" in type.getFields();
}
