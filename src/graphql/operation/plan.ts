import { getNamedType, type FieldNode, type GraphQLField, type GraphQLNamedType } from "graphql";
import { unifiedName } from "./unified-name.js";

/** A field of an operation that can lead to upstream calls, with such fields below it. */
export interface PlannedField {
  /** The type of the object that has the field, or the type condition of its fragment; and the field, both as in `schema.graphql`. */
  readonly on: string;
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** One of the merged selections. They all have the same arguments. */
  readonly node: FieldNode;
  /** The names of the fields from the root to this one, with dots. */
  readonly path: string;
  /** The most objects that the field has for each surrounding object. */
  readonly length: number;
  /** Whether the records of a page are selected. Otherwise a page of linked records loads none. */
  readsNodes: boolean;
  readonly below: PlannedField[];
}

/** Types whose values cost calls, or contain such values. */
const PRICED_TYPES = new Set([
  ...["Contact", "Lead", "Meeting", "ContactConnection", "LeadConnection", "MeetingConnection"],
  ...["Connection", "EndUser", "Owner", "Attendee", "Node", "_Entity", "DeletedRecord"],
  ...["MergedContactConnection", "MergedLeadConnection", "MergedMeetingConnection"],
  ...["Person", "MergedPersonConnection"],
  // They name connections, of which records can be selected.
  ...["MergedCompleteness", "MissingConnection", "UnsupportedConnection", "PersonCompleteness"],
  ...["PersonField", "PersonFieldValue", "PersonEmail", "PersonPhone", "PersonCompany", "PersonReason", "PersonSource"],
]);

/** Fields of other types that some CRMs answer with the data of another record. */
const PRICED_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  Connection: new Set(["capabilities", "customFieldDefinitions"]),
  Owner: new Set(["name", "email"]),
  Attendee: new Set(["name", "email"]),
  Lead: new Set(["firstName", "lastName", "fullName", "title", "companyName", "emails", "phones", "addresses"]),
};

/** The place of a field in the plan of its operation. */
export interface PlanPlace {
  /** Where the planned fields of this place belong. */
  fields: PlannedField[];
  /** The page, if the fields of this place are those of a page or an edge. */
  page: PlannedField | null;
  path: string;
}

export const planRoot = (): PlanPlace => ({ fields: [], page: null, path: "" });

/**
 * Adds a field to the plan.
 * @param place null below a field that cannot lead to calls
 * @returns the place of the fields below; null if they cannot lead to calls
 */
export function planField(
  place: PlanPlace | null,
  {
    node,
    on: type,
    field,
    length,
    isPage,
  }: {
    node: FieldNode;
    on: GraphQLNamedType;
    field: GraphQLField<unknown, unknown>;
    length: number;
    isPage: boolean;
  },
): PlanPlace | null {
  if (!place) return null;
  const name = unifiedName(field);
  const on = unifiedName(type);
  const named = unifiedName(getNamedType(field.type));
  if (place.page) {
    if (name === "nodes" || name === "node") {
      place.page.readsNodes = true;
      return { fields: place.fields, page: null, path: place.path };
    }
    if (name === "edges") return place;
    if (name !== "completeness" || named !== "MergedCompleteness") return null;
  }
  if (!PRICED_TYPES.has(named) && !PRICED_FIELDS[on]?.has(name)) return null;
  const path = place.path === "" ? name : `${place.path}.${name}`;
  const planned: PlannedField = { on, name, field, node, path, length, readsNodes: false, below: [] };
  place.fields.push(planned);
  return { fields: planned.below, page: isPage ? planned : null, path };
}
