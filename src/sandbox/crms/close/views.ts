import type { CloseAccount } from "./account.js";
import { momentText } from "./moments.js";
import type { ContactRow, CustomValues, LeadRow, MeetingRow } from "./rows.js";

export type Wire = Record<string, unknown>;

const APP = "https://app.close.com";

export function contactView(account: CloseAccount, row: ContactRow): Wire {
  return {
    id: row.id,
    organization_id: account.organizationId,
    lead_id: row.leadId,
    name: row.name ?? "",
    display_name: contactName(row),
    title: row.title ?? "",
    emails: row.emails.map((entry) => ({ ...entry, is_unsubscribed: false })),
    phones: row.phones.map((entry) => ({ ...entry, phone_formatted: entry.phone, country: null })),
    urls: row.urls,
    timezone: null,
    integration_links: [],
    ...stamps(account, row),
    ...customView(row.custom),
  };
}

/** The display name of a contact. */
export function contactName({ name, emails, phones }: Pick<ContactRow, "name" | "emails" | "phones">): string {
  return name ?? emails[0]?.email ?? phones[0]?.phone ?? "";
}

function leadName(account: CloseAccount, { id, name }: LeadRow): string {
  const [contact] = name === null ? account.contactsOf(id) : [];
  return name ?? (contact ? contactName(contact) : "");
}

export function leadView(account: CloseAccount, row: LeadRow): Wire {
  const contacts = account.contactsOf(row.id);
  return {
    id: row.id,
    organization_id: account.organizationId,
    name: row.name ?? "",
    display_name: leadName(account, row),
    status_id: row.statusId,
    status_label: account.statuses.find(({ id }) => id === row.statusId)?.label ?? null,
    description: row.description ?? "",
    url: row.url,
    html_url: `${APP}/lead/${row.id}/`,
    contacts: contacts.map((contact) => contactView(account, contact)),
    contact_ids: contacts.map(({ id }) => id),
    addresses: row.addresses,
    opportunities: [],
    tasks: [],
    integration_links: [],
    ...stamps(account, row),
    created_by_name: userName(account, account.users[0]!.id),
    ...customView(row.custom),
  };
}

export function meetingView(account: CloseAccount, row: MeetingRow): Wire {
  const seconds = (row.endsAt - row.startsAt) / 1000;
  return {
    _type: "Meeting",
    id: row.id,
    organization_id: account.organizationId,
    lead_id: row.leadId,
    contact_id: row.contactId,
    user_id: row.userId,
    user_name: userName(account, row.userId),
    title: row.title,
    note: row.note,
    user_note: row.userNoteHtml === null ? null : row.userNoteHtml.replace(/<[^>]*>/g, ""),
    user_note_html: row.userNoteHtml,
    outcome_id: row.outcomeId,
    location: row.location,
    starts_at: momentText(row.startsAt * 1000),
    ends_at: momentText(row.endsAt * 1000),
    activity_at: momentText(row.startsAt * 1000),
    duration: seconds,
    actual_duration: null,
    status: row.status,
    attendees: row.attendees,
    users: [row.userId],
    conference_links: row.conferenceUrl === null ? [] : [{ type: "google_meet", url: row.conferenceUrl }],
    connected_account_id: null,
    calendar_event_uids: [`${row.id}@calendar.example`],
    provider_calendar_type: "google",
    is_recurring: false,
    source: "calendar",
    ...stamps(account, row),
  };
}

function userName(account: CloseAccount, id: string): string | null {
  const user = account.users.find((one) => one.id === id);
  return user ? `${user.firstName} ${user.lastName}` : null;
}

/**
 * Selects the fields of a record that a request names. Close ignores unknown names.
 * @param fields null if the request names no fields
 */
export function selected(view: Wire, fields: readonly string[] | null): Wire {
  if (fields === null || fields.includes("_all")) return view;
  const wanted = new Set(fields);
  const isWanted = (name: string) => wanted.has(name) || (name.startsWith("custom.") && wanted.has("custom"));
  return Object.fromEntries(Object.entries(view).filter(([name]) => isWanted(name)));
}

function stamps(account: CloseAccount, { created, updated }: { created: number; updated: number }): Wire {
  const user = account.users[0]!.id;
  return { date_created: momentText(created), date_updated: momentText(updated), created_by: user, updated_by: user };
}

function customView(custom: CustomValues): Wire {
  return Object.fromEntries(Object.entries(custom).map(([id, value]) => [`custom.${id}`, value]));
}
