import { RESOURCES, type ResourceName } from "../../../providers/contract/model.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationAnalysis } from "../analysis.js";
import type { OperationContext } from "../context.js";
import { fieldSetsFor } from "../field-sets.js";
import { mergedListing, type MergedListing } from "../merged/merged-listing.js";
import { mergedCursorIn } from "../people/people-cursor.js";
import type { PlannedField } from "../plan.js";
import { mergedParts } from "./merged-work.js";
import { oneOf, type PeoplePricer } from "./people-pricer.js";
import { textOf, type PlannedArguments } from "./planned-arguments.js";
import type { OperationPrice } from "./price.js";
import { orNull } from "./priced-targets.js";
import { capabilitiesTally, definitionsTally, listTally, type PricedConnection } from "./priced-work.js";
import type { PeopleNeed, Tally } from "./tally.js";

type Arguments = Readonly<Record<string, unknown>>;

/** Types with the field `connection`. */
const OF_CONNECTIONS = new Set([
  ...["Contact", "Lead", "Meeting", "MissingConnection", "UnsupportedConnection", "PersonSource"],
]);

interface ScopePricerOptions {
  context: OperationContext;
  shape: OperationAnalysis["shape"];
  args: PlannedArguments;
  price: OperationPrice;
  people: PeoplePricer;
}

/** Prices what an operation selects of connections and of end users: lists of their records, and people. */
export class ScopePricer {
  readonly #context: OperationContext;
  readonly #shape: OperationAnalysis["shape"];
  readonly #args: PlannedArguments;
  readonly #price: OperationPrice;
  readonly #people: PeoplePricer;
  /** Pages of a connection that several places of the operation share are read once. */
  readonly #pages = new Map<PlannedField, Set<string>>();

  constructor({ context, shape, args, price, people }: ScopePricerOptions) {
    this.#context = context;
    this.#shape = shape;
    this.#args = args;
    this.#price = price;
    this.#people = people;
  }

  /** Adds a part of the operation at a connection, and the people who are selected of its records. */
  add({ provider, id, endUserId }: PricedConnection, tally: Tally): void {
    this.#price.add(provider, id, tally);
    if (endUserId !== null) this.#people.need(endUserId, tally.people);
  }

  async page(
    connection: PricedConnection,
    resource: ResourceName,
    field: PlannedField,
    args: Arguments,
  ): Promise<void> {
    const after = textOf(args["after"]);
    const start = { continues: after !== null, given: after === null ? 0 : this.#context.cursors.givenIn(after) };
    const select = fieldSetsFor(connection.provider, this.#shape);
    this.add(connection, listTally({ connection, select, resource, field, args }, start));
    await this.nested(connection, field.below);
  }

  /** Prices what is selected of the connection of records. */
  async nested(connection: PricedConnection, fields: readonly PlannedField[]): Promise<void> {
    for (const { on, name, below } of fields) {
      if (name === "connection" && OF_CONNECTIONS.has(on)) await this.connection(connection, below);
      else if (below.length > 0) await this.nested(connection, below);
    }
  }

  async connection(connection: PricedConnection, fields: readonly PlannedField[]): Promise<void> {
    for (const field of fields) {
      if (field.on !== "Connection" || !this.#isFirst(field, connection.id ?? "")) continue;
      if (field.name === "capabilities") {
        this.#price.add(connection.provider, connection.id, capabilitiesTally(connection.provider, field.path));
        continue;
      }
      if (field.name === "customFieldDefinitions") {
        const resource = RESOURCES.find((name) => name.toUpperCase() === this.#args.of(field)?.["resource"]);
        if (resource)
          this.#price.add(
            connection.provider,
            connection.id,
            definitionsTally(connection.provider, resource, field.path),
          );
        continue;
      }
      const resource = RESOURCES.find((name) => field.name === `${name}s`);
      const args = resource && this.#args.of(field);
      if (args) await this.page(connection, resource, field, args);
      else if (field.name === "endUser" && connection.endUserId !== null)
        await this.endUser(connection.endUserId, field.below);
    }
  }

  async endUserByName(externalId: string | null, fields: readonly PlannedField[]): Promise<void> {
    if (externalId === null) return;
    const found = await orNull(() => this.#context.directory.endUsers.load(externalId));
    if (found) await this.endUser(found.id, fields);
  }

  /** @param id the end user (`eu_…`) */
  async endUser(id: string, fields: readonly PlannedField[]): Promise<void> {
    for (const field of fields) {
      if (field.on !== "EndUser" || !this.#isFirst(field, id)) continue;
      const resource = RESOURCES.find((name) => field.name === `${name}s`);
      if (resource) await this.#merged(id, resource, field);
      if (field.name === "people") await this.#peoplePage(id, field);
      if (field.name === "person") await this.needPeople(id, { ...oneOf(field), mayBeLeads: true });
      if (field.name === "connections")
        await this.connections(await this.#context.directory.connectionsOf.load(id), field.below);
    }
  }

  /** Prices a page over all connections of an end user (`eu_…`). */
  async #merged(endUserId: string, resource: ResourceName, field: PlannedField): Promise<void> {
    const args = this.#args.of(field);
    const listing = args && (await orNull(() => mergedListing(this.#context, endUserId, resource, args)));
    if (!listing) return;
    await this.#parts(endUserId, listing, field, textOf(args["after"]));
  }

  /** Prices a page of people: the page of contacts that it walks, and the look-ups of their addresses. */
  async #peoplePage(endUserId: string, field: PlannedField): Promise<void> {
    const args = this.#args.of(field);
    const listing = args && (await orNull(() => mergedListing(this.#context, endUserId, "contact", args)));
    if (!listing) return;
    const after = textOf(args["after"]);
    await this.#parts(endUserId, listing, field, after && mergedCursorIn(this.#context.cursors, after));
    await this.needPeople(endUserId, { ...oneOf(field), count: field.length });
  }

  async #parts(endUserId: string, listing: MergedListing, field: PlannedField, after: string | null): Promise<void> {
    const parts = mergedParts(this.#context, { listing, field, shape: this.#shape, after });
    for (const { connection, tally } of parts) {
      this.#price.add(connection.provider, connection.id, tally);
      await this.nested(connection, field.below);
    }
    this.#people.needOfParts(
      endUserId,
      parts.map(({ tally }) => tally.people),
    );
  }

  /** Adds people, and what is selected of the connections of their records. */
  async needPeople(endUserId: string, need: PeopleNeed): Promise<void> {
    this.#people.need(endUserId, [need]);
    const connections = await this.#context.directory.connectionsOf.load(endUserId);
    for (const connection of connections) await this.nested(this.priced(connection), need.fields);
  }

  async connections(found: readonly ConnectionRecord[], fields: readonly PlannedField[]): Promise<void> {
    await Promise.all(found.map((connection) => this.connection(this.priced(connection), fields)));
  }

  #isFirst(field: PlannedField, id: string): boolean {
    let seen = this.#pages.get(field);
    if (!seen) this.#pages.set(field, (seen = new Set()));
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  }

  priced({ id, provider, endUserId }: ConnectionRecord): PricedConnection {
    return { id, provider: this.#context.connections.registry.get(provider), endUserId };
  }
}
