import {
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";
import type { Provider } from "../../providers/contract/contract.js";
import { RESOURCES, type ResourceName } from "../../providers/contract/model.js";
import { ASSUMED_LENGTHS } from "../operation/analysis.js";
import { DEFAULT_PAGE_SIZE } from "../operation/page-size.js";
import { unifiedName } from "../operation/unified-name.js";
import { CallsAtProviders } from "./calls-at-providers.js";

/** What one upstream call weighs. An object weighs 1, as gateways take for granted. */
const CALL = 10;

const TYPES: Record<ResourceName, string> = { contact: "Contact", lead: "Lead", meeting: "Meeting" };

/** Weights by `Type.field`. Fields that are not named weigh what gateways take for granted. */
export type Weights = ReadonlyMap<string, number>;

/**
 * Derives the weights of fields from the price, for gateways that estimate the cost of a query. A field weighs what its
 * object weighs, and the upstream calls that its price has. A gateway knows neither the CRM nor how the CRM batches: the calls
 * are those of the CRM in the middle of all, for a page of 25 records, in equal parts for each record. Definitions do not
 * count, because operations share them.
 * @param schema the schema at `/graphql`
 */
export function weightsOf(schema: GraphQLSchema, providers: readonly Provider[]): Weights {
  const calls = new CallsAtProviders(schema, providers);
  const weights = new Map<string, number>();
  const add = (type: string, field: GraphQLField<unknown, unknown> | undefined, count: number): void => {
    if (!field || count === 0) return;
    const object = isLeafType(getNamedType(field.type)) ? 0 : 1;
    weights.set(`${type}.${field.name}`, object + Math.ceil((CALL * count) / (assumedLength(field) ?? 1)));
  };
  const fieldsOf = (type: string) => (schema.getType(type) as GraphQLObjectType).getFields();

  for (const resource of RESOURCES) {
    const type = TYPES[resource];
    for (const owner of ["Query", "Connection"])
      add(owner, fieldsOf(owner)[`${resource}s`], calls.page(resource, "id"));
    // A page over all CRMs is one page of each.
    const all = ASSUMED_LENGTHS["Connection"]! * calls.page(resource, "id");
    add("EndUser", fieldsOf("EndUser")[`${resource}s`], all);
    add("Query", fieldsOf("Query")[resource], calls.record(resource));
    for (const kind of ["create", "update", "delete"] as const)
      add("Mutation", fieldsOf("Mutation")[`${kind}${type}`], calls.write(kind, resource));
    for (const field of Object.values(fieldsOf(type))) {
      const more = calls.page(resource, `id ${selectionOf(field)}`, "id");
      add(type, field, more / DEFAULT_PAGE_SIZE);
    }
  }
  // One round of look-ups at each CRM, as most people take. What is read of a whole page is looked up together.
  const connections = ASSUMED_LENGTHS["Connection"]!;
  const one = connections * calls.lookups(1);
  const ofPage = connections * calls.lookups(DEFAULT_PAGE_SIZE);
  add("EndUser", fieldsOf("EndUser")["person"], one);
  add("EndUser", fieldsOf("EndUser")["people"], connections * calls.page("contact", "id") + ofPage);
  for (const type of ["Contact", "Lead"]) add(type, fieldsOf(type)["person"], ofPage / DEFAULT_PAGE_SIZE);
  add("Attendee", fieldsOf("Attendee")["person"], one / ASSUMED_LENGTHS["Attendee"]!);
  for (const resource of ["lead", "meeting"] as const)
    add(
      "Person",
      fieldsOf("Person")[`${resource}s`],
      (connections * calls.page("contact", `id ${resource}s(first: 10) { nodes { id } }`, "id")) / DEFAULT_PAGE_SIZE,
    );
  const contacts = calls.page("meeting", "attendees { contact { id } }", "attendees { isOrganizer }");
  add("Attendee", fieldsOf("Attendee")["contact"], contacts / DEFAULT_PAGE_SIZE / ASSUMED_LENGTHS["Attendee"]!);
  add("Mutation", fieldsOf("Mutation")["createConnection"], calls.verify());
  return weights;
}

/** The length of a list without a page size, as the price assumes it. Null for all other fields. */
export function assumedLength({ type }: Pick<GraphQLField<unknown, unknown>, "type">): number | null {
  return isListType(getNullableType(type)) ? (ASSUMED_LENGTHS[unifiedName(getNamedType(type))] ?? null) : null;
}

/** A field with what can be selected below it without further fields that cost calls. */
function selectionOf({ name, type, args }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return name;
  if (args.some((argument) => argument.name === "first"))
    return `${name}(first: ${DEFAULT_PAGE_SIZE}) { nodes { id } }`;
  const isRecord = Object.values(TYPES).includes(named.name) || named.name === "Connection";
  const leaves = Object.values((named as GraphQLObjectType).getFields()).filter((field) =>
    isLeafType(getNamedType(field.type)),
  );
  return `${name} { ${isRecord ? "id" : leaves.map((leaf) => leaf.name).join(" ")} }`;
}
