import { FieldProblem, type FieldEntry, type FieldMap, type Filters } from "../../contract/field-map.js";
import type { Money } from "../../contract/model.js";
import { ofContact } from "../../mapping/field-kit.js";
import { createdAt, custom, kit, numberOf, owner, ownerInput, PROVIDER_NAME, tags, updatedAt, url } from "./dialect.js";
import { passesOwner, passesSince, searched, type Condition } from "./query.js";

const filters: Filters<"lead", Condition> = {
  search: searched,
  ownerId: passesOwner,
  updatedSince: passesSince,
};

/** Leads, API v1; their search alone is v2. Source: developers.pipedrive.com, "Leads". */
export const leadMap: FieldMap<"lead"> = {
  resource: "lead",
  providerName: PROVIDER_NAME,
  nativeName: "leads",
  identity: ["id"],
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
    value: money(),
    isConverted: { reads: [], read: () => false, note: "A converted lead is a deal, no longer a lead." },
    tags,
    owner,
    createdAt,
    updatedAt,
    url: url("leads/inbox"),
  },
  inputs: { ownerId: ownerInput, contactId: kit.input<string>("person_id", (id) => numberOf(id!)) },
  required: ["subject", "contactId"],
  edges: { contact: kit.edgeById("person_id") },
  filters,
  orders: { CREATED_AT: "add_time", UPDATED_AT: "update_time", NAME: "title" },
  custom,
};

function money(): FieldEntry<Money | null> {
  return {
    reads: ["value"],
    read(native) {
      const { amount, currency } = (native["value"] ?? {}) as Record<string, unknown>;
      const [sum, unit] = [kit.readText(amount), kit.readText(currency)];
      return sum === null || unit === null ? null : { amount: sum, currency: unit };
    },
    write: kit.input<Money>("value", (value) => {
      if (value === null) return null;
      const amount = Number(value.amount);
      // Numbers of JSON keep fifteen digits, whatever they are.
      if (!Number.isFinite(amount) || value.amount.replace(/\D/g, "").replace(/^0+/, "").length > 15) {
        throw new FieldProblem(`${PROVIDER_NAME} expects a number of at most 15 digits here.`, "amount");
      }
      return { amount, currency: value.currency };
    }),
  };
}
