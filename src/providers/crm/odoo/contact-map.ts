import type { FieldMap } from "../../contract/field-map.js";
import type { CompanyInput } from "../../contract/input.js";
import { customFieldRule } from "./definitions.js";
import { addresses, base, kit, ownerInput, phones, readReference, recordFields, tags } from "./dialect.js";
import { containing, emailRules, hasPhone, isAddress, ownedBy, timeFilters, type Filter } from "./query.js";

const CONTACT_MODEL = "res.partner";

/** Partners (res.partner). Source: addons/base/models/res_partner.py of odoo/odoo; recorded from Odoo 17. */
export const contactMap: FieldMap<"contact", Filter> = {
  ...base,
  resource: "contact",
  nativeName: CONTACT_MODEL,
  fields: {
    fullName: {
      ...kit.firstText("name", "email"),
      note: "Lists contain only people: no companies, and no addresses for invoices and deliveries. These can be read by id.",
    },
    title: kit.text("function"),
    emails: kit.singleEmail("email"),
    phones,
    addresses,
    company: {
      reads: ["parent_id", "company_name"],
      read(native) {
        const id = readReference(native["parent_id"]);
        const name = kit.readText(id === null ? native["company_name"] : native["parent_id"]);
        return id === null && name === null ? null : { id, name };
      },
      write: { native: ["parent_id", "company_name"], toNative: writeCompany },
      note: "The parent partner. Without a parent, the name of a company that is not a partner.",
    },
    websites: { ...kit.singleWebsite("website"), note: "Odoo adds the scheme to an address without a scheme." },
    description: kit.html("comment"),
    tags: tags("category_id"),
    ...recordFields(CONTACT_MODEL),
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.singleName({ native: "name", isRequired: true })],
  required: [["fullName", "firstName", "lastName"]],
  filters: {
    email: isAddress("email"),
    phone: hasPhone,
    name: containing("name"),
    search: containing("name", "email", "phone", "parent_id.name"),
    ownerId: ownedBy,
    ...timeFilters,
  },
  byEmails: emailRules("email"),
  orders: { CREATED_AT: "create_date", UPDATED_AT: "write_date", NAME: "name" },
  custom: customFieldRule,
};

function writeCompany(company: CompanyInput | null) {
  if (!company?.id) return { parent_id: false, company_name: company?.name || false };
  kit.assertId(company.id, "id");
  return { parent_id: Number(company.id), company_name: false };
}
