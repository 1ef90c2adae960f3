import type { ContactFields, EdgeName, LeadFields } from "../../../providers/contract/model.js";
import { contactService } from "../../operation/resource-service.js";
import type { Lead } from "./lead.type.js";

type PersonField = "firstName" | "lastName" | "fullName" | "title" | "companyName" | "emails" | "phones" | "addresses";

/**
 * Reads a field of the person that a lead is about, from the lead or, if the CRM stores the field there, from its contact.
 * All leads of an operation share the loader, so their contacts are read together.
 */
export async function personField<Field extends PersonField>(
  lead: Lead,
  field: Field,
): Promise<LeadFields[Field] | undefined> {
  const linked = lead.link.provider.resources.lead?.map.fields[field]?.linked;
  if (!linked) return lead.loaded.record.fields[field];
  const contact = await linkedContact(lead, linked.edge);
  const value =
    linked.field === "company" ? (contact?.company?.name ?? null) : contact?.[linked.field as keyof ContactFields];
  return value as LeadFields[Field] | undefined;
}

async function linkedContact(lead: Lead, edge: EdgeName): Promise<Partial<ContactFields> | null> {
  const [id] = (await lead.linkedIds(edge)).ids;
  return id === undefined ? null : (await contactService.load(lead.link, id)).record.fields;
}
