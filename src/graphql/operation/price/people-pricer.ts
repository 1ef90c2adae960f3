import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationAnalysis } from "../analysis.js";
import { limitExceeded } from "../bounds.js";
import type { OperationContext } from "../context.js";
import { fieldSetsFor } from "../field-sets.js";
import { MAX_ROUNDS } from "../people/known-addresses.js";
import type { PersonResource } from "../people/person-record.js";
import type { PlannedField } from "../plan.js";
import { ConnectionPricer } from "./connection-pricer.js";
import { adapterOf } from "./costs.js";
import type { OperationPrice } from "./price.js";
import { addLoad, addTally, newTally, type PeopleNeed, type Tally } from "./tally.js";

/** What the price takes for granted of a person. */
const [ADDRESSES, FURTHER_ADDRESSES] = [2, 8];
const ADDRESSES_ASSUMED = `At most ${ADDRESSES} e-mail addresses a person, and ${FURTHER_ADDRESSES} more in all.`;
const CONTACTS_OF_A_CONNECTION = 2;
const LINKED_OF_A_CONTACT = 10;

const LINKED_ASSUMED = `At most ${CONTACTS_OF_A_CONNECTION} contacts of a person at a connection, with ${LINKED_OF_A_CONTACT} linked records each.`;

/** The most calls of an operation, and what sets them. */
export interface CallLimit {
  limit: number;
  variable: string;
}

/** One person at one moment. */
export function oneOf({ below, path }: PlannedField): PeopleNeed {
  return { count: 1, moments: 1, fields: below, path, mayBeLeads: false };
}

/** Prices the people of an operation, once everything else is priced. */
export class PeoplePricer {
  readonly #context: OperationContext;
  readonly #shape: OperationAnalysis["shape"];
  readonly #price: OperationPrice;
  readonly #needs = new Map<string, PeopleNeed[]>();

  constructor(context: OperationContext, shape: OperationAnalysis["shape"], price: OperationPrice) {
    this.#context = context;
    this.#shape = shape;
    this.#price = price;
  }

  /** Adds people of an end user (`eu_…`). */
  need(endUserId: string, needs: readonly PeopleNeed[]): void {
    if (needs.length > 0) this.#needs.set(endUserId, [...(this.#needs.get(endUserId) ?? []), ...needs]);
  }

  /** Adds people of records that are spread over connections, in a way that nobody knows before. */
  needOfParts(endUserId: string, parts: readonly (readonly PeopleNeed[])[]): void {
    this.need(endUserId, joined(parts));
  }

  /** Looks people up only at connections whose look-ups fit into the limit: the cheapest ones first. */
  async finish(limit: CallLimit): Promise<void> {
    const lookups: { connection: ConnectionRecord; tally: Tally }[] = [];
    for (const [endUserId, needs] of this.#needs) {
      const all = await this.#context.directory.connectionsOf.load(endUserId);
      const connections = all.filter(({ status }) => status !== "DISCONNECTED");
      const people = [...needs, ...this.#below(connections, needs)];
      for (const connection of connections) lookups.push({ connection, tally: this.#lookups(connection, people) });
    }
    for (const { connection, tally } of lookups.sort((one, other) => one.tally.calls - other.tally.calls)) {
      const provider = this.#providerOf(connection);
      const calls = this.#price.callsWith(provider, connection.id, tally);
      if (calls <= limit.limit) this.#price.add(provider, connection.id, tally);
      else {
        const { slug } = provider;
        const error = limitExceeded(
          "calls",
          limit,
          calls,
          "with the look-ups of people at this connection, may make up to",
        );
        this.#price.refuseLookups(connection.id, error.with({ provider: slug, connectionId: connection.id }));
      }
    }
  }

  /** Adds the price of what is selected of people. @returns the people below them */
  #below(connections: readonly ConnectionRecord[], needs: readonly PeopleNeed[]): PeopleNeed[] {
    const found: PeopleNeed[] = [];
    let level = needs;
    // Each level of people stands deeper in the document, so that its depth bounds the levels.
    while (level.length > 0) {
      const parts = connections.map((connection) => {
        const provider = this.#providerOf(connection);
        const pricer = new ConnectionPricer(provider, fieldSetsFor(provider, this.#shape));
        for (const need of level) {
          const count = Math.max(1, need.count) * CONTACTS_OF_A_CONNECTION;
          const fields = contactFieldsOf(need.fields, adapterOf(provider, "lead")?.byEmails !== undefined);
          pricer.arrive([{ resource: "contact", count, fields, path: need.path }], need.moments);
          for (const { on, readsNodes, path } of fields)
            if (on === "Contact" && readsNodes) pricer.tally.assumptions.set(path, LINKED_ASSUMED);
          const leads = need.fields.filter(({ on, name }) => on === "Person" && name === "leads");
          for (const { below, path } of leads)
            pricer.arrive([{ resource: "lead", count, fields: below, path }], need.moments);
        }
        this.#price.add(provider, connection.id, pricer.tally);
        return pricer.tally.people;
      });
      level = joined(parts);
      found.push(...level);
    }
    return found;
  }

  /** The price of finding people at a connection. */
  #lookups(connection: ConnectionRecord, needs: readonly PeopleNeed[]): Tally {
    const tally = newTally();
    this.#addLookups(tally, connection, "contact", needs, MAX_ROUNDS);
    const ofLeads = needs.filter(
      ({ fields, mayBeLeads }) => mayBeLeads || fields.some(({ on, name }) => on === "Person" && name === "leads"),
    );
    this.#addLookups(tally, connection, "lead", ofLeads, 1);
    return tally;
  }

  #addLookups(
    tally: Tally,
    connection: ConnectionRecord,
    resource: PersonResource,
    needs: readonly PeopleNeed[],
    rounds: number,
  ): void {
    const provider = this.#providerOf(connection);
    const adapter = adapterOf(provider, resource);
    const cost = adapter?.cost.byEmails?.bind(adapter.cost);
    const batchSize = adapter?.byEmails?.batchSize;
    const count = needs.reduce((sum, need) => sum + need.count, 0);
    if (!cost || batchSize === undefined || count === 0) return;
    const select = fieldSetsFor(provider, this.#shape)[resource];
    const { path } = needs[0]!;
    const part = newTally();
    addLoad(part, {
      count: count * ADDRESSES + FURTHER_ADDRESSES,
      moments: needs.reduce((sum, need) => sum + need.moments, 0) * rounds,
      batchSize,
      cost: (addresses) => cost(addresses, select),
      path: `${path} (${resource}s by address)`,
    });
    part.assumptions.set(path, ADDRESSES_ASSUMED);
    addTally(tally, part);
  }

  #providerOf({ provider }: ConnectionRecord) {
    return this.#context.connections.registry.get(provider);
  }
}

/**
 * What is selected of the contacts of a person at one connection, and the meetings and leads that are reached through them.
 * @param findsLeads whether the CRM finds leads by their own addresses
 */
function contactFieldsOf(fields: readonly PlannedField[], findsLeads: boolean): PlannedField[] {
  return fields.flatMap((field) => {
    if (field.on !== "Person") return [];
    if (field.name === "contacts") return field.below;
    if (field.name !== "meetings" && (field.name !== "leads" || findsLeads)) return [];
    // All of them are read, because they are sorted here.
    return [{ ...field, on: "Contact", length: LINKED_OF_A_CONTACT, readsNodes: true }];
  });
}

/** Needs of records that one connection may have all, or several some each. */
function joined(parts: readonly (readonly PeopleNeed[])[]): PeopleNeed[] {
  const byPath = new Map<string, PeopleNeed>();
  for (const part of parts) {
    const own = new Map<string, PeopleNeed>();
    for (const need of part)
      own.set(
        need.path,
        add(own.get(need.path), need, (one, other) => one + other),
      );
    for (const [path, need] of own) byPath.set(path, add(byPath.get(path), need, Math.max));
  }
  return [...byPath.values()];
}

function add(
  known: PeopleNeed | undefined,
  need: PeopleNeed,
  counts: (one: number, other: number) => number,
): PeopleNeed {
  if (!known) return need;
  return {
    ...need,
    count: counts(known.count, need.count),
    moments: known.moments + need.moments,
    mayBeLeads: known.mayBeLeads || need.mayBeLeads,
  };
}
