import type { CloseAccount } from "./account.js";
import type { ContactRow, LeadRow } from "./rows.js";
import { contactName } from "./views.js";

/** An object of Advanced Filtering: a contact, a lead, or a part of one. */
export interface SearchObject {
  readonly type: string;
  readonly id: string | null;
  /** Values by field name. Times are in microseconds. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly custom: Readonly<Record<string, unknown>>;
  /** The texts that a text query looks through. */
  readonly texts: () => readonly (string | null)[];
  related(type: string): readonly SearchObject[];
}

/** The contacts and leads of an account as the search index has them. */
interface SearchIndex {
  readonly contact: readonly SearchObject[];
  readonly lead: readonly SearchObject[];
}

/** The field names of each object type. Other names are refused. */
export const SEARCH_FIELDS: Readonly<Record<string, readonly string[]>> = {
  contact: ["name", "title", "lead_id", "date_created", "date_updated", "emails_count", "phones_count", "urls_count"],
  lead: ["name", "display_name", "description", "url", "status_id", "date_created", "date_updated", "addresses_count"],
  contact_email: ["email", "type"],
  contact_phone: ["phone", "type"],
  contact_url: ["url", "type"],
  address: ["address_1", "address_2", "city", "state", "zipcode", "country", "label"],
};

export function searchIndexOf(account: CloseAccount): SearchIndex {
  const leads = new Map<string, SearchObject>();
  const byLead = new Map<string, SearchObject[]>();
  const contact = account.contacts.indexed().map((row) => {
    const object = contactObject(row, () => leads.get(row.leadId));
    const siblings = byLead.get(row.leadId);
    if (siblings) siblings.push(object);
    else byLead.set(row.leadId, [object]);
    return object;
  });
  const lead = account.leads.indexed().map((row) => {
    const object = leadObject(row, () => byLead.get(row.id) ?? []);
    leads.set(row.id, object);
    return object;
  });
  return { contact, lead };
}

function contactObject(row: ContactRow, lead: () => SearchObject | undefined): SearchObject {
  const { emails, phones, urls, name, title } = row;
  const parts: Readonly<Record<string, () => readonly SearchObject[]>> = {
    contact_email: () => emails.map((entry) => part("contact_email", entry)),
    contact_phone: () => phones.map((entry) => part("contact_phone", entry)),
    contact_url: () => urls.map((entry) => part("contact_url", entry)),
    lead: () => [lead()].filter((one) => one !== undefined),
  };
  return {
    type: "contact",
    id: row.id,
    fields: {
      name,
      title,
      lead_id: row.leadId,
      date_created: row.created,
      date_updated: row.updated,
      emails_count: emails.length,
      phones_count: phones.length,
      urls_count: urls.length,
    },
    custom: row.custom,
    texts: () => [name, title, ...emails.map(({ email }) => email), ...phones.map(({ phone }) => phone)],
    related: (type) => parts[type]?.() ?? [],
  };
}

function leadObject(row: LeadRow, contacts: () => readonly SearchObject[]): SearchObject {
  const displayName = () => row.name ?? firstName(contacts());
  return {
    type: "lead",
    id: row.id,
    fields: {
      name: row.name,
      get display_name() {
        return displayName();
      },
      description: row.description,
      url: row.url,
      status_id: row.statusId,
      date_created: row.created,
      date_updated: row.updated,
      addresses_count: row.addresses.length,
    },
    custom: row.custom,
    texts: () => [displayName(), row.description, row.url],
    related(type) {
      if (type === "contact") return contacts();
      if (type === "address") return row.addresses.map((address) => part("address", address));
      return contacts().flatMap((contact) => contact.related(type));
    },
  };
}

function firstName([contact]: readonly SearchObject[]): string | null {
  if (!contact) return null;
  const emails = contact.related("contact_email").map(({ fields }) => ({ email: String(fields["email"]), type: "" }));
  const phones = contact.related("contact_phone").map(({ fields }) => ({ phone: String(fields["phone"]), type: "" }));
  return contactName({ name: contact.fields["name"] as string | null, emails, phones });
}

function part(type: string, fields: object): SearchObject {
  return { type, id: null, fields: { ...fields }, custom: {}, texts: () => [], related: () => [] };
}
