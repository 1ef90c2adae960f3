import type { FieldMap } from "../../contract/field-map.js";
import type { Money } from "../../contract/model.js";
import { membersOf } from "../../kit/answer.js";
import { ofContact } from "../../mapping/field-kit.js";
import { base, custom, kit, numberOf, ownerInput, recordFields, STAMP_ORDERS, tags, url } from "./dialect.js";
import { passesOwner, passesSince, searched, type Condition } from "./query.js";

/** Leads, API v1. Only their search is in v2. Source: developers.pipedrive.com, "Leads". */
export const leadMap: FieldMap<"lead", Condition> = {
  ...base,
  resource: "lead",
  nativeName: "leads",
  fields: {
    subject: kit.text("title"),
    firstName: ofContact("firstName"),
    lastName: ofContact("lastName"),
    fullName: ofContact("fullName"),
    title: ofContact("title"),
    emails: ofContact("emails"),
    phones: ofContact("phones"),
    addresses: ofContact("addresses"),
    companyName: {
      reads: ["organization_id", "$organization"],
      read: (native) => kit.readText(native["$organization"]),
      note: "The name of the lead's own organization.",
    },
    source: kit.readOnlyText("source_name"),
    value: {
      reads: ["value"],
      read: ({ value }) => kit.readMoney(membersOf(value)["amount"], membersOf(value)["currency"]),
      write: kit.input<Money>("value", (money) => money && { amount: kit.amountOf(money), currency: money.currency }),
    },
    isConverted: { reads: [], read: () => false, note: "A converted lead is a deal, no longer a lead." },
    tags,
    ...recordFields,
    url: url("leads/inbox"),
  },
  inputs: { ownerId: ownerInput, contactId: kit.reference("person_id", numberOf) },
  required: ["subject", "contactId"],
  edges: { contact: kit.edgeById("person_id") },
  filters: {
    search: searched,
    ownerId: passesOwner,
    updatedSince: passesSince,
  },
  orders: { ...STAMP_ORDERS, NAME: "title" },
  custom,
};
