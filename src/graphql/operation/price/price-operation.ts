import { CrmError } from "../../../errors/crm-error.js";
import { RESOURCES, type ResourceName } from "../../../providers/contract/model.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationAnalysis } from "../analysis.js";
import type { OperationContext } from "../context.js";
import { fieldSetsFor } from "../field-sets.js";
import type { PlannedField } from "../plan.js";
import { readRepresentation, type Representation } from "../representation.js";
import { connectionOf, targetConnection } from "../target.js";
import { ConnectionPricer, type RecordPlace } from "./connection-pricer.js";
import { mergedListing, type MergedListing } from "../merged/merged-listing.js";
import { mergedCursorIn } from "../people/people-cursor.js";
import { decodePersonId, type PersonId } from "../people/person-id.js";
import { mergedParts } from "./merged-work.js";
import type { PlannedArguments } from "./planned-arguments.js";
import { OperationPrice } from "./price.js";
import { connectionsOfEndUser, orNull, pricedRecord } from "./priced-targets.js";
import { oneOf, PeoplePricer, type CallLimit } from "./people-pricer.js";
import { listTally, writeTally, type PricedConnection, type WriteKind } from "./priced-work.js";
import { newTally, type PeopleNeed, type Tally } from "./tally.js";

type Arguments = Readonly<Record<string, unknown>>;

/** Records that an operation names by their ids at one connection. They are loaded together. */
interface NamedRecords {
  connection: PricedConnection;
  places: RecordPlace[];
  ways: Set<string>;
}

/** Types with the field `connection`. */
const OF_CONNECTIONS = new Set([
  ...["Contact", "Lead", "Meeting", "MissingConnection", "UnsupportedConnection", "PersonSource"],
]);

/**
 * Prices an operation before its first call. It reads connections and end users from the store through the look-ups of the
 * operation, so that the execution does not read them again, and makes no upstream call.
 * @param limit people are not looked up at the connections whose look-ups would exceed it
 * @throws StoreUnavailableError
 */
export async function priceOperation(
  context: OperationContext,
  { plan, records, shape }: OperationAnalysis,
  args: PlannedArguments,
  limit: CallLimit,
): Promise<OperationPrice> {
  const pricer = new OperationPricer(context, shape, args, new OperationPrice(records));
  await Promise.all(plan.map((field) => pricer.root(field)));
  return pricer.finish(limit);
}

class OperationPricer {
  readonly #context: OperationContext;
  readonly #shape: OperationAnalysis["shape"];
  readonly #args: PlannedArguments;
  readonly #price: OperationPrice;
  readonly #named = new Map<string, NamedRecords>();
  /** Pages of a connection that several places of the operation share are read once. */
  readonly #pages = new Map<PlannedField, Set<string>>();
  readonly #created = new Set<string>();
  readonly #people: PeoplePricer;

  constructor(
    context: OperationContext,
    shape: OperationAnalysis["shape"],
    args: PlannedArguments,
    price: OperationPrice,
  ) {
    this.#context = context;
    this.#shape = shape;
    this.#args = args;
    this.#price = price;
    this.#people = new PeoplePricer(context, shape, price);
  }

  async root(field: PlannedField): Promise<void> {
    const args = this.#args.of(field);
    if (!args) return;
    if (field.on === "Mutation") return this.#mutation(field, args);
    const { name, below } = field;
    const context = this.#context;
    for (const resource of RESOURCES) {
      if (name === `${resource}s`) {
        const connection = await orNull(() => targetConnection(context, args));
        if (connection) await this.#page(this.#priced(connection), resource, field, args);
        return;
      }
      if (name === resource) return this.#record(field, args, resource);
    }
    switch (name) {
      case "node":
        return this.#node(field, args["id"]);
      case "nodes": {
        const ids = Array.isArray(args["ids"]) ? args["ids"] : [];
        await Promise.all(ids.map((id) => this.#node(field, id)));
        return;
      }
      case "_entities":
        return this.#entities(field, args["representations"]);
      case "connection": {
        const connection = await orNull(() => connectionOf(context, String(args["id"])));
        if (connection) await this.#connection(this.#priced(connection), below);
        return;
      }
      case "connections":
        return this.#connections(
          await connectionsOfEndUser(context, textOf(args["endUserId"]) ?? context.defaultEndUserId),
          below,
        );
      case "endUser":
        return this.#endUserByName(textOf(args["endUserId"]) ?? context.defaultEndUserId, below);
    }
  }

  async finish(limit: CallLimit): Promise<OperationPrice> {
    for (const { connection, places, ways } of this.#named.values()) {
      const pricer = new ConnectionPricer(connection.provider, fieldSetsFor(connection.provider, this.#shape));
      pricer.load(places, ways.size);
      this.#add(connection, pricer.tally);
    }
    await this.#people.finish(limit);
    return this.#price;
  }

  /** Adds a part of the operation at a connection, and the people who are selected of its records. */
  #add({ provider, id, endUserId }: PricedConnection, tally: Tally): void {
    this.#price.add(provider, id, tally);
    if (endUserId !== null) this.#people.need(endUserId, tally.people);
  }

  async #mutation(field: PlannedField, args: Arguments): Promise<void> {
    const { name, below } = field;
    const [, kind, type] = /^(create|update|delete)(Contact|Lead|Meeting)$/.exec(name) ?? [];
    if (kind !== undefined) return this.#write(field, args, kind as WriteKind, type!.toLowerCase() as ResourceName);
    const input = (args["input"] ?? {}) as Arguments;
    if (name === "createConnection") return this.#create(String(input["provider"]), below);
    if (name === "upsertEndUser") return this.#endUserByName(textOf(input["endUserId"]), below);
    if (name === "deleteConnection") {
      const connection = await orNull(() => connectionOf(this.#context, String(args["id"])));
      const provider = connection && this.#context.connections.registry.get(connection.provider);
      // A credential of OAuth is revoked by one call.
      if (provider?.oauth) this.#price.add(provider, connection!.id, { ...newTally(), calls: 1 });
    }
  }

  async #write(field: PlannedField, args: Arguments, kind: WriteKind, resource: ResourceName): Promise<void> {
    const found = await pricedRecord(this.#context, kind === "create" ? { ...args, id: null } : args);
    const connection = found ? this.#priced(found.connection) : this.#createdBefore(args);
    if (!connection || (found?.kind && found.kind !== resource)) return;
    const select = fieldSetsFor(connection.provider, this.#shape);
    this.#add(connection, writeTally(kind, { connection, select, resource, field, args }));
    await this.#nested(connection, field.below);
  }

  async #create(slug: string, below: readonly PlannedField[]): Promise<void> {
    const { registry } = this.#context.connections;
    if (!registry.has(slug)) return;
    const provider = registry.get(slug);
    this.#created.add(slug);
    this.#price.add(provider, null, { ...newTally(), calls: provider.cost.verify ?? 1 });
    await this.#connection({ provider, id: null, endUserId: null }, below);
  }

  /** The connection that an earlier field of the same mutation creates. */
  #createdBefore(args: Arguments): PricedConnection | null {
    const slug = textOf(args["provider"]) ?? this.#context.defaultProvider;
    if (slug === null || !this.#created.has(slug)) return null;
    return { provider: this.#context.connections.registry.get(slug), id: null, endUserId: null };
  }

  async #record(field: PlannedField, args: Arguments, resource: ResourceName): Promise<void> {
    const found = await pricedRecord(this.#context, args);
    if (!found || (found.kind !== null && found.kind !== resource)) return;
    await this.#name(this.#priced(found.connection), field, resource, found.way);
  }

  async #node(field: PlannedField, id: unknown): Promise<void> {
    const text = String(id);
    if (text.startsWith("con_")) {
      const connection = await orNull(() => connectionOf(this.#context, text));
      if (connection) await this.#connection(this.#priced(connection), field.below);
      return;
    }
    if (text.startsWith("eu_")) return this.#endUser(text, field.below);
    const person = decodePersonId(text);
    if (person) return this.#personNode(field, person);
    const found = await pricedRecord(this.#context, { id: text });
    const resource = RESOURCES.find((name) => name === found?.kind);
    if (found && resource) await this.#name(this.#priced(found.connection), field, resource, found.way);
  }

  /** Prices the representations of a federation gateway. Equal ones are resolved once. */
  async #entities(field: PlannedField, representations: unknown): Promise<void> {
    if (!Array.isArray(representations)) return;
    const different = new Map<string, Representation>();
    for (const given of representations) {
      const representation = this.#representation(given);
      if (representation) different.set(JSON.stringify(representation), representation);
    }
    await Promise.all([...different.values()].map((representation) => this.#entity(field, representation)));
  }

  /** Null if the representation is refused: the execution answers the error. */
  #representation(given: unknown): Representation | null {
    try {
      return readRepresentation(given, (typename) => this.#args.typeName(typename) ?? undefined, "");
    } catch (error) {
      if (error instanceof CrmError) return null;
      throw error;
    }
  }

  async #entity(field: PlannedField, { name, key }: Representation): Promise<void> {
    const { id, endUserId, providerSlug: provider, nativeId } = key;
    if (name === "EndUser") return this.#endUserByName(endUserId!, field.below);
    if (name === "Person" && id === undefined) {
      const found = await orNull(() => this.#context.directory.endUsers.load(endUserId!));
      if (found) await this.#needPeople(found.id, { ...oneOf(field), mayBeLeads: true });
      return;
    }
    const resource = RESOURCES.find((one) => one === name.toLowerCase());
    if (resource && id === undefined) return this.#record(field, { id: nativeId, provider, endUserId }, resource);
    if (resource || name === "Connection" || name === "Person") return this.#node(field, id);
  }

  /** Adds a record that is named by its id. */
  async #name(connection: PricedConnection, field: PlannedField, resource: ResourceName, way: string): Promise<void> {
    const key = connection.id!;
    let named = this.#named.get(key);
    if (!named) this.#named.set(key, (named = { connection, places: [], ways: new Set() }));
    named.ways.add(way);
    const same = named.places.find((place) => place.resource === resource && place.fields === field.below);
    if (same) same.count += 1;
    else named.places.push({ resource, count: 1, fields: field.below, path: field.path });
    if (!same) await this.#nested(connection, field.below);
  }

  async #page(
    connection: PricedConnection,
    resource: ResourceName,
    field: PlannedField,
    args: Arguments,
  ): Promise<void> {
    const after = textOf(args["after"]);
    const start = { continues: after !== null, given: after === null ? 0 : this.#context.cursors.givenIn(after) };
    const select = fieldSetsFor(connection.provider, this.#shape);
    this.#add(connection, listTally({ connection, select, resource, field, args }, start));
    await this.#nested(connection, field.below);
  }

  /** Prices what is selected of the connection of records. */
  async #nested(connection: PricedConnection, fields: readonly PlannedField[]): Promise<void> {
    for (const { on, name, below } of fields) {
      if (name === "connection" && OF_CONNECTIONS.has(on)) await this.#connection(connection, below);
      else if (below.length > 0) await this.#nested(connection, below);
    }
  }

  async #connection(connection: PricedConnection, fields: readonly PlannedField[]): Promise<void> {
    for (const field of fields) {
      if (field.on !== "Connection" || !this.#isFirst(field, connection.id ?? "")) continue;
      const resource = RESOURCES.find((name) => field.name === `${name}s`);
      const args = resource && this.#args.of(field);
      if (args) await this.#page(connection, resource, field, args);
      else if (field.name === "endUser" && connection.endUserId !== null)
        await this.#endUser(connection.endUserId, field.below);
    }
  }

  async #endUserByName(externalId: string | null, fields: readonly PlannedField[]): Promise<void> {
    if (externalId === null) return;
    const found = await orNull(() => this.#context.directory.endUsers.load(externalId));
    if (found) await this.#endUser(found.id, fields);
  }

  /** @param id the end user (`eu_…`) */
  async #endUser(id: string, fields: readonly PlannedField[]): Promise<void> {
    for (const field of fields) {
      if (field.on !== "EndUser" || !this.#isFirst(field, id)) continue;
      const resource = RESOURCES.find((name) => field.name === `${name}s`);
      if (resource) await this.#merged(id, resource, field);
      if (field.name === "people") await this.#peoplePage(id, field);
      if (field.name === "person") await this.#needPeople(id, { ...oneOf(field), mayBeLeads: true });
      if (field.name === "connections")
        await this.#connections(await this.#context.directory.connectionsOf.load(id), field.below);
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
    await this.#needPeople(endUserId, { ...oneOf(field), count: field.length });
  }

  async #parts(endUserId: string, listing: MergedListing, field: PlannedField, after: string | null): Promise<void> {
    const parts = mergedParts(this.#context, { listing, field, shape: this.#shape, after });
    for (const { connection, tally } of parts) {
      this.#price.add(connection.provider, connection.id, tally);
      await this.#nested(connection, field.below);
    }
    this.#people.needOfParts(
      endUserId,
      parts.map(({ tally }) => tally.people),
    );
  }

  /** Adds people, and what is selected of the connections of their records. */
  async #needPeople(endUserId: string, need: PeopleNeed): Promise<void> {
    this.#people.need(endUserId, [need]);
    const connections = await this.#context.directory.connectionsOf.load(endUserId);
    for (const connection of connections) await this.#nested(this.#priced(connection), need.fields);
  }

  async #personNode(field: PlannedField, { endUserId, resource, connectionId }: PersonId): Promise<void> {
    const connection = await orNull(() => connectionOf(this.#context, connectionId));
    if (connection?.endUserId !== endUserId) return;
    await this.#name(this.#priced(connection), field, resource, "person");
    await this.#needPeople(endUserId, { ...oneOf(field), mayBeLeads: resource === "lead" });
  }

  async #connections(found: readonly ConnectionRecord[], fields: readonly PlannedField[]): Promise<void> {
    await Promise.all(found.map((connection) => this.#connection(this.#priced(connection), fields)));
  }

  #isFirst(field: PlannedField, id: string): boolean {
    let seen = this.#pages.get(field);
    if (!seen) this.#pages.set(field, (seen = new Set()));
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  }

  #priced({ id, provider, endUserId }: ConnectionRecord): PricedConnection {
    return { id, provider: this.#context.connections.registry.get(provider), endUserId };
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
