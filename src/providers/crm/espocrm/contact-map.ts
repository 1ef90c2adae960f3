import { FieldProblem, type FieldMap } from "../../contract/field-map.js";
import type { CompanyInput } from "../../contract/input.js";
import { isId } from "./api.js";
import { base, kit, linkTo, ownerInput, personFields } from "./dialect.js";
import { contains, NAME_ORDERS, personFilters } from "./query.js";

/** Source: entityDefs/Contact of espocrm/espocrm; the answers of an EspoCRM 8.4.2. */
export const contactMap: FieldMap<"contact"> = {
  ...base,
  resource: "contact",
  nativeName: "Contact",
  fields: {
    ...personFields("Contact"),
    fullName: {
      reads: ["name", "emailAddress"],
      read: ({ name, emailAddress }) => kit.readText(name) ?? kit.readText(emailAddress) ?? "",
    },
    company: {
      ...linkTo("account"),
      write: {
        native: ["accountId"],
        toNative(company: CompanyInput | null) {
          if (company?.name && !company.id)
            throw new FieldProblem(
              "EspoCRM links a contact to an account record. Give the account’s id, not its name.",
              "name",
            );
          if (company?.id && !isId(company.id)) throw new FieldProblem("EspoCRM has no account with this id.", "id");
          return { accountId: company?.id ?? null };
        },
      },
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
  orders: NAME_ORDERS,
};
