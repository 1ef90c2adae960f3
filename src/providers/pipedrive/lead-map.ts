import { FieldProblem, type FieldEntry, type FieldMap, type Filters } from "../field-map.js";
import type { Money } from "../model.js";
import * as shared from "./dialect.js";
import type { Condition } from "./dialect.js";

const { kit, PROVIDER_NAME } = shared;

/** A lead has no name, e-mail or phone of its own: they are those of its person. */
function ofPerson<Value>(field: string): FieldEntry<Value> {
  return {
    reads: [],
    read: () => {
      throw new Error(`${field} is the linked person's`);
    },
    linked: { edge: "contact", field },
  };
}

const filters: Filters<"lead", Condition> = {
  search: shared.searched,
  ownerId: shared.passesOwner,
  updatedSince: shared.passesSince,
};

/** Leads, API v1; their search alone is v2. Source: developers.pipedrive.com, "Leads". */
export const leadMap: FieldMap<"lead"> = {
  resource: "lead",
  providerName: PROVIDER_NAME,
  nativeName: "leads",
  identity: ["id"],
  fields: {
    subject: kit.text("title"),
    firstName: ofPerson("firstName"),
    lastName: ofPerson("lastName"),
    fullName: ofPerson("fullName"),
    title: ofPerson("title"),
    emails: ofPerson("emails"),
    phones: ofPerson("phones"),
    addresses: ofPerson("addresses"),
    companyName: {
      reads: ["organization_id", "$organization"],
      read: (native) => kit.readText(native["$organization"]),
      note: "The name of the lead's own organization.",
    },
    source: kit.readOnlyText("source_name"),
    value: money(),
    isConverted: { reads: [], read: () => false, note: "A converted lead is a deal, and no lead any more." },
    tags: shared.tags,
    owner: shared.owner,
    createdAt: shared.createdAt,
    updatedAt: shared.updatedAt,
    url: shared.url("leads/inbox"),
  },
  inputs: { ownerId: shared.ownerInput, contactId: kit.input<string>("person_id", (id) => shared.numberOf(id!)) },
  required: ["subject", "contactId"],
  edges: {
    contact: {
      reads: ["person_id"],
      read: ({ person_id: id }) => [kit.readText(id)].filter((one) => one !== null),
    },
  },
  filters,
  orders: { CREATED_AT: "add_time", UPDATED_AT: "update_time", NAME: "title" },
  custom: shared.custom,
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
        throw new FieldProblem(`${PROVIDER_NAME} cannot hold this sum.`, "amount");
      }
      return { amount, currency: value.currency };
    }),
  };
}
