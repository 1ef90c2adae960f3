import { CrmError } from "../../../errors/crm-error.js";
import { chunks } from "../../../providers/kit/adapter-kit.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationContext } from "../context.js";
import type { Loaded } from "../loaded.js";
import type { FoundMembers } from "./known-addresses.js";
import { personRecord, searchOf, type PersonRecord, type PersonResource } from "./person-record.js";

/** Looks addresses up in all CRMs of an end user. A CRM that fails is noted, and leaves the others as they are. */
export class EmailLookup<Resource extends PersonResource> {
  readonly #context: OperationContext;
  readonly #connections: readonly ConnectionRecord[];
  readonly #resource: Resource;
  /** Address → connection id → why its CRM was not asked, or did not answer. */
  readonly #failures = new Map<string, Map<string, CrmError>>();
  /** Connections that have failed. They are not asked again: it would cost time, and the person is incomplete anyway. */
  readonly #down = new Map<string, CrmError>();

  constructor(context: OperationContext, connections: readonly ConnectionRecord[], resource: Resource) {
    this.#context = context;
    this.#connections = connections;
    this.#resource = resource;
  }

  /** Notes that a connection does not answer, which another read of the operation has shown. */
  exclude(connectionId: string, error: CrmError): void {
    if (!this.#down.has(connectionId)) this.#down.set(connectionId, error);
  }

  /** Why connections did not answer for one of these addresses, by connection id. */
  failuresFor(addresses: readonly string[]): Map<string, CrmError> {
    return new Map(addresses.flatMap((address) => [...(this.#failures.get(address) ?? [])]));
  }

  async find(addresses: readonly string[]): Promise<Map<string, FoundMembers<PersonRecord<Resource>>>> {
    const parts = await Promise.all(this.#connections.map((connection) => this.#findAt(connection, addresses)));
    const found = new Map<string, FoundMembers<PersonRecord<Resource>>>();
    for (const [address, own] of parts.flat()) {
      const { members, hasMore } = found.get(address) ?? { members: [], hasMore: false };
      found.set(address, { members: [...members, ...own.members], hasMore: hasMore || own.hasMore });
    }
    return found;
  }

  async #findAt(
    connection: ConnectionRecord,
    addresses: readonly string[],
  ): Promise<(readonly [string, FoundMembers<PersonRecord<Resource>>])[]> {
    const { id, provider } = connection;
    const search = searchOf({ provider: this.#context.connections.registry.get(provider) }, this.#resource);
    if (!search) return [];
    const refused = this.#down.get(id) ?? this.#context.price?.lookupRefusal(id);
    if (refused) {
      this.#fail(id, addresses, refused);
      return [];
    }
    const parts = await Promise.all(
      chunks(addresses, search.batchSize).map(async (batch) => {
        try {
          const link = await this.#context.open(connection);
          const matches = await search.find(link.context, batch, link.select[this.#resource]);
          const loader = link.loaders.records(this.#resource);
          return [...matches].map(([address, { records, hasMore }]) => {
            for (const record of records) loader.prime(record.nativeId, record);
            const members = records.map((record) => this.#member({ record, link }));
            return [address, { members, hasMore }] as const;
          });
        } catch (error) {
          if (!(error instanceof CrmError)) throw error;
          const located = error.with({ provider, connectionId: id });
          if (!this.#down.has(id)) this.#context.unshown.push(located);
          this.exclude(id, located);
          this.#fail(id, batch, located);
          return [];
        }
      }),
    );
    return parts.flat();
  }

  #member(loaded: Loaded<Resource>): PersonRecord<Resource> {
    return personRecord(this.#resource, loaded);
  }

  #fail(connectionId: string, addresses: readonly string[], error: CrmError): void {
    for (const address of addresses) {
      let failures = this.#failures.get(address);
      if (!failures) this.#failures.set(address, (failures = new Map<string, CrmError>()));
      failures.set(connectionId, error);
    }
  }
}
