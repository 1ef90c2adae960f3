import { FieldProblem, type FieldMap, type Filters, type NativeRecord } from "../../contract/field-map.js";
import type { CompanyInput } from "../../contract/input.js";
import { joinName } from "../../mapping/name-fields.js";
import { customFieldRule } from "./definitions.js";
import { dialect, kit, PROVIDER_NAME } from "./dialect.js";
import { addresses } from "./location.js";
import { nameInput, namePart } from "./names.js";
import { isId } from "./api.js";

const EMAILS = { native: "email_addresses", value: "email_address" };
const PHONES = { native: "phone_numbers", value: "phone_number" };
const INTERACTIONS = ["last_email_interaction", "last_calendar_interaction"];

/** Source: docs.attio.com, guide "Filtering and sorting". */
const filters: Filters<"contact", NativeRecord> = {
  email: (value) => ({ email_addresses: { email_address: { $eq: value.trim().toLowerCase() } } }),
  phone: (value) => ({ phone_numbers: { phone_number: { $eq: value.replace(/[\s()./-]/g, "") } } }),
  name: (value) => ({ name: { full_name: { $contains: value } } }),
  search: ($contains) => ({
    $or: [
      { name: { full_name: { $contains } } },
      { email_addresses: { email_address: { $contains } } },
      { job_title: { $contains } },
    ],
  }),
  createdSince: (value) => ({ created_at: { $gte: value.toISOString() } }),
  createdUntil: (value) => ({ created_at: { $lt: value.toISOString() } }),
};

/** Source: docs.attio.com, standard objects, "People". */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "people",
  identity: ["$id"],
  fields: {
    firstName: { reads: ["name"], read: (record) => namePart(record, "first_name") },
    lastName: { reads: ["name"], read: (record) => namePart(record, "last_name") },
    fullName: {
      reads: ["name", EMAILS.native],
      read(record) {
        const joined = joinName(namePart(record, "first_name"), namePart(record, "last_name"));
        return namePart(record, "full_name") ?? joined ?? dialect.readText(record[EMAILS.native]) ?? "";
      },
    },
    title: kit.text("job_title"),
    emails: kit.emailList(EMAILS),
    phones: {
      ...kit.phoneList(PHONES),
      write: kit.phoneList({ ...PHONES, value: "original_phone_number" }).write!,
      note: "In international form (E.164), whatever form they were written in.",
    },
    addresses,
    company: {
      ...kit.companyById("company", "$companies"),
      write: { native: ["company"], toNative: companyOf },
    },
    description: kit.text("description"),
    createdAt: kit.readOnlyDateTime("created_at"),
    lastActivityAt: {
      reads: INTERACTIONS,
      read: (record) =>
        INTERACTIONS.flatMap((slug) => dialect.readDateTime(record[slug]) ?? [])
          .sort()
          .at(-1) ?? null,
      note: "The last e-mail or calendar interaction that Attio has synchronised.",
    },
    url: kit.readOnlyText("$url"),
  },
  composites: [nameInput],
  required: [["firstName", "lastName", "fullName", "emails"]],
  filters,
  orders: { CREATED_AT: "created_at", NAME: "name" },
  custom: customFieldRule,
};

function companyOf(value: CompanyInput | null): NativeRecord {
  if (!value?.id && !value?.name) return { company: [] };
  if (isId(value.id ?? "")) return { company: [{ target_object: "companies", target_record_id: value.id }] };
  throw new FieldProblem(`${PROVIDER_NAME} links a company record by its id.`, "id");
}
