import type { Provider } from "../../../providers/contract/contract.js";
import type { AnyFieldMap } from "../../../providers/contract/field-map.js";
import { EDGE_TARGETS, type ResourceName } from "../../../providers/contract/model.js";
import type { FieldSets } from "../field-sets.js";
import type { PlannedField } from "../plan.js";
import { adapterOf } from "./costs.js";
import { addLoad, newTally, type Tally } from "./tally.js";

/** Records of one resource that arrive at the same moments, with the planned fields below them. */
export interface RecordPlace {
  resource: ResourceName;
  count: number;
  fields: readonly PlannedField[];
  path: string;
}

const TYPES: Record<ResourceName, string> = { contact: "Contact", lead: "Lead", meeting: "Meeting" };

/** Lists without a page size: what the price takes for granted. */
const LIST_ASSUMPTIONS: Readonly<Record<string, (length: number) => string>> = {
  attendees: (length) => `At most ${length} attendees a meeting.`,
  contacts: (length) => `At most ${length} contacts a meeting.`,
  leads: (length) => `At most ${length} leads a meeting.`,
};

/** The ids at the other end of an edge, and the records that are loaded by them. */
interface EdgeNeed {
  resource: ResourceName;
  edge: string;
  /** Records whose edge is read. */
  count: number;
  targets: RecordPlace[];
  path: string;
}

/**
 * Sums what the records of one connection cost, as the DataLoaders of an operation load them: whatever is asked for at the
 * same moment shares batches, and each batch answers at a moment of its own.
 */
export class ConnectionPricer {
  readonly tally: Tally = newTally();
  readonly #provider: Provider;
  readonly #select: FieldSets;

  constructor(provider: Provider, select: FieldSets) {
    this.#provider = provider;
    this.#select = select;
  }

  /** Prices records that are loaded by their ids. */
  load(places: readonly RecordPlace[], moments: number): void {
    for (const [resource, asked] of Map.groupBy(places, (place) => place.resource)) {
      const adapter = adapterOf(this.#provider, resource);
      if (!adapter) continue;
      const select = this.#select[resource];
      const batches = addLoad(this.tally, {
        count: asked.reduce((sum, { count }) => sum + count, 0),
        moments,
        batchSize: adapter.batchSize(select),
        cost: (ids) => adapter.cost.get(ids, select),
        path: asked[0]!.path,
      });
      this.arrive(asked, batches);
    }
  }

  /** Prices what is read for records that have arrived. */
  arrive(places: readonly RecordPlace[], moments: number): void {
    const edges = new Map<string, EdgeNeed>();
    const inRecords: RecordPlace[] = [];
    let owners = 0;
    for (const place of places) {
      const needs = new Map<string, EdgeNeed>();
      for (const field of place.fields) {
        if (field.on !== TYPES[place.resource]) continue;
        if (field.name === "owner" || field.name === "organizer") owners += this.#ownersOf(place, field);
        else if (field.name === "attendees") owners += this.#attendees(place, field, needs, inRecords, moments);
        else if (field.name === "person") this.#person(place, field, needs, moments);
        else this.#edge(place, field, needs);
      }
      for (const [edge, need] of needs) {
        const key = `${place.resource} ${edge}`;
        const known = edges.get(key);
        if (!known) edges.set(key, need);
        else {
          known.count += need.count;
          known.targets.push(...need.targets);
        }
      }
    }
    this.#read([...edges.values()], inRecords, moments);
    this.#owners(owners, moments, places[0]?.path ?? "");
  }

  #read(edges: readonly EdgeNeed[], inRecords: RecordPlace[], moments: number): void {
    const direct = [...inRecords];
    for (const { resource, edge, count, targets, path } of edges) {
      const adapter = adapterOf(this.#provider, resource);
      const [loader, cost] = [adapter?.edges[edge], adapter?.cost.edges[edge]];
      if (loader && cost) {
        const batches = addLoad(this.tally, { count, moments, batchSize: loader.batchSize, cost, path });
        this.load(targets, batches);
      } else direct.push(...targets);
    }
    this.load(direct, moments);
  }

  #owners(count: number, moments: number, path: string): void {
    const { owners } = this.#provider;
    const cost = this.#provider.cost;
    addLoad(this.tally, { count, moments, batchSize: owners.batchSize, cost: (ids) => cost.owners(ids), path });
  }

  /** The person of a contact, or of a lead: of its own addresses, or of its contact. */
  #person(place: RecordPlace, field: PlannedField, needs: Map<string, EdgeNeed>, moments: number): void {
    const { below, path } = field;
    const linked = place.resource === "lead" ? this.#mapOf("lead")?.fields["emails"]?.linked : undefined;
    if (!linked) {
      const mayBeLeads = place.resource === "lead";
      this.tally.people.push({ count: place.count, moments, fields: below, path, mayBeLeads });
    } else {
      const target = { resource: "contact" as const, count: place.count, fields: [asPersonOfContact(field)], path };
      this.#join(needOf(needs, place, linked.edge, path), target);
    }
  }

  /** An edge of the graph, or a field that the CRM stores on the record at the other end of one. */
  #edge(place: RecordPlace, field: PlannedField, needs: Map<string, EdgeNeed>): void {
    const { name, path, length } = field;
    const targets: Readonly<Record<string, ResourceName>> = EDGE_TARGETS[place.resource];
    const isPage = place.resource === "contact";
    const linked = this.#mapOf(place.resource)?.fields[name]?.linked;
    const edge = linked?.edge ?? name;
    const resource = targets[edge];
    if (resource === undefined) return;
    const need = needOf(needs, place, edge, path);
    const fields = linked ? [] : field.below;
    if (!isPage) this.#join(need, { resource, count: place.count * length, fields, path });
    else if (field.readsNodes) need.targets.push({ resource, count: place.count * length, fields, path });
    if (place.resource === "meeting") this.#assume(field);
  }

  /** Adds records that all fields of a place share, because the edge has no arguments. */
  #join(need: EdgeNeed, target: RecordPlace): void {
    const same = need.targets.find(({ resource }) => resource === target.resource);
    if (!same) need.targets.push(target);
    else {
      same.count = Math.max(same.count, target.count);
      same.fields = [...same.fields, ...target.fields];
    }
  }

  /** @returns the number of owners to load */
  #attendees(
    place: RecordPlace,
    field: PlannedField,
    needs: Map<string, EdgeNeed>,
    inRecords: RecordPlace[],
    moments: number,
  ): number {
    const parts = field.below.filter(({ on }) => on === "Attendee");
    const contacts = parts.filter(({ name }) => name === "contact");
    const people = parts.filter(({ name }) => name === "person");
    const loadsPart = parts.some(
      ({ name }) =>
        name !== "contact" && !this.#brings(place.resource, "attendees", name === "person" ? "email" : name),
    );
    const count = place.count * field.length;
    this.#assume(field);
    const isEdge = this.#mapOf("meeting")?.attendeesAreContacts === true;
    const need = isEdge ? needOf(needs, place, "contacts", field.path) : null;
    // An attendee with an address of its own is asked for when the meeting arrives, and the others with their contacts.
    for (const { below, path } of people)
      this.tally.people.push({ count: 0, moments, fields: below, path, mayBeLeads: true });
    if (contacts.length > 0 || people.length > 0 || loadsPart) {
      const fields = [...contacts.flatMap(({ below }) => below), ...people.map(asPersonOfContact)];
      const target: RecordPlace = { resource: "contact", count, fields, path: field.path };
      if (need) this.#join(need, target);
      else inRecords.push(target);
    }
    return loadsPart ? count : 0;
  }

  #ownersOf(place: RecordPlace, field: PlannedField): number {
    const loads = field.below.some(({ on, name }) => on === "Owner" && !this.#brings(place.resource, field.name, name));
    return loads && this.#mapOf(place.resource)?.fields[field.name] ? place.count : 0;
  }

  #brings(resource: ResourceName, field: string, part: string): boolean {
    return adapterOf(this.#provider, resource)?.cost.brings?.has(`${field}.${part}`) ?? false;
  }

  #assume({ name, path, length }: PlannedField): void {
    const text = LIST_ASSUMPTIONS[name]?.(length);
    if (text !== undefined) this.tally.assumptions.set(path, text);
  }

  #mapOf(resource: ResourceName): AnyFieldMap | undefined {
    return adapterOf(this.#provider, resource)?.map;
  }
}

function needOf(needs: Map<string, EdgeNeed>, place: RecordPlace, edge: string, path: string): EdgeNeed {
  let need = needs.get(edge);
  if (!need) needs.set(edge, (need = { resource: place.resource, edge, count: place.count, targets: [], path }));
  return need;
}

/** The person of an attendee or a lead is that of its contact. */
function asPersonOfContact(field: PlannedField): PlannedField {
  return { ...field, on: "Contact" };
}
