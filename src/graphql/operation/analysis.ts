import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  print,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type StringValueNode,
  type ValueNode,
  valueFromASTUntyped,
} from "graphql";
import type { ResourceName } from "../../providers/contract/model.js";
import { customFieldPath, isIdentity } from "../../providers/contract/selection.js";
import { fragmentsOf, isIncluded, walkSelections, type MergedField } from "./document-walk.js";
import { KEY_FIELDS, MERGE_KEYS } from "./merged/rank.js";
import { isPersonId } from "./people/person-id.js";
import { PERSON_FIELD_READS, PERSON_READS } from "./people/person-reads.js";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "./page-size.js";
import { planField, planRoot, type PlannedField, type PlanPlace } from "./plan.js";
import { isPage, MERGED_PAGES, PEOPLE, readsRecords, recordsOf, RESOURCE_TYPES } from "./read-records.js";
import { unifiedName } from "./unified-name.js";

/** The unified fields that an operation selects of each resource, as dotted paths. */
export type OperationShape = Record<ResourceName, ReadonlySet<string>>;

/** The fields and the number of records that an operation needs, computed before its first call. */
export interface OperationAnalysis {
  shape: OperationShape;
  /** The most records that the operation may read from CRMs: the product of its nested lists. */
  records: number;
  /** The root fields that can lead to upstream calls. */
  plan: readonly PlannedField[];
}

/** The assumed length of lists whose length neither an argument nor the schema limits. */
export const ASSUMED_LENGTHS: Readonly<Record<string, number>> = {
  Connection: 10,
  MissingConnection: 10,
  UnsupportedConnection: 10,
  Attendee: 5,
  Contact: 5,
  Lead: 5,
  PersonField: 10,
  PersonFieldValue: 2,
  PersonEmail: 2,
  PersonPhone: 2,
  PersonCompany: 2,
  PersonReason: 2,
  PersonSource: 3,
};

/** The most analyses that are cached for one operation, one for each set of values of its variables. */
const MAX_KEPT = 50;
/** The most characters of the values that an analysis is kept for. A caller can name fields without end. */
const MAX_VALUES = 2_000;

interface Kept {
  /** The variables on which the analysis depends. */
  variables: Set<string>;
  /** The variables whose texts it depends on. */
  texts: Set<string>;
  byValues: Map<string, OperationAnalysis>;
}

const analyses = new WeakMap<OperationDefinitionNode, Kept>();

/**
 * Finds the fields that a valid operation needs of each resource, and the most records that it may read. All reads of a
 * record then request the same fields. Analyses are cached because Apollo caches the parsed documents.
 * The bounds of the document, which are checked earlier, also bound this walk.
 */
export function analyse(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): OperationAnalysis {
  let kept = analyses.get(operation);
  if (!kept) analyses.set(operation, (kept = { variables: new Set(), texts: new Set(), byValues: new Map() }));
  const known = kept.byValues.get(valuesKey(kept, variables));
  if (known) return known;
  const analyser = new Analyser(schema, variables, kept);
  const plan = planRoot();
  const mutations = operation.operation === OperationTypeNode.MUTATION ? schema.getMutationType() : null;
  walkSelections<Place>(
    operation.selectionSet,
    { type: schema.getRootType(operation.operation)!, inside: null, times: 1, plan },
    {
      fragments: fragmentsOf(document),
      isIncluded: (selection) => analyser.isIncluded(selection),
      keyOf: (node, condition) => fieldKey(node, condition, mutations),
      enter: (field, place) => analyser.enter(field, place),
    },
  );
  const analysis = { shape: analyser.shape, records: analyser.records, plan: plan.fields };
  const values = valuesKey(kept, variables);
  if (values.length > MAX_VALUES) return analysis;
  if (kept.byValues.size >= MAX_KEPT) kept.byValues.clear();
  kept.byValues.set(values, analysis);
  return analysis;
}

function valuesKey({ variables: names, texts }: Kept, variables: Record<string, unknown>): string {
  if (names.size === 0 && texts.size === 0) return "";
  return JSON.stringify([
    ...[...names].map((name) => [name, whatCounts(variables[name])]),
    ...[...texts].map((name) => [name, variables[name]]),
  ]);
}

/**
 * The part of a variable that the analysis depends on: a number, a condition, the length of a list, and whether the ids of
 * people are among its texts.
 */
function whatCounts(value: unknown): unknown {
  if (Array.isArray(value)) return [value.length, value.some(isPersonId)];
  return typeof value === "number" || typeof value === "boolean" ? value : isPersonId(value);
}

function isTextNode(value: unknown): value is StringValueNode {
  return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === Kind.STRING;
}

/** A mutation field with the same arguments is executed once for each of its aliases. */
function fieldKey(node: FieldNode, condition: string | null, mutations: GraphQLObjectType | null | undefined): string {
  const key = fieldAndArguments(node, condition);
  return mutations?.getFields()[node.name.value] ? `${(node.alias ?? node.name).value}: ${key}` : key;
}

const keys = new WeakMap<FieldNode, string>();

/** Makes the key of a field: selections with the same name and arguments read the same records, whatever their aliases. */
function fieldAndArguments(node: FieldNode, condition: string | null): string {
  let key = keys.get(node);
  if (key === undefined) {
    const given = (node.arguments ?? []).map((argument) => print(argument)).sort();
    keys.set(node, (key = `${node.name.value}(${given.join()})`));
  }
  return condition === null ? key : `${condition}.${key}`;
}

function argumentOf(node: FieldNode, name: string): ValueNode | undefined {
  return node.arguments?.find((argument) => argument.name.value === name)?.value;
}

/** The record that surrounds the current field, and the path from the record to the field. */
interface Inside {
  resource: ResourceName;
  path: string;
}

interface Place {
  type: GraphQLCompositeType;
  inside: Inside | null;
  /** The most objects that the answer can have at this place. */
  times: number;
  /** Null below a field that cannot lead to calls. */
  plan: PlanPlace | null;
}

class Analyser {
  readonly shape: Record<ResourceName, Set<string>> = { contact: new Set(), lead: new Set(), meeting: new Set() };
  records = 0;
  readonly #schema: GraphQLSchema;
  readonly #variables: Record<string, unknown>;
  /** Names of the variables that the analysis has read. */
  readonly #read: Set<string>;
  /** Names of the variables that are native names of fields. */
  readonly #texts: Set<string>;

  constructor(schema: GraphQLSchema, variables: Record<string, unknown>, { variables: read, texts }: Kept) {
    this.#schema = schema;
    this.#variables = variables;
    this.#read = read;
    this.#texts = texts;
  }

  enter({ node, condition }: MergedField, { type: around, inside, times, plan }: Place): Place | null {
    const name = node.name.value;
    const type = condition === null ? around : this.#schema.getType(condition);
    if (!isCompositeType(type)) return null;
    const resource = inside?.resource ?? RESOURCE_TYPES[unifiedName(type)];
    const here =
      resource && name !== "__typename" && !isIdentity(name)
        ? { resource, path: inside ? `${inside.path}.${name}` : name }
        : null;
    if (here) for (const path of this.#pathsOf(node, here.path)) this.shape[here.resource].add(path);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!field) return null;
    const fieldType = field.type;
    const named = getNamedType(fieldType);
    const isLeaf = !isCompositeType(named);
    const length = isLeaf ? 1 : this.#lengthOf(node, fieldType, isPage(type));
    const planned = planField(plan, { node, on: type, field, length, isPage: isPage(named) });
    this.#readPerson(type, name);
    if (isLeaf) return null;
    const below = times * length;
    const merged = MERGED_PAGES[unifiedName(named)];
    // The merge compares the times of the records.
    if (merged) for (const key of MERGE_KEYS[merged]) this.shape[merged].add(KEY_FIELDS[key]);
    if (readsRecords(type, named)) this.records += below * recordsOf(named);
    if (PEOPLE.has(unifiedName(named)) || this.#namesPerson(node, named)) this.#readPeople();
    // Only plain values belong to the surrounding record. Another record, or a page of records, starts its own paths.
    return {
      type: named,
      inside: RESOURCE_TYPES[unifiedName(named)] || unifiedName(named) === "Person" || isPage(named) ? null : here,
      times: below,
      plan: planned,
    };
  }

  /** The paths that a field of a record adds: `customFields` adds one for each native name that it asks for. */
  #pathsOf(node: FieldNode, path: string): readonly string[] {
    const value = path === "customFields" ? argumentOf(node, "keys") : undefined;
    if (!value) return [path];
    for (const one of value.kind === Kind.LIST ? value.values : [value])
      if (one.kind === Kind.VARIABLE) this.#texts.add(one.name.value);
    const keys: unknown = valueFromASTUntyped(value, this.#variables);
    if (keys === undefined || keys === null) return [path];
    return [keys].flat().flatMap((key) => (typeof key === "string" ? customFieldPath(key) : []));
  }

  isIncluded(node: SelectionNode): boolean {
    for (const { arguments: given } of node.directives ?? []) {
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) this.#read.add(value.name.value);
    }
    return isIncluded(node, this.#variables);
  }

  /** Adds what a field of a person is made of. */
  #readPerson(type: GraphQLNamedType, name: string): void {
    if (unifiedName(type) !== "Person") return;
    this.#readPeople();
    const { contact = [], lead = [] } = PERSON_FIELD_READS[name] ?? {};
    for (const path of contact) this.shape.contact.add(path);
    for (const path of lead) this.shape.lead.add(path);
  }

  /** Adds what the grouping of records needs. */
  #readPeople(): void {
    for (const path of PERSON_READS)
      for (const resource of ["contact", "lead"] as const) this.shape[resource].add(path);
  }

  /** Whether a field reads objects by their ids, of which one is the id of a person. */
  #namesPerson(node: FieldNode, named: GraphQLNamedType): boolean {
    if (named.name !== "Node") return false;
    const ids = [this.#argument(node, "id"), this.#argument(node, "ids")].flat();
    return ids.some((id) => isPersonId(isTextNode(id) ? id.value : id));
  }

  /** Returns the most objects that a field has for each surrounding object. */
  #lengthOf(node: FieldNode, type: GraphQLOutputType, isInPage: boolean): number {
    const named = getNamedType(type);
    if (isPage(named)) {
      const first = Number(this.#argument(node, "first") ?? DEFAULT_PAGE_SIZE);
      return Math.min(Math.max(first, 1), MAX_PAGE_SIZE);
    }
    // The page was already multiplied by its number of records.
    if (isInPage || !isListType(getNullableType(type))) return 1;
    const ids = this.#argument(node, "ids") ?? this.#argument(node, "representations");
    if (Array.isArray(ids)) return ids.length;
    return ASSUMED_LENGTHS[unifiedName(named)] ?? 1;
  }

  #argument(node: FieldNode, name: string): unknown {
    const value = argumentOf(node, name);
    if (value?.kind === Kind.VARIABLE) {
      this.#read.add(value.name.value);
      return this.#variables[value.name.value];
    }
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind === Kind.STRING) return value;
    return value?.kind === Kind.LIST ? value.values : undefined;
  }
}
