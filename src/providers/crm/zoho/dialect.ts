import type { CustomFieldRule, FieldEntry, NativeRecord } from "../../contract/field-map.js";
import type { OwnerRef } from "../../contract/model.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { list, nullable, object, optional, record, sentId, text } from "../../../upstream/decode.js";
import { memberAt } from "../../mapping/members.js";
import { jsonDialect } from "../../mapping/json-dialect.js";

export type Module = "Contacts" | "Leads" | "Events";

export const PROVIDER_NAME = "Zoho CRM";
const dialect = jsonDialect(PROVIDER_NAME);
export const kit = fieldKit(dialect);

const lookup = optional(nullable(record({ id: optional(nullable(sentId)) })));

/** The record that a lookup field refers to; null if it is empty. @throws Mismatch */
export function linked(value: unknown): { id: string; name: string | null; email?: string | null } | null {
  const { id, name, email }: NativeRecord = lookup(value) ?? {};
  const text = dialect.readText(id);
  if (text === null) return null;
  return { id: text, name: dialect.readText(name), ...(email === undefined ? {} : { email: dialect.readText(email) }) };
}

const tags = optional(nullable(list(object({ name: text }))));

const owner: FieldEntry<OwnerRef | null> = { reads: ["Owner"], read: (native) => linked(native["Owner"]) };

/** Fields of every module. */
export const recordFields = (module: Module) => ({
  owner,
  ...kit.stamps("Created_Time", "Modified_Time"),
  description: kit.text("Description"),
  tags: {
    reads: ["Tag"],
    read: ({ Tag }: NativeRecord) => (memberAt({ Tag }, "Tag", tags) ?? []).map(({ name }) => name),
    write: kit.input<string[]>("Tag", (names) => (names ?? []).map((name) => ({ name }))),
  },
  url: kit.url("id", (id, origin) => `${pagesOf(origin)}/crm/tab/${module}/${id}`),
});

/** Fields that contacts and leads share. */
export const personFields = (module: Module) => ({
  firstName: kit.text("First_Name"),
  lastName: kit.text("Last_Name"),
  emails: kit.emailSlots(["Email", "Secondary_Email"]),
  lastActivityAt: kit.readOnlyDateTime("Last_Activity_Time"),
  ...recordFields(module),
});

/** Writes the owner of a record. */
export const ownerInput = kit.requiredOwner("Owner", (id) => ({ id }));

/** An org's own fields are named like Zoho's. Only the description of the module marks them. */
const custom: CustomFieldRule = {
  isKey: (key) => /^[A-Za-z]\w*$/.test(key),
  read: customValueReader(dialect),
  write: (value) => value,
  // Zoho refuses fractions of seconds.
  writeDateTime: (value) => `${value.toISOString().slice(0, 19)}+00:00`,
};

/** Entries of every map. */
export const base = { providerName: PROVIDER_NAME, identity: ["id"], custom };

export const STAMP_ORDERS = { CREATED_AT: "Created_Time", UPDATED_AT: "Modified_Time" };

/** Returns the address of Zoho's web pages in the data centre of an API. */
function pagesOf(origin: string): string {
  const [, domain] = /^https:\/\/www\.zohoapis\.([a-z.]+)$/.exec(origin) ?? [];
  if (domain === undefined) return origin;
  return domain === "ca" ? "https://crm.zohocloud.ca" : `https://crm.zoho.${domain}`;
}
