import DataLoader from "dataloader";
import type { CrmError } from "../../../errors/crm-error.js";
import { normalEmail } from "../../../providers/mapping/normal-email.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { EndUserRecord } from "../../../store/end-users.js";
import type { OperationContext } from "../context.js";
import type { Loaded } from "../loaded.js";
import type { MissingConnectionValue, UnsupportedConnectionValue } from "../merged/merged-page.js";
import { gravest } from "../merged/stream-failures.js";
import { EmailLookup } from "./email-lookup.js";
import { groupOf, groupOfAddress, type Group } from "./groups.js";
import { distinct, KnownAddresses } from "./known-addresses.js";
import { personRecord, searchOf, type PersonRecord } from "./person-record.js";
import { isRoleMailbox } from "./role-mailboxes.js";

/** A person over the CRMs of an end user. */
export interface PersonValue {
  endUser: EndUserRecord;
  /** The address that the person was asked by. */
  askedBy: string | null;
  /** Older ones first. */
  contacts: readonly PersonRecord<"contact">[];
  /** The leads of a person without contacts. With contacts, leads are looked up only if they are selected. */
  leads: readonly PersonRecord<"lead">[];
  /** The personal addresses that belong to this person alone. */
  addresses: readonly string[];
  isClosed: boolean;
  missing: readonly MissingConnectionValue[];
  unsupported: readonly UnsupportedConnectionValue[];
}

/**
 * Finds the people of one end user in one operation. What is asked for at the same moment is looked up together: each CRM gets
 * one batch of addresses a round.
 */
export class PersonFinder {
  readonly endUser: EndUserRecord;
  readonly connections: readonly ConnectionRecord[];
  readonly #context: OperationContext;
  readonly #contacts: EmailLookup<"contact">;
  readonly #leads: EmailLookup<"lead">;
  readonly #known: KnownAddresses<PersonRecord<"contact">>;
  readonly #knownLeads: KnownAddresses<PersonRecord<"lead">>;
  readonly #explored: DataLoader<string, true>;
  readonly #exploredLeads: DataLoader<string, true>;

  private constructor(context: OperationContext, endUser: EndUserRecord, connections: readonly ConnectionRecord[]) {
    this.#context = context;
    this.endUser = endUser;
    this.connections = connections;
    this.#contacts = new EmailLookup(context, connections, "contact");
    this.#leads = new EmailLookup(context, connections, "lead");
    this.#known = new KnownAddresses((addresses) => this.#contacts.find(addresses));
    // A lead belongs to the person of its address, and leads to no further one: one round.
    this.#knownLeads = new KnownAddresses((addresses) => this.#leads.find(addresses), 1);
    const together = { batchScheduleFn: context.turns.schedule };
    this.#explored = new DataLoader(async (addresses) => {
      await this.#known.explore(addresses);
      return addresses.map(() => true);
    }, together);
    this.#exploredLeads = new DataLoader(async (addresses) => {
      await this.#knownLeads.explore(addresses);
      return addresses.map(() => true);
    }, together);
  }

  /** The finder of an end user, which all fields of the operation share. */
  static of(context: OperationContext, endUser: EndUserRecord): Promise<PersonFinder> {
    return context.shared(`people of ${endUser.id}`, async () => {
      const all = await context.directory.connectionsOf.load(endUser.id);
      return new PersonFinder(
        context,
        endUser,
        all.filter(({ status }) => status !== "DISCONNECTED"),
      );
    });
  }

  /** Notes that a connection does not answer, which another read of the operation has shown. */
  exclude(connectionId: string, error: CrmError): void {
    this.#contacts.exclude(connectionId, error);
    this.#leads.exclude(connectionId, error);
  }

  /**
   * The person with an address. Null if nobody has it, or if it belongs to no single person.
   * @throws CrmError the gravest of the failures, if nobody was found where CRMs answered, and others did not
   */
  async byAddress(asked: string): Promise<PersonValue | null> {
    const address = normalEmail(asked);
    if (address === null || isRoleMailbox(address)) return null;
    await this.#explored.load(address);
    const group = groupOfAddress(address, this.#known);
    if (group) return this.#value(group, asked);
    const isCrowded = this.#known.get(address)?.verdict === "CROWDED";
    const leads = isCrowded ? [] : await this.#leadsOnly([address]);
    if (leads.length > 0) return this.#valueOfLeads(leads, [address], asked);
    const failures = [...this.#contacts.failuresFor([address]).values()];
    if (!isCrowded && failures.length > 0) throw gravest(failures);
    return null;
  }

  async ofContact(loaded: Loaded<"contact">): Promise<PersonValue> {
    const member = personRecord("contact", loaded);
    await this.explore([member]);
    return this.ofMember(member);
  }

  /** The person of a lead: of its addresses, or a person with no other record. */
  async ofLead(loaded: Loaded<"lead">): Promise<PersonValue> {
    const member = personRecord("lead", loaded);
    await this.#explored.loadMany([...member.addresses]).then(assertLoaded);
    for (const address of member.addresses) {
      const group = groupOfAddress(address, this.#known);
      if (group) return this.#value(group, null);
    }
    const joining = member.addresses.filter((address) => this.#known.get(address)?.verdict === "JOINS");
    const leads = await this.#leadsOnly(joining);
    return this.#valueOfLeads([member, ...leads], joining, null);
  }

  /** Looks the addresses of contacts up, for `ofMember`. */
  async explore(members: readonly PersonRecord<"contact">[]): Promise<void> {
    const addresses = [...new Set(members.flatMap((member) => member.addresses))];
    assertLoaded(await this.#explored.loadMany(addresses));
  }

  groupOf(member: PersonRecord<"contact">): Group<PersonRecord<"contact">> {
    return groupOf(member, this.#known);
  }

  ofMember(member: PersonRecord<"contact">): PersonValue {
    return this.#value(this.groupOf(member), null, member);
  }

  /** The leads that addresses find, and why connections did not answer, by connection id. */
  async leadsBy(
    addresses: readonly string[],
  ): Promise<{ leads: readonly PersonRecord<"lead">[]; failures: ReadonlyMap<string, CrmError> }> {
    assertLoaded(await this.#exploredLeads.loadMany([...addresses]));
    const leads = distinct(addresses.flatMap((address) => this.#knownLeads.get(address)?.members ?? []));
    return { leads, failures: this.#leads.failuresFor(addresses) };
  }

  /** The leads of people without contacts. Keys that may not read leads find none. */
  async #leadsOnly(addresses: readonly string[]): Promise<readonly PersonRecord<"lead">[]> {
    if (!this.#context.principal.scopes.has("leads:read")) return [];
    const { leads } = await this.leadsBy(addresses);
    const isCrowded = addresses.some((address) => this.#knownLeads.get(address)?.verdict === "CROWDED");
    return isCrowded ? [] : leads;
  }

  #value(
    { members, addresses, isClosed }: Group<PersonRecord<"contact">>,
    askedBy: string | null,
    member: PersonRecord<"contact"> | null = null,
  ): PersonValue {
    const asked = [...addresses, ...(member?.addresses ?? []), ...(askedBy === null ? [] : [normalEmail(askedBy)!])];
    return {
      endUser: this.endUser,
      askedBy,
      contacts: members,
      leads: [],
      addresses,
      isClosed,
      missing: this.#missing(this.#contacts.failuresFor(asked), members),
      unsupported: this.#unsupported(),
    };
  }

  #valueOfLeads(
    leads: readonly PersonRecord<"lead">[],
    addresses: readonly string[],
    askedBy: string | null,
  ): PersonValue {
    const members = distinct(leads);
    const failures = new Map([...this.#contacts.failuresFor(addresses), ...this.#leads.failuresFor(addresses)]);
    return {
      endUser: this.endUser,
      askedBy,
      contacts: [],
      leads: members,
      addresses,
      isClosed: true,
      missing: this.#missing(failures, members),
      unsupported: this.#unsupported(),
    };
  }

  #missing(failures: ReadonlyMap<string, CrmError>, members: readonly PersonRecord[]): MissingConnectionValue[] {
    const all = new Map(failures);
    for (const { connectionId, failure, loaded } of members) {
      const [further] = Object.values(loaded.record.failures ?? {});
      const error = failure ?? further;
      if (error && !all.has(connectionId)) all.set(connectionId, error);
    }
    return this.connections.flatMap((connection) => {
      const error = all.get(connection.id);
      return error ? [{ connection, error }] : [];
    });
  }

  #unsupported(): UnsupportedConnectionValue[] {
    const { registry } = this.#context.connections;
    return this.connections.flatMap((connection) => {
      const provider = registry.get(connection.provider);
      if (searchOf({ provider }, "contact")) return [];
      return [{ connection, reason: `${provider.name} cannot find contacts by their e-mail addresses.` }];
    });
  }
}

/** @throws the first failure, which is a bug: what a CRM fails with is among the found */
function assertLoaded(results: readonly (true | Error)[]): void {
  for (const result of results) if (result instanceof Error) throw result;
}
