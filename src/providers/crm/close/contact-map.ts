import { FieldProblem, type FieldMap, type Filters } from "../../contract/field-map.js";
import type { CompanyInput } from "../../contract/input.js";
import type { EmailType, PhoneType } from "../../contract/model.js";
import {
  customFieldRule,
  IDENTITY,
  kit,
  leadEdge,
  listIn,
  PROVIDER_NAME,
  readText,
  stamps,
  tableOf,
} from "./dialect.js";
import { sharedFilters, where, words, type Condition } from "./query.js";

const WORK = { office: "WORK", work: "WORK", direct: "WORK" } as const;
const EMAIL_TYPES = tableOf<EmailType>({ ...WORK, home: "PERSONAL", other: "OTHER" });
const PHONE_TYPES = tableOf<PhoneType>({ ...WORK, mobile: "MOBILE", home: "HOME", fax: "FAX", other: "OTHER" });
const typed = <Table>(table: Table) => ({ member: "type", table, other: "OTHER" as const });

/** What a new lead can be given along, for its first contact. */
export const personFields = {
  title: kit.text("title"),
  emails: kit.emailList({ native: "emails", value: "email", type: typed(EMAIL_TYPES) }),
  phones: kit.phoneList({ native: "phones", value: "phone", type: typed(PHONE_TYPES) }),
};
export const personName = kit.singleName({ native: "name", isRequired: false });

const filters: Filters<"contact", Condition> = {
  name: (value) => where("contact", "name", words(value)),
  ...sharedFilters("contact"),
};

/** Contacts. Source: developer.close.com, "Contacts". */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "contact",
  identity: IDENTITY,
  fields: {
    fullName: {
      reads: ["name", "display_name"],
      read: ({ name, display_name: shown }) => readText(name) ?? readText(shown) ?? "",
      note: "Where there is no name, the address or number that Close shows instead.",
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
          throw new FieldProblem("A Close contact belongs to a lead, which stands for the company; give its id.", "id");
        },
      },
      note: "The Close lead in which the contact lives. A new contact is given one by its id; without, Close makes one.",
    },
    ...stamps,
  },
  composites: [personName],
  required: [["fullName", "firstName", "lastName", "emails", "phones"]],
  createOnly: ["company"],
  edges: { leads: leadEdge },
  filters,
  orders: { CREATED_AT: "date_created", UPDATED_AT: "date_updated" },
  custom: customFieldRule,
};
