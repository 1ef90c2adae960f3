import type { FieldMap } from "../../contract/field-map.js";
import type { PhoneFields } from "../../mapping/phone-field.js";
import { base, kit, linked, ownerInput, personFields, STAMP_ORDERS } from "./dialect.js";
import { byEmails, personFilters } from "./query.js";

const PHONES: PhoneFields = {
  Phone: "WORK",
  Mobile: "MOBILE",
  Home_Phone: "HOME",
  Other_Phone: "OTHER",
  Asst_Phone: "OTHER",
  Fax: "FAX",
};
const address = (kind: string) => ({
  street: `${kind}_Street`,
  city: `${kind}_City`,
  state: `${kind}_State`,
  postalCode: `${kind}_Zip`,
  country: `${kind}_Country`,
});

/** Contacts. Source: field names of Zoho's own client for version 8. */
export const contactMap: FieldMap<"contact"> = {
  ...base,
  resource: "contact",
  nativeName: "Contacts",
  fields: {
    ...personFields("Contacts"),
    fullName: kit.firstText("Full_Name"),
    title: kit.text("Title"),
    department: kit.text("Department"),
    phones: kit.phones(PHONES),
    addresses: kit.addresses([
      { type: "MAILING", ...address("Mailing") },
      { type: "OTHER", ...address("Other") },
    ]),
    company: {
      reads: ["Account_Name"],
      read: (native) => linked(native["Account_Name"]),
      write: kit.companyInput(kit.reference("Account_Name", (id) => ({ id }))),
      note: "The contact's account, written by its id.",
    },
    leadSource: kit.text("Lead_Source"),
    doNotContact: { ...kit.checkbox("Email_Opt_Out"), note: "The opt-out of e-mail." },
  },
  inputs: { ownerId: ownerInput },
  required: ["lastName"],
  filters: personFilters(Object.keys(PHONES), ["Account_Name.Account_Name", "Account_Name"]),
  byEmails,
  orders: { ...STAMP_ORDERS, NAME: "Last_Name" },
};
