import type { StoredRecord } from "./stored-record.js";
import { Random } from "../../kit/random.js";
import { AssociationGraph } from "./association-graph.js";
import { ContactEmails } from "./contact-emails.js";
import { CONTACT, OBJECT_TYPES, type ObjectType } from "./object-types.js";
import type { Owner } from "./owner.js";

/** The data of one portal. Records are replaced, never changed, so that a failed batch can put the old ones back. */
export class HubSpotAccount {
  readonly name: string;
  readonly portalId: number;
  readonly owners: readonly Owner[];
  readonly associations = new AssociationGraph();
  readonly contactEmails = new ContactEmails();
  readonly now: () => number;
  readonly #indexLagMs: number;
  /** What changed records were before, for searches that have not noticed yet. */
  readonly #replaced = new WeakMap<StoredRecord, StoredRecord>();
  readonly #records = new Map<ObjectType, Map<string, StoredRecord>>();
  readonly #nextIds = new Map<ObjectType, number>();

  /** @param indexLagMs Milliseconds after which searches notice that a record was made or changed. */
  constructor(name: string, owners: readonly Owner[], now: () => number, indexLagMs: number) {
    this.name = name;
    this.portalId = new Random(`hubspot-portal:${name}`).integer(10_000_000, 49_999_999);
    this.owners = owners;
    this.now = now;
    this.#indexLagMs = indexLagMs;
    for (const type of OBJECT_TYPES) {
      this.#records.set(type, new Map());
      this.#nextIds.set(type, type.firstId);
    }
  }

  takeId(type: ObjectType): string {
    const id = this.#nextIds.get(type)!;
    this.#nextIds.set(type, id + 1);
    return String(id);
  }

  put(record: StoredRecord): void {
    const records = this.#records.get(record.type)!;
    const before = records.get(record.id);
    if (record.type === CONTACT) this.contactEmails.replace(before, record);
    if (before) {
      this.#replaced.delete(before);
      this.#replaced.set(record, before);
    }
    records.set(record.id, record);
  }

  /** Leaves no trace of the record, unlike archiving it. */
  erase(record: StoredRecord): void {
    this.associations.unlinkAll(record);
    if (record.type === CONTACT) this.contactEmails.replace(record, undefined);
    this.#records.get(record.type)!.delete(record.id);
  }

  /** The record whether archived or not. */
  get(type: ObjectType, id: string): StoredRecord | undefined {
    return this.#records.get(type)!.get(id);
  }

  findLive(type: ObjectType, id: string): StoredRecord | undefined {
    const record = this.get(type, id);
    return record?.archivedAt === null ? record : undefined;
  }

  findContactByEmail(address: string): StoredRecord | undefined {
    const id = this.contactEmails.holderOf(address);
    return id === undefined ? undefined : this.get(CONTACT, id);
  }

  /** The live records as searches see them; what is archived is gone from them at once. */
  indexed(type: ObjectType): StoredRecord[] {
    const seen = this.now() - this.#indexLagMs;
    return this.all(type, false).flatMap((record) => {
      if (this.#indexLagMs === 0 || record.updatedAt <= seen) return record;
      const before = this.#replaced.get(record);
      return before && before.updatedAt <= seen ? before : [];
    });
  }

  /** Oldest first, which is also by ascending id. */
  all(type: ObjectType, archived: boolean): StoredRecord[] {
    return [...this.#records.get(type)!.values()].filter((record) => (record.archivedAt !== null) === archived);
  }
}
