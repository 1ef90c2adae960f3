import { CrmError } from "../../../errors/crm-error.js";
import { RESOURCES, type ResourceName } from "../../../providers/contract/model.js";
import type { OperationAnalysis } from "../analysis.js";
import type { OperationContext } from "../context.js";
import { fieldSetsFor } from "../field-sets.js";
import { namedRecords } from "../named-records.js";
import type { PlannedField } from "../plan.js";
import { readRepresentation, type Representation } from "../representation.js";
import { connectionOf, targetConnection } from "../target.js";
import { ConnectionPricer, type RecordPlace } from "./connection-pricer.js";
import { decodePersonId, type PersonId } from "../people/person-id.js";
import { textOf, type PlannedArguments } from "./planned-arguments.js";
import { OperationPrice } from "./price.js";
import { connectionsOfEndUser, orNull, pricedRecord } from "./priced-targets.js";
import { oneOf, PeoplePricer, type CallLimit } from "./people-pricer.js";
import { writeTally, type PricedConnection, type WriteKind } from "./priced-work.js";
import { ScopePricer } from "./scope-pricer.js";
import { newTally } from "./tally.js";

type Arguments = Readonly<Record<string, unknown>>;

/** Records that an operation names by their ids at one connection. They are loaded together. */
interface NamedRecords {
  connection: PricedConnection;
  places: RecordPlace[];
  ways: Set<string>;
}

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
  readonly #created = new Set<string>();
  readonly #people: PeoplePricer;
  readonly #scopes: ScopePricer;

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
    this.#scopes = new ScopePricer({ context, shape, args, price, people: this.#people });
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
        if (connection) await this.#scopes.page(this.#scopes.priced(connection), resource, field, args);
        return;
      }
      if (name === resource) return this.#record(field, args, resource);
    }
    switch (name) {
      case "node":
        return this.#node(field, args["id"]);
      case "nodes": {
        const ids = Array.isArray(args["ids"]) ? args["ids"] : [];
        const { groups, others } = namedRecords(context, ids);
        await Promise.all([
          ...groups.map(({ places }) => this.#node(field, ids[places[0]!], places.length)),
          ...others.map((place) => this.#node(field, ids[place])),
        ]);
        return;
      }
      case "_entities":
        return this.#entities(field, args["representations"]);
      case "connection": {
        const connection = await orNull(() => connectionOf(context, String(args["id"])));
        if (connection) await this.#scopes.connection(this.#scopes.priced(connection), below);
        return;
      }
      case "connections":
        return this.#scopes.connections(
          await connectionsOfEndUser(context, textOf(args["endUserId"]) ?? context.defaultEndUserId),
          below,
        );
      case "endUser":
        return this.#scopes.endUserByName(textOf(args["endUserId"]) ?? context.defaultEndUserId, below);
    }
  }

  async finish(limit: CallLimit): Promise<OperationPrice> {
    for (const { connection, places, ways } of this.#named.values()) {
      const pricer = new ConnectionPricer(connection.provider, fieldSetsFor(connection.provider, this.#shape));
      pricer.load(places, ways.size);
      this.#scopes.add(connection, pricer.tally);
    }
    await this.#people.finish(limit);
    return this.#price;
  }

  async #mutation(field: PlannedField, args: Arguments): Promise<void> {
    const { name, below } = field;
    const [, kind, type] = /^(create|update|delete)(Contact|Lead|Meeting)$/.exec(name) ?? [];
    if (kind !== undefined) return this.#write(field, args, kind as WriteKind, type!.toLowerCase() as ResourceName);
    const input = (args["input"] ?? {}) as Arguments;
    if (name === "createConnection") return this.#create(String(input["provider"]), below);
    if (name === "upsertEndUser") return this.#scopes.endUserByName(textOf(input["endUserId"]), below);
    if (name === "deleteConnection") {
      const connection = await orNull(() => connectionOf(this.#context, String(args["id"])));
      const provider = connection && this.#context.connections.registry.get(connection.provider);
      // A credential of OAuth is revoked by one call.
      if (provider?.oauth) this.#price.add(provider, connection!.id, { ...newTally(), calls: 1 });
    }
  }

  async #write(field: PlannedField, args: Arguments, kind: WriteKind, resource: ResourceName): Promise<void> {
    const found = await pricedRecord(this.#context, kind === "create" ? { ...args, id: null } : args);
    const connection = found ? this.#scopes.priced(found.connection) : this.#createdBefore(args);
    if (!connection || (found?.kind && found.kind !== resource)) return;
    const select = fieldSetsFor(connection.provider, this.#shape);
    this.#scopes.add(connection, writeTally(kind, { connection, select, resource, field, args }));
    await this.#scopes.nested(connection, field.below);
  }

  async #create(slug: string, below: readonly PlannedField[]): Promise<void> {
    const { registry } = this.#context.connections;
    if (!registry.has(slug)) return;
    const provider = registry.get(slug);
    this.#created.add(slug);
    this.#price.add(provider, null, { ...newTally(), calls: provider.cost.verify ?? 1 });
    await this.#scopes.connection({ provider, id: null, endUserId: null }, below);
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
    await this.#name(this.#scopes.priced(found.connection), field, resource, found.way);
  }

  async #node(field: PlannedField, id: unknown, count = 1): Promise<void> {
    const text = String(id);
    if (text.startsWith("con_")) {
      const connection = await orNull(() => connectionOf(this.#context, text));
      if (connection) await this.#scopes.connection(this.#scopes.priced(connection), field.below);
      return;
    }
    if (text.startsWith("eu_")) return this.#scopes.endUser(text, field.below);
    const person = decodePersonId(text);
    if (person) return this.#personNode(field, person);
    const found = await pricedRecord(this.#context, { id: text });
    const resource = RESOURCES.find((name) => name === found?.kind);
    if (found && resource) await this.#name(this.#scopes.priced(found.connection), field, resource, found.way, count);
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
    if (name === "EndUser") return this.#scopes.endUserByName(endUserId!, field.below);
    if (name === "Person" && id === undefined) {
      const found = await orNull(() => this.#context.directory.endUsers.load(endUserId!));
      if (found) await this.#scopes.needPeople(found.id, { ...oneOf(field), mayBeLeads: true });
      return;
    }
    const resource = RESOURCES.find((one) => one === name.toLowerCase());
    if (resource && id === undefined) return this.#record(field, { id: nativeId, provider, endUserId }, resource);
    if (resource || name === "Connection" || name === "Person") return this.#node(field, id);
  }

  /** Adds records that are named by their ids. */
  async #name(
    connection: PricedConnection,
    field: PlannedField,
    resource: ResourceName,
    way: string,
    count = 1,
  ): Promise<void> {
    const key = connection.id!;
    let named = this.#named.get(key);
    if (!named) this.#named.set(key, (named = { connection, places: [], ways: new Set() }));
    named.ways.add(way);
    const same = named.places.find((place) => place.resource === resource && place.fields === field.below);
    if (same) same.count += count;
    else named.places.push({ resource, count, fields: field.below, path: field.path });
    if (!same) await this.#scopes.nested(connection, field.below);
  }

  async #personNode(field: PlannedField, { endUserId, resource, connectionId }: PersonId): Promise<void> {
    const connection = await orNull(() => connectionOf(this.#context, connectionId));
    if (connection?.endUserId !== endUserId) return;
    await this.#name(this.#scopes.priced(connection), field, resource, "person");
    await this.#scopes.needPeople(endUserId, { ...oneOf(field), mayBeLeads: resource === "lead" });
  }
}
