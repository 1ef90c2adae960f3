import { Random } from "../../kit/random.js";
import { RecordTable } from "../../kit/record-table.js";
import type { SandboxCrmOptions } from "../../kit/crm.js";
import { AssociationGraph } from "./association-graph.js";
import { ContactEmails } from "./contact-emails.js";
import { CONTACT, OBJECT_TYPES, type ObjectType, type StoredRecord } from "./object-types.js";
import type { Owner } from "./owner.js";
import { rulesOf, type PortalRules } from "./rules.js";

/**
 * The data of one portal. Records are replaced and never changed, so that a failed batch can restore the old records.
 */
export class HubSpotAccount {
  readonly portalId: number;
  readonly associations = new AssociationGraph();
  readonly contactEmails = new ContactEmails();
  readonly now: () => number;
  readonly rules: PortalRules;
  readonly #tables: ReadonlyMap<ObjectType, RecordTable<StoredRecord>>;
  readonly #lastIds = new Map<ObjectType, number>();
  /** Id of a merged record → id of the record that it became. */
  readonly #merged = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly owners: readonly Owner[],
    options: Pick<SandboxCrmOptions, "now" | "indexLagMs">,
  ) {
    this.portalId = new Random(`hubspot-portal:${name}`).integer(10_000_000, 49_999_999);
    this.now = () => options.now();
    this.rules = rulesOf(name);
    this.#tables = new Map(OBJECT_TYPES.map((type) => [type, new RecordTable(options)]));
  }

  takeId(type: ObjectType): string {
    const id = (this.#lastIds.get(type) ?? type.firstId - 1) + 1;
    this.#lastIds.set(type, id);
    return String(id);
  }

  /** Adds a record that searches find from the beginning. */
  seed(record: StoredRecord): void {
    if (record.type === CONTACT) this.contactEmails.replace(undefined, record);
    this.#table(record.type).seed(record.id, record);
  }

  put(record: StoredRecord): void {
    if (record.type === CONTACT) this.contactEmails.replace(this.get(CONTACT, record.id), record);
    this.#table(record.type).set(record.id, record);
  }

  /** Removes the record without a trace, unlike archiving. */
  erase(record: StoredRecord): void {
    this.associations.unlinkAll(record);
    if (record.type === CONTACT) this.contactEmails.replace(record, undefined);
    this.#table(record.type).set(record.id, null);
  }

  /** Lets reads of the old ids find the record that these records became. */
  noteMerge(records: readonly StoredRecord[], into: StoredRecord): void {
    for (const { id } of records) this.#merged.set(`${into.type.plural} ${id}`, into.id);
  }

  /** Returns the record of this id, or the one that it was merged into. */
  survivor(type: ObjectType, id: string): StoredRecord | undefined {
    const into = this.#merged.get(`${type.plural} ${id}`);
    return into === undefined ? this.get(type, id) : this.survivor(type, into);
  }

  /** Returns the record, archived or not. */
  get(type: ObjectType, id: string): StoredRecord | undefined {
    return this.#table(type).get(id) ?? undefined;
  }

  findLive(type: ObjectType, id: string): StoredRecord | undefined {
    const record = this.get(type, id);
    return record?.archivedAt === null ? record : undefined;
  }

  findContactByEmail(address: string): StoredRecord | undefined {
    const id = this.contactEmails.holderOf(address);
    return id === undefined ? undefined : this.get(CONTACT, id);
  }

  /** The live records as searches see them. Searches omit archived records at once. */
  indexed(type: ObjectType): StoredRecord[] {
    return this.#table(type)
      .indexed()
      .filter(({ id }) => this.findLive(type, id));
  }

  /** The records, oldest first. The ids have the same order. */
  all(type: ObjectType, archived: boolean): StoredRecord[] {
    return this.#table(type)
      .all()
      .filter((record) => (record.archivedAt !== null) === archived);
  }

  #table(type: ObjectType): RecordTable<StoredRecord> {
    return this.#tables.get(type)!;
  }
}
