import type { FieldMap } from "../../contract/field-map.js";
import type { LeadStatus } from "../../contract/model.js";
import { wordsFor, type ChoiceTable } from "../../mapping/choice-table.js";
import { ofContact } from "../../mapping/field-kit.js";
import { base, customFieldRule, kit, ownerInput, recordFields, STAMP_ALIASES } from "./dialect.js";
import { associationFault, inlineIds } from "./edges.js";
import { containsWords, sharedFilters, type SearchCondition, type SearchFilter } from "./query.js";

/** Stages of the default pipeline. Stages of other pipelines read as OTHER, with `rawStatus`. */
const STATUSES: ChoiceTable<LeadStatus> = {
  "new-stage-id": "NEW",
  "attempting-stage-id": "WORKING",
  "connected-stage-id": "WORKING",
  "qualified-stage-id": "QUALIFIED",
  "unqualified-stage-id": "UNQUALIFIED",
};

/** Leads (object type 0-136). Names, addresses and numbers come from the contact. Source: developers.hubspot.com, "CRM API | Leads". */
export const leadMap: FieldMap<"lead", SearchCondition> = {
  ...base,
  resource: "lead",
  nativeName: "leads",
  fields: {
    subject: kit.text("hs_lead_name"),
    firstName: ofContact("firstName"),
    lastName: ofContact("lastName"),
    fullName: ofContact("fullName"),
    title: ofContact("title"),
    emails: ofContact("emails"),
    phones: ofContact("phones"),
    addresses: ofContact("addresses"),
    companyName: ofContact("company"),
    status: kit.choice("hs_pipeline_stage", STATUSES),
    rawStatus: kit.readOnlyText("hs_pipeline_stage"),
    rating: kit.writableChoice("hs_lead_label", { HOT: "HOT", WARM: "WARM", COLD: "COLD" }),
    rawRating: kit.readOnlyText("hs_lead_label"),
    isConverted: { reads: [], read: () => false, note: "HubSpot does not convert leads." },
    ...recordFields,
  },
  // The contact is written as an association and not as a property.
  inputs: { ownerId: ownerInput, contactId: { native: [associationFault("contact")], toNative: () => ({}) } },
  composites: [kit.choiceInput("status", "rawStatus", "hs_pipeline_stage", STATUSES)],
  required: ["subject", "contactId"],
  // HubSpot deletes a lead that loses its last primary contact, so the contact of a lead cannot be changed.
  createOnly: ["contactId"],
  edges: { contact: { reads: ["$contacts"], read: (native) => inlineIds(native, "contact") } },
  filters: {
    ...sharedFilters("hs_createdate", "hs_lastmodifieddate"),
    name: (value) => ({ anyOf: containsWords("hs_lead_name", value) }),
    status: (value) => ({ anyOf: atStatus(value) }),
  },
  orders: { CREATED_AT: "hs_createdate", UPDATED_AT: "hs_lastmodifieddate", NAME: "hs_lead_name" },
  custom: customFieldRule({
    ...STAMP_ALIASES,
    hs_primary_contact_id: "contact",
    hs_associated_contact_firstname: "firstName",
    hs_associated_contact_lastname: "lastName",
    hs_associated_contact_email: "emails",
  }),
};

/** A status without a stage matches no lead. OTHER matches every stage that is not in the table. */
function atStatus(status: LeadStatus): SearchFilter[][] {
  const values = wordsFor(STATUSES, status);
  const operator = status === "OTHER" ? "NOT_IN" : "IN";
  return values.length === 0 ? [] : [[{ propertyName: "hs_pipeline_stage", operator, values }]];
}
