import type { FieldMap } from "../../contract/field-map.js";
import { kit, linked, moduleRules, personFields, STAMP_ORDERS } from "./dialect.js";
import { personFilters } from "./query.js";

const PHONES = ["Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone", "Fax"];
const address = (kind: string) => ({
  street: `${kind}_Street`,
  city: `${kind}_City`,
  state: `${kind}_State`,
  postalCode: `${kind}_Zip`,
  country: `${kind}_Country`,
});

/** Contacts. Source: field names of Zoho's own client for version 8. */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  nativeName: "Contacts",
  ...moduleRules,
  fields: {
    ...personFields("Contacts"),
    fullName: { reads: ["Full_Name"], read: (native) => kit.readText(native["Full_Name"]) ?? "" },
    title: kit.text("Title"),
    department: kit.text("Department"),
    phones: kit.phones([
      { native: "Phone", type: "WORK" },
      { native: "Mobile", type: "MOBILE" },
      { native: "Home_Phone", type: "HOME" },
      { native: "Other_Phone", type: "OTHER" },
      { native: "Asst_Phone", type: "OTHER", rawType: "Asst_Phone" },
      { native: "Fax", type: "FAX" },
    ]),
    addresses: kit.addresses([
      { type: "MAILING", ...address("Mailing") },
      { type: "OTHER", ...address("Other") },
    ]),
    company: {
      reads: ["Account_Name"],
      read: (native) => linked(native["Account_Name"]),
      write: kit.companyInput(kit.reference("Account_Name", (id) => ({ id }))),
      note: "The contact's account; written by its id.",
    },
    leadSource: kit.text("Lead_Source"),
    doNotContact: {
      ...kit.boolean("Email_Opt_Out"),
      write: kit.input<boolean>("Email_Opt_Out", (value) => value ?? false),
      note: "The opt-out of e-mail.",
    },
  },
  required: ["lastName"],
  filters: personFilters(PHONES, ["Account_Name.Account_Name", "Account_Name"]),
  orders: { ...STAMP_ORDERS, NAME: "Last_Name" },
};
