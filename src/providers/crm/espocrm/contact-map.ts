import type { FieldMap } from "../../contract/field-map.js";
import { base, kit, linkTo, ownerInput, personFields } from "./dialect.js";
import { byEmails, contains, NAME_ORDERS, personFilters } from "./query.js";

/** Sources: entityDefs/Contact of espocrm/espocrm, and responses of EspoCRM 8.4.2. */
export const contactMap: FieldMap<"contact"> = {
  ...base,
  resource: "contact",
  nativeName: "Contact",
  fields: {
    ...personFields("Contact"),
    fullName: kit.firstText("name", "emailAddress"),
    company: {
      ...linkTo("account"),
      write: kit.companyInput(kit.input("accountId")),
      note: "The contact's account, written by its id.",
    },
    doNotContact: {
      ...kit.boolean("doNotCall"),
      note: "The field doNotCall. Addresses and numbers have separate opt-outs.",
    },
  },
  inputs: { ownerId: ownerInput },
  required: ["lastName"],
  filters: { ...personFilters, search: contains("name", "emailAddress", "phoneNumber") },
  byEmails,
  orders: NAME_ORDERS,
};
