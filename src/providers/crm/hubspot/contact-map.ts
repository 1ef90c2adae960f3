import { FieldProblem, type FieldMap, type NativeRecord } from "../../contract/field-map.js";
import { phoneNotations } from "../../mapping/phone-notations.js";
import type { CompanyInput, EmailInput } from "../../contract/input.js";
import type { LifecycleStage } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/choice-table.js";
import { emailsFrom } from "../../mapping/field-kit.js";
import { BATCH_MAX } from "./api.js";
import { ADDRESS_PROPERTIES, addressesOf, base, customFieldRule, kit, ownerInput, recordFields } from "./dialect.js";
import { COMPANY_ID, COMPANY_NAME, readCompany } from "./company.js";
import { ADDRESSES_MAX, byAddress, byAddresses, isAnyOf, sharedFilters, type Condition } from "./query.js";

const LIFECYCLE_STAGES: ChoiceTable<LifecycleStage> = {
  subscriber: "SUBSCRIBER",
  lead: "LEAD",
  marketingqualifiedlead: "MARKETING_QUALIFIED",
  salesqualifiedlead: "SALES_QUALIFIED",
  opportunity: "OPPORTUNITY",
  customer: "CUSTOMER",
  evangelist: "EVANGELIST",
  other: "OTHER",
};

/** Properties that repeat what the map reads from the object itself, or that an input writes by another name. */
const ALIASES = { createdate: "createdAt", lastmodifieddate: "updatedAt", associatedcompanyid: "company" };

/** Contacts (object type 0-1). Source: developers.hubspot.com, "CRM API | Contacts". */
export const contactMap: FieldMap<"contact", Condition> = {
  ...base,
  resource: "contact",
  nativeName: "contacts",
  fields: {
    firstName: kit.text("firstname"),
    lastName: kit.text("lastname"),
    fullName: {
      ...kit.nameFromParts("firstname", "lastname", ["email"]),
      note: "First and last name, or the e-mail address if both are absent.",
    },
    title: kit.text("jobtitle"),
    emails: {
      reads: ADDRESS_PROPERTIES,
      read: (native) => emailsFrom(addressesOf(native)),
      write: { native: ADDRESS_PROPERTIES, toNative: writeEmails },
    },
    phones: kit.phones({ phone: "WORK", mobilephone: "MOBILE", fax: "FAX" }),
    addresses: kit.addresses([
      { type: null, street: "address", city: "city", state: "state", postalCode: "zip", country: "country" },
    ]),
    company: {
      reads: (selects) => ["company", COMPANY_ID, ...(selects("name") ? [COMPANY_NAME] : [])],
      read: readCompany,
      write: {
        native: ["company"],
        toNative(value: CompanyInput | null) {
          if (value?.id)
            throw new FieldProblem(
              "HubSpot stores a contact’s company as text. Give the company’s name, not its id.",
              "id",
            );
          return { company: value?.name ?? "" };
        },
      },
      note: "The primary associated company, or else the contact's own text. Only the text is written.",
    },
    lifecycleStage: kit.choice("lifecyclestage", LIFECYCLE_STAGES),
    rawLifecycleStage: kit.readOnlyText("lifecyclestage"),
    websites: kit.singleWebsite("website"),
    ...recordFields,
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.choiceInput("lifecycleStage", "rawLifecycleStage", "lifecyclestage", LIFECYCLE_STAGES)],
  required: [["emails", "firstName", "lastName"]],
  filters: {
    ...sharedFilters("createdate", "lastmodifieddate"),
    email: byAddress,
    phone: (value) => ({
      anyOf: [[isAnyOf("phone", phoneNotations(value))], [isAnyOf("mobilephone", phoneNotations(value))]],
    }),
  },
  byEmails: {
    batchSize: ADDRESSES_MAX,
    pageSize: BATCH_MAX,
    covers: ADDRESS_PROPERTIES,
    source:
      "developers.hubspot.com, “Search the CRM”: at most 5 groups of filters, one of which takes all first addresses",
    condition: byAddresses,
    addressesOf: (native) => addressesOf(native["properties"] as NativeRecord),
  },
  orders: { CREATED_AT: "createdate", UPDATED_AT: "lastmodifieddate", NAME: "lastname" },
  custom: customFieldRule(ALIASES),
};

/** Writes the first address as the contact's identity, and the others as its additional addresses. */
function writeEmails(value: EmailInput[] | null) {
  const [first, ...others] = kit.plainAddresses(value);
  const broken = others.findIndex((address) => address.includes(";"));
  if (broken >= 0) throw new FieldProblem("An e-mail address cannot contain a semicolon.", `${broken + 1}.address`);
  return { email: first ?? "", hs_additional_emails: others.join(";") };
}
