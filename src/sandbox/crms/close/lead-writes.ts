import { Refusal } from "../../kit/refusal.js";
import type { CloseAccount } from "./account.js";
import { addContact, emptyLead, newContactValues, text, type Body, type LeadValues } from "./contact-writes.js";
import { writeCustomValues } from "./custom-fields.js";
import { badRequest, badRequestAsAWhole, nested, type FieldErrors } from "./errors.js";
import type { Address, LeadRow } from "./rows.js";

type Problems = Record<string, FieldErrors[string]>;

/** Creates a lead with the contacts inside it. @throws Refusal */
export function createLead(account: CloseAccount, body: Body): LeadRow {
  const problems: Problems = {};
  const values = leadValues(account, emptyLead(account), body, problems);
  const contacts = contactsIn(body, problems);
  if (Object.keys(problems).length > 0) throw badRequest(problems);
  const moment = account.moment();
  const row: LeadRow = { id: account.newId("lead"), ...values, created: moment, updated: moment };
  account.leads.set(row.id, row);
  for (const contact of contacts) addContact(account, row.id, contact);
  return row;
}

export function updateLead(account: CloseAccount, row: LeadRow, body: Body): LeadRow {
  const problems: Problems = {};
  const values = leadValues(account, row, body, problems);
  if (Object.keys(problems).length > 0) throw badRequest(problems);
  const updated = { ...row, ...values, updated: account.moment() };
  account.leads.set(row.id, updated);
  return updated;
}

function contactsIn({ contacts = [] }: Body, problems: Problems) {
  const faults: Record<string, FieldErrors[string]> = {};
  const values = (Array.isArray(contacts) ? (contacts as Body[]) : []).flatMap((contact, index) => {
    try {
      return [newContactValues(contact)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      faults[index] = error.body as FieldErrors[string];
      return [];
    }
  });
  if (Object.keys(faults).length > 0) problems["contacts"] = nested(faults);
  return values;
}

function leadValues(account: CloseAccount, current: LeadValues, body: Body, problems: Problems): LeadValues {
  return {
    name: text("name", body, current.name, problems),
    description: text("description", body, current.description, problems),
    url: text("url", body, current.url, problems),
    statusId: statusIn(account, current.statusId, body, problems),
    addresses: addressesIn(current.addresses, body, problems),
    custom: writeCustomValues("lead", current.custom, body, problems),
  };
}

/** Returns the id of the written status. A call may name a status by its id or its label, but not by both. */
function statusIn({ statuses }: CloseAccount, current: string, body: Body, problems: Problems): string {
  const { status, status_id: id } = body;
  if (status !== undefined && id !== undefined) throw badRequestAsAWhole("Use either status or status_id, not both.");
  if (status === undefined && id === undefined) return current;
  const found = statuses.find((one) => (id === undefined ? one.label === status : one.id === id));
  if (!found) problems[id === undefined ? "status" : "status_id"] = "Invalid status.";
  return found?.id ?? current;
}

function addressesIn(current: readonly Address[], { addresses }: Body, problems: Problems): readonly Address[] {
  if (addresses === undefined) return current;
  if (!Array.isArray(addresses)) {
    problems["addresses"] = "Not a list.";
    return current;
  }
  return (addresses as Body[]).map((address) => {
    const part = (name: string) => (typeof address[name] === "string" ? address[name] : "");
    return {
      label: part("label") || "business",
      address_1: part("address_1"),
      address_2: part("address_2"),
      city: part("city"),
      state: part("state"),
      zipcode: part("zipcode"),
      country: part("country"),
    };
  });
}
