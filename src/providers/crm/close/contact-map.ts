import { FieldProblem, type FieldMap } from "../../contract/field-map.js";
import type { CompanyInput } from "../../contract/input.js";
import type { EmailType, PhoneType } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/choice-table.js";
import { base, customFieldRule, kit, leadEdge, listIn, readText, stamps } from "./dialect.js";
import { byEmails, sharedFilters, where, words, type Condition } from "./query.js";

const WORK = { office: "WORK", work: "WORK", direct: "WORK" } as const;
const EMAIL_TYPES: ChoiceTable<EmailType> = { ...WORK, home: "PERSONAL", other: "OTHER" };
const PHONE_TYPES: ChoiceTable<PhoneType> = { ...WORK, mobile: "MOBILE", home: "HOME", fax: "FAX", other: "OTHER" };

/** Fields of a contact that are also inputs of a new lead, which is created together with its first contact. */
export const personFields = {
  title: kit.text("title"),
  emails: kit.emailList({ native: "emails", value: "email", type: { member: "type", table: EMAIL_TYPES } }),
  phones: kit.phoneList({ native: "phones", value: "phone", type: { member: "type", table: PHONE_TYPES } }),
};
export const personName = kit.singleName({ native: "name", isRequired: false });

/** Contacts. Source: developer.close.com, "Contacts". */
export const contactMap: FieldMap<"contact", Condition> = {
  ...base,
  resource: "contact",
  nativeName: "contact",
  fields: {
    fullName: {
      reads: ["name", "display_name"],
      read: ({ name, display_name: shown }) => readText(name) ?? readText(shown) ?? "",
      note: "If the contact has no name, the address or number that Close shows instead.",
    },
    ...personFields,
    websites: {
      reads: ["urls"],
      read: (native) => listIn(native, "urls").flatMap(({ url }) => readText(url) ?? []),
      write: {
        native: ["urls"],
        toNative: (value: string[] | null) => ({ urls: (value ?? []).map((url) => ({ url, type: "url" })) }),
      },
    },
    company: {
      ...kit.companyById("lead_id", "$leadName"),
      write: {
        native: ["lead_id", "lead"],
        toNative(company: CompanyInput | null) {
          if (!company) return {};
          if (company.id) return { lead_id: company.id };
          throw new FieldProblem(
            "A Close contact belongs to a Close lead, which represents the company. Give the lead’s id.",
            "id",
          );
        },
      },
      note: "The Close lead that contains the contact, written by its id. Without an id, Close creates a lead for a new contact.",
    },
    ...stamps,
  },
  composites: [personName],
  required: [["fullName", "firstName", "lastName", "emails", "phones"]],
  createOnly: ["company"],
  edges: { leads: leadEdge },
  filters: {
    name: (value) => where("contact", "name", words(value)),
    ...sharedFilters("contact"),
  },
  byEmails,
  orders: { CREATED_AT: "date_created", UPDATED_AT: "date_updated" },
  custom: customFieldRule,
};
