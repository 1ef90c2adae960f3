import {
  associationType,
  type AssociationType,
  CONTACT_TO_PRIMARY_COMPANY,
  LEAD_TO_PRIMARY_CONTACT,
  plainAssociation,
} from "./association-types.js";
import { COMPANY, LEAD, type ObjectType } from "./object-types.js";

export interface RecordRef {
  readonly type: ObjectType;
  readonly id: string;
}

interface Link {
  readonly to: RecordRef;
  readonly types: Set<AssociationType>;
}

export interface AssociatedRecord {
  readonly id: string;
  readonly types: readonly AssociationType[];
}

/** Every association of an account, stored at both ends. */
export class AssociationGraph {
  readonly #links = new Map<string, Map<string, Link>>();

  /**
   * Adds an association of the type, from `from` to `to`. A labelled association always comes with the plain
   * association.
   */
  link(from: RecordRef, to: RecordRef, type: AssociationType): void {
    this.#addBothWays(from, to, plainAssociation(from.type, to.type));
    if (type.label === null) return;
    if (type.to === COMPANY) this.#clearPrimaryCompany(from);
    else if (type.from === COMPANY) this.#clearPrimaryCompany(to);
    else if (from.type === LEAD) this.#clearPrimaryContact(from);
    else this.#clearPrimaryContact(to);
    this.#addBothWays(from, to, type);
  }

  unlink(one: RecordRef, other: RecordRef): void {
    this.#links.get(key(one))?.delete(key(other));
    this.#links.get(key(other))?.delete(key(one));
  }

  unlinkAll(record: RecordRef): RecordRef[] {
    const others = [...(this.#links.get(key(record))?.values() ?? [])].map(({ to }) => to);
    for (const other of others) this.unlink(record, other);
    this.#links.delete(key(record));
    return others;
  }

  associated(from: RecordRef, toType: ObjectType): AssociatedRecord[] {
    const links = [...(this.#links.get(key(from))?.values() ?? [])].filter(({ to }) => to.type === toType);
    return links.map(({ to, types }) => ({ id: to.id, types: [...types] }));
  }

  primaryContactOf(lead: RecordRef): string | null {
    return this.#primaryContactLink(lead)?.to.id ?? null;
  }

  primaryCompanyOf(contact: RecordRef): string | null {
    const type = associationType(CONTACT_TO_PRIMARY_COMPANY);
    const links = [...(this.#links.get(key(contact))?.values() ?? [])];
    return links.find(({ types }) => types.has(type))?.to.id ?? null;
  }

  /** Demotes the primary contact of a lead, which can have only one. */
  #clearPrimaryContact(lead: RecordRef): void {
    const link = this.#primaryContactLink(lead);
    if (!link) return;
    const type = associationType(LEAD_TO_PRIMARY_CONTACT);
    link.types.delete(type);
    this.#links.get(key(link.to))?.get(key(lead))?.types.delete(associationType(type.reverseId));
  }

  /** Demotes the primary company of a contact, which can have only one. */
  #clearPrimaryCompany(contact: RecordRef): void {
    const type = associationType(CONTACT_TO_PRIMARY_COMPANY);
    for (const { to, types } of this.#links.get(key(contact))?.values() ?? []) {
      if (types.delete(type))
        this.#links.get(key(to))?.get(key(contact))?.types.delete(associationType(type.reverseId));
    }
  }

  #primaryContactLink(lead: RecordRef): Link | undefined {
    const type = associationType(LEAD_TO_PRIMARY_CONTACT);
    return [...(this.#links.get(key(lead))?.values() ?? [])].find(({ types }) => types.has(type));
  }

  #addBothWays(from: RecordRef, to: RecordRef, type: AssociationType): void {
    this.#add(from, to, type);
    this.#add(to, from, associationType(type.reverseId));
  }

  #add(from: RecordRef, to: RecordRef, type: AssociationType): void {
    const links = this.#links.get(key(from)) ?? new Map<string, Link>();
    const link = links.get(key(to)) ?? { to, types: new Set<AssociationType>() };
    link.types.add(type);
    links.set(key(to), link);
    this.#links.set(key(from), links);
  }
}

function key({ type, id }: RecordRef): string {
  return `${type.id}/${id}`;
}
