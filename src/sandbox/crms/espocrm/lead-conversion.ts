import type { Row } from "./database.js";
import { EspoError } from "./errors.js";
import { createRecord, updateRecord, type WriteContext } from "./writes.js";

/** Makes the contact that a call asks for of a lead, which is Converted from then on. */
export function convertLead(context: WriteContext, lead: Row, records: unknown): Row {
  const { Contact } = (records ?? {}) as { Contact?: Record<string, unknown> };
  if (!Contact) throw new EspoError(400, "Bad data.");
  const { firstName, lastName, emailAddressData, phoneNumberData, assignedUserId } = lead;
  const values = { firstName, lastName, emailAddressData, phoneNumberData, assignedUserId, ...Contact };
  const contact = createRecord(context, "Contact", values, true);
  return updateRecord(context, "Lead", lead, { status: "Converted", createdContactId: contact.id });
}
