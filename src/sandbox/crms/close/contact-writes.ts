import { textOf } from "../../kit/json.js";
import { contactName } from "./views.js";
import type { CloseAccount } from "./account.js";
import { writeCustomValues } from "./custom-fields.js";
import { badRequest, nested, type FieldErrors } from "./errors.js";
import { phoneAsKept, type ContactRow, type EmailEntry, type LeadRow, type PhoneEntry, type UrlEntry } from "./rows.js";

export type Body = Readonly<Record<string, unknown>>;
type Problems = Record<string, FieldErrors[string]>;

/** The values of a contact whose fields are all empty. */
const NOTHING = { name: null, title: null, emails: [], phones: [], urls: [], custom: {} };
/** The type of an entry without a type. */
const DEFAULT_TYPE = "office";

/**
 * Creates a contact. Without a lead it gets a new lead with its name.
 * @throws Refusal
 */
export function createContact(account: CloseAccount, body: Body): ContactRow {
  const values = contactValues(NOTHING, body);
  const given = body["lead_id"];
  if (given !== undefined && given !== null && !account.leads.get(textOf(given))) {
    throw badRequest({ lead: "Object does not exist." });
  }
  const leadId = given ? textOf(given) : leadNamedAfter(account, values);
  return addContact(account, leadId, values);
}

export function updateContact(account: CloseAccount, row: ContactRow, body: Body): ContactRow {
  const updated = { ...row, ...contactValues(row, body), updated: account.moment() };
  account.putContact(updated);
  return updated;
}

export function addContact(account: CloseAccount, leadId: string, values: ContactValues): ContactRow {
  const moment = account.moment();
  const row = { id: account.newId("cont"), leadId, ...values, created: moment, updated: moment };
  account.putContact(row);
  return row;
}

function leadNamedAfter(account: CloseAccount, values: ContactValues): string {
  const moment = account.moment();
  const name = contactName(values) || null;
  const stamps = { created: moment, updated: moment };
  const lead: LeadRow = { id: account.newId("lead"), ...emptyLead(account), name, ...stamps };
  account.leads.set(lead.id, lead);
  return lead.id;
}

export type LeadValues = Omit<LeadRow, "id" | "created" | "updated">;

/** The values of a lead whose fields are all empty. */
export function emptyLead({ statuses }: CloseAccount): LeadValues {
  return { name: null, statusId: statuses[0]!.id, description: null, url: null, addresses: [], custom: {} };
}

export type ContactValues = Pick<ContactRow, "name" | "title" | "emails" | "phones" | "urls" | "custom">;

/** @throws Refusal naming every field at fault */
function contactValues(current: ContactValues, body: Body): ContactValues {
  const problems: Problems = {};
  const values: ContactValues = {
    name: text("name", body, current.name, problems),
    title: text("title", body, current.title, problems),
    emails: list<EmailEntry>("emails", body, current.emails, problems, emailOf),
    phones: list<PhoneEntry>("phones", body, current.phones, problems, phoneOf),
    urls: list<UrlEntry>("urls", body, current.urls, problems, urlOf),
    custom: writeCustomValues("contact", current.custom, body, problems),
  };
  if (Object.keys(problems).length > 0) throw badRequest(problems);
  return values;
}

/** The values of a contact inside a new lead. */
export function newContactValues(body: Body): ContactValues {
  return contactValues(NOTHING, body);
}

export function text(name: string, body: Body, current: string | null, problems: Problems): string | null {
  const value = body[name];
  if (value === undefined) return current;
  if (value === null || value === "") return null;
  if (typeof value === "string") return value;
  problems[name] = "Not a valid string.";
  return current;
}

interface Fault {
  readonly fault: FieldErrors;
}

/** Reads an entry into its stored form, or finds its fault. */
type ReadEntry<Entry> = (entry: Body) => Entry | Fault;

function list<Entry extends object>(
  name: string,
  body: Body,
  current: readonly Entry[],
  problems: Problems,
  read: ReadEntry<Entry>,
): readonly Entry[] {
  const given = body[name];
  if (given === undefined) return current;
  if (!Array.isArray(given)) {
    problems[name] = "Not a list.";
    return current;
  }
  const entries: Entry[] = [];
  const faults: Record<string, FieldErrors[string]> = {};
  for (const [index, item] of (given as unknown[]).entries()) {
    const entry = read((typeof item === "object" && item !== null ? item : {}) as Body);
    if ("fault" in entry) faults[index] = nested(entry.fault);
    else entries.push(entry);
  }
  if (Object.keys(faults).length > 0) problems[name] = nested(faults);
  return entries;
}

function typeOf({ type }: Body): string {
  return typeof type === "string" && type !== "" ? type : DEFAULT_TYPE;
}

function emailOf(entry: Body): EmailEntry | Fault {
  const email = textOf(entry["email"] ?? "").trim();
  return /^[^\s@]+@[^\s@]+$/.test(email)
    ? { email, type: typeOf(entry) }
    : { fault: { email: "Invalid email address." } };
}

function phoneOf(entry: Body): PhoneEntry | Fault {
  const phone = textOf(entry["phone"] ?? "");
  return /\d/.test(phone)
    ? { phone: phoneAsKept(phone), type: typeOf(entry) }
    : { fault: { phone: "Invalid phone number." } };
}

function urlOf(entry: Body): UrlEntry | Fault {
  const url = textOf(entry["url"] ?? "").trim();
  return url === "" ? { fault: { url: "This field is required." } } : { url, type: textOf(entry["type"] ?? "url") };
}
