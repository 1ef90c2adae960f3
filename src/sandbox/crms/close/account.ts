import { Random } from "../../kit/random.js";
import { RecordTable, type RecordTableOptions } from "../../kit/record-table.js";
import { SearchCursors } from "./search-cursors.js";
import type { Micros } from "./moments.js";
import type { ContactRow, LeadRow, MeetingRow } from "./rows.js";

export interface CloseUser {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

export interface LeadStatus {
  readonly id: string;
  readonly label: string;
}

export type IdPrefix = "cont" | "lead" | "acti" | "user" | "orga" | "stat";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Number of characters after the prefix of an id. */
const ID_LENGTH = 43;

/** The data of one organization. */
export class CloseAccount {
  readonly organizationId: string;
  readonly users: readonly CloseUser[];
  /** A new lead gets the first status. */
  readonly statuses: readonly LeadStatus[];
  readonly contacts: RecordTable<ContactRow>;
  readonly leads: RecordTable<LeadRow>;
  readonly meetings: RecordTable<MeetingRow>;
  readonly cursors: SearchCursors;
  readonly #random: Random;
  readonly #contactsOf = new Map<string, string[]>();
  #ticks = 0;

  constructor(
    readonly name: string,
    private readonly options: RecordTableOptions,
    users: readonly Omit<CloseUser, "id">[],
    statuses: readonly string[],
  ) {
    this.#random = new Random(`close:${name}`);
    this.organizationId = this.newId("orga");
    this.users = users.map((user) => ({ id: this.newId("user"), ...user }));
    this.statuses = statuses.map((label) => ({ id: this.newId("stat"), label }));
    this.contacts = new RecordTable(options);
    this.leads = new RecordTable(options);
    this.meetings = new RecordTable(options);
    this.cursors = new SearchCursors(() => options.now());
  }

  newId(prefix: IdPrefix): string {
    const characters = Array.from({ length: ID_LENGTH }, () => LETTERS[this.#random.integer(0, LETTERS.length - 1)]);
    return `${prefix}_${characters.join("")}`;
  }

  /** Returns the current time. Each call returns a later microsecond. */
  moment(): Micros {
    this.#ticks = (this.#ticks + 1) % 1000;
    return this.options.now() * 1000 + this.#ticks;
  }

  seedContact(row: ContactRow): void {
    this.contacts.seed(row.id, row);
    this.#enlist(row);
  }

  putContact(row: ContactRow): void {
    if (!this.contacts.get(row.id)) this.#enlist(row);
    this.contacts.set(row.id, row);
  }

  removeContact({ id, leadId }: ContactRow): void {
    this.contacts.set(id, null);
    const others = (this.#contactsOf.get(leadId) ?? []).filter((other) => other !== id);
    this.#contactsOf.set(leadId, others);
  }

  /** Removes a lead with its contacts and meetings. */
  removeLead({ id }: LeadRow): void {
    for (const contact of this.contactsOf(id)) this.contacts.set(contact.id, null);
    this.#contactsOf.delete(id);
    for (const meeting of this.meetings.all()) if (meeting.leadId === id) this.meetings.set(meeting.id, null);
    this.leads.set(id, null);
  }

  /** A lead's contacts, oldest first. */
  contactsOf(leadId: string): ContactRow[] {
    return (this.#contactsOf.get(leadId) ?? []).flatMap((id) => this.contacts.get(id) ?? []);
  }

  #enlist({ id, leadId }: ContactRow): void {
    const siblings = this.#contactsOf.get(leadId);
    if (siblings) siblings.push(id);
    else this.#contactsOf.set(leadId, [id]);
  }
}
