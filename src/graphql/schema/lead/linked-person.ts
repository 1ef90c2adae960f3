import type { ContactFields, EdgeName, LeadFields } from "../../../providers/contract/model.js";
import { assertRead, fieldOf, type Loaded } from "../../operation/loaded.js";
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
  if (!linked) return fieldOf(lead.loaded, field);
  const contact = await linkedContact(lead, linked.edge);
  const value = contact && contactField(contact, linked.field as keyof ContactFields);
  return value as LeadFields[Field] | undefined;
}

/** A company stands for its name. @throws CrmError of the call that should have brought the field */
function contactField(contact: Loaded<"contact">, field: keyof ContactFields): unknown {
  if (field !== "company") return fieldOf(contact, field);
  assertRead(contact, "company.name");
  return fieldOf(contact, field)?.name ?? null;
}

/** The contact of a lead that has no addresses of its own. Null if the CRM links none. */
export async function linkedContactOf(lead: Lead): Promise<Loaded<"contact"> | null> {
  const linked = lead.link.provider.resources.lead?.map.fields.emails?.linked;
  return linked ? linkedContact(lead, linked.edge) : null;
}

async function linkedContact(lead: Lead, edge: EdgeName): Promise<Loaded<"contact"> | null> {
  const [id] = (await lead.linkedIds(edge)).ids;
  return id === undefined ? null : contactService.loadLinked(lead.link, id, (loaded) => loaded);
}
