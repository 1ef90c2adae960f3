import { FieldProblem, type FieldMap, type Filters } from "../../contract/field-map.js";
import type { CompanyInput, EmailInput } from "../../contract/input.js";
import type { LifecycleStage } from "../../contract/model.js";
import { emailsFrom, type ChoiceTable } from "../../mapping/field-kit.js";
import {
  ADDRESS_PROPERTIES,
  addressesOf,
  createdAt,
  customFieldRule,
  kit,
  owner,
  ownerInput,
  PROVIDER_NAME,
  updatedAt,
  url,
} from "./dialect.js";
import { byAddress, equals, sharedFilters, type Condition } from "./query.js";

const LIFECYCLE_STAGES: ChoiceTable<LifecycleStage> = [
  ["SUBSCRIBER", "subscriber"],
  ["LEAD", "lead"],
  ["MARKETING_QUALIFIED", "marketingqualifiedlead"],
  ["SALES_QUALIFIED", "salesqualifiedlead"],
  ["OPPORTUNITY", "opportunity"],
  ["CUSTOMER", "customer"],
  ["EVANGELIST", "evangelist"],
  ["OTHER", "other"],
];

const MAPPED = new Set(
  "firstname lastname email phone mobilephone fax jobtitle company website address city state zip country lifecyclestage createdate lastmodifieddate".split(
    " ",
  ),
);

const filters: Filters<"contact", Condition> = {
  ...sharedFilters("createdate", "lastmodifieddate"),
  email: byAddress,
  phone: (value) => ({ anyOf: [[equals("phone", value)], [equals("mobilephone", value)]] }),
};

/** Contacts (object type 0-1). Source: developers.hubspot.com, "CRM API | Contacts". */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "contacts",
  identity: ["hs_object_id"],
  fields: {
    firstName: kit.text("firstname"),
    lastName: kit.text("lastname"),
    fullName: {
      ...kit.nameFromParts("firstname", "lastname", ["email"]),
      note: "From first and last name; the e-mail address where there is neither.",
    },
    title: kit.text("jobtitle"),
    emails: {
      reads: ADDRESS_PROPERTIES,
      read: (native) => emailsFrom(addressesOf(native)),
      write: { native: ADDRESS_PROPERTIES, toNative: writeEmails },
    },
    phones: kit.phones([
      { native: "phone", type: "WORK" },
      { native: "mobilephone", type: "MOBILE" },
      { native: "fax", type: "FAX" },
    ]),
    addresses: kit.addresses([
      { type: null, street: "address", city: "city", state: "state", postalCode: "zip", country: "country" },
    ]),
    company: {
      reads: ["company"],
      read(native) {
        const name = kit.readText(native["company"]);
        return name === null ? null : { id: null, name };
      },
      write: {
        native: ["company"],
        toNative(value: CompanyInput | null) {
          if (value?.id) throw new FieldProblem("HubSpot contacts name their company by text; give its name.", "id");
          return { company: value?.name ?? "" };
        },
      },
      note: "The contact's own text; an associated company record is not read.",
    },
    lifecycleStage: kit.choice("lifecyclestage", LIFECYCLE_STAGES, "OTHER"),
    rawLifecycleStage: kit.readOnlyText("lifecyclestage"),
    websites: kit.singleWebsite("website"),
    owner,
    createdAt,
    updatedAt,
    url,
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.choiceInput("lifecycleStage", "rawLifecycleStage", "lifecyclestage", LIFECYCLE_STAGES)],
  required: [["emails", "firstName", "lastName"]],
  filters,
  orders: { CREATED_AT: "createdate", UPDATED_AT: "lastmodifieddate", NAME: "lastname" },
  custom: customFieldRule(MAPPED),
};

/** The first address is the record's identity at HubSpot, the others hang on it; together they are one list. */
function writeEmails(value: EmailInput[] | null) {
  const [first, ...others] = kit.plainAddresses(value);
  const broken = others.findIndex((address) => address.includes(";"));
  if (broken >= 0) throw new FieldProblem("An e-mail address cannot contain a semicolon.", `${broken + 1}.address`);
  return { email: first ?? "", hs_additional_emails: others.join(";") };
}
