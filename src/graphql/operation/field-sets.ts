import type { Provider } from "../../providers/contract/contract.js";
import type { AnyFieldMap } from "../../providers/contract/field-map.js";
import { EDGE_TARGETS, RESOURCES, type ResourceName } from "../../providers/contract/model.js";
import type { Selection } from "../../providers/contract/selection.js";
import type { OperationShape } from "./analysis.js";

/** The selection of each resource. All reads of a resource in one operation use it. */
export type FieldSets = Record<ResourceName, Selection>;

/** Fields of the graph that are computed from other fields. */
const DERIVED: Partial<Record<ResourceName, Record<string, readonly string[]>>> = {
  meeting: { durationMinutes: ["startAt", "endAt"], "attendees.person": ["attendees.email"] },
};

const fieldSets = new WeakMap<OperationShape, Map<string, FieldSets>>();

/**
 * Returns the fields that an operation needs from one provider: the selected fields, and the fields of linked records from
 * which they are taken. Example: some CRMs store the name of a lead only on its contact.
 */
export function fieldSetsFor(provider: Provider, shape: OperationShape): FieldSets {
  let byProvider = fieldSets.get(shape);
  if (!byProvider) fieldSets.set(shape, (byProvider = new Map<string, FieldSets>()));
  let sets = byProvider.get(provider.slug);
  if (!sets) byProvider.set(provider.slug, (sets = expand(provider, shape)));
  return sets;
}

function expand(provider: Provider, shape: OperationShape): FieldSets {
  const sets: Record<ResourceName, Set<string>> = {
    contact: new Set(shape.contact),
    lead: new Set(shape.lead),
    meeting: new Set(shape.meeting),
  };
  for (const resource of RESOURCES) {
    const map: AnyFieldMap | undefined = provider.resources[resource]?.map;
    if (!map) continue;
    for (const path of shape[resource]) {
      for (const source of DERIVED[resource]?.[path] ?? []) sets[resource].add(source);
      const linked = map.fields[path.split(".")[0]!]?.linked;
      if (!linked) continue;
      sets[resource].add(linked.edge);
      const targets: Readonly<Record<string, ResourceName>> = EDGE_TARGETS[resource];
      const target = sets[targets[linked.edge]!];
      target.add([linked.field, ...path.split(".").slice(1)].join("."));
      // A lead has the name of its contact's company.
      if (linked.field === "company") target.add("company.name");
    }
    if (map.attendeesAreContacts && sets[resource].has("attendees")) sets[resource].add("contacts");
    // An attendee who is a contact may have no name of its own: then it has the contact's.
    if (sets[resource].has("attendees.name")) sets.contact.add("fullName");
    if (sets[resource].has("attendees.email")) sets.contact.add("emails");
  }
  return sets;
}
