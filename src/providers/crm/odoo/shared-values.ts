import type { NativeRecord } from "../../contract/field-map.js";
import type { ContactInput, LeadInput } from "../../contract/input.js";
import { withColumns } from "../../kit/columns.js";
import type { Lookup } from "../../kit/resource-rules.js";
import { searchRead } from "./api.js";
import { columnsOf } from "./definitions.js";
import { readReference, readText } from "./dialect.js";
import type { Domain } from "./query.js";

/**
 * Values that Odoo shares between records: a person's address with the company, and a lead's e-mail address and phone
 * number with its contact. A write changes only the record that it names. Recorded from Odoo 17, 18 and 19.
 */

const ADDRESS = ["street", "street2", "city", "state_id", "zip", "country_id"];

const isAddressed = (record: NativeRecord) => ADDRESS.some((name) => !isNone(record[name]));
const isNone = (value: unknown) => value === undefined || value === false || readText(value) === null;

/** Whether two values of a field are the same; a many2one is read as `[id, name]` and written as an id. */
function isSame(one: unknown, other: unknown): boolean {
  const plain = (value: unknown) => (isNone(value) ? "" : String(Array.isArray(value) ? value[0] : value));
  return plain(one) === plain(other);
}

/** Names what an update of a contact's company or address depends on. */
export const storedAddress = ({ company, addresses }: ContactInput) =>
  addresses !== undefined || company?.id ? ["parent_id", "type", ...ADDRESS] : [];

/**
 * The calls that write a contact. A partner of the type `contact` has the address of its company: Odoo replaces a written
 * one, or passes it on to the company and to all colleagues. A partner of the type `other` has its own. In a create, Odoo
 * would give the address to a company without any, so that it is written afterwards.
 */
export function addressApart(native: NativeRecord, current: NativeRecord | null): readonly NativeRecord[] {
  const company = native["parent_id"] === undefined ? readReference(current?.["parent_id"]) : native["parent_id"];
  if (current && readReference(current["parent_id"]) === String(native["parent_id"]))
    return addressApart(without(native, ["parent_id"]), current);
  if (!company || (current && current["type"] !== "contact")) return [native];
  const isWritten = ADDRESS.some((name) => name in native);
  if (!current) {
    if (!isAddressed(native)) return [withoutAddress(native)];
    const address = Object.fromEntries(ADDRESS.map((name) => [name, native[name]]));
    return [{ ...withoutAddress(native), type: "other" }, address];
  }
  const isOther = isWritten && ADDRESS.some((name) => !isSame(native[name], current[name]));
  // A company that is written takes the place of the stored address with its own.
  const isKept = !isWritten && "parent_id" in native && isAddressed(current);
  if (isOther || isKept || (isWritten && "parent_id" in native)) return [{ ...native, type: "other" }];
  const others = isWritten ? withoutAddress(native) : native;
  return Object.keys(others).length > 0 ? [others] : [];
}

const without = (native: NativeRecord, names: readonly string[]) =>
  Object.fromEntries(Object.entries(native).filter(([name]) => !names.includes(name)));
const withoutAddress = (native: NativeRecord) => without(native, ADDRESS);

/** A lead's fields with those of its contact that Odoo keeps the same. */
const CONTACT_DETAILS = [
  { input: "emails", lead: "email_from", contact: "email", what: "e-mail address" },
  { input: "phones", lead: "phone", contact: "phone", what: "phone number" },
] as const;
/** What a lead takes from its contact, unless the same call writes it. */
const TAKEN = ["contact_name", "partner_name", "function", "mobile", "website", ...ADDRESS];

/** Names what an update of a lead's contact, e-mail address or phone number depends on. */
export function storedDetails({ contactId, emails, phones }: LeadInput): readonly string[] {
  if (contactId !== undefined) return ["partner_id", ...CONTACT_DETAILS.map(({ lead }) => lead), ...TAKEN];
  return emails === undefined && phones === undefined ? [] : ["partner_id", "email_from", "phone"];
}

/** A lead keeps what the call leaves out when its contact changes, and does not change its contact. */
export const detailsApart: Lookup<"lead"> = async (context, { id, native, current, refuse }) => {
  const stored = readReference(current?.["partner_id"]);
  if (stored !== null && String(native["partner_id"]) === stored) delete native["partner_id"];
  if (!("partner_id" in native)) {
    if (current === null || stored === null) return;
    for (const { input: name, lead, what } of CONTACT_DETAILS) {
      if (!(lead in native)) continue;
      if (isSameText(native[lead], current[lead])) delete native[lead];
      else
        refuse(
          name,
          `Odoo gives a lead and its contact the same ${what}, and would change the contact’s. Update the contact instead.`,
        );
    }
    return;
  }
  const taken = native["partner_id"] === false ? TAKEN.slice(0, 2) : TAKEN;
  if (current) for (const name of taken) if (name in current) native[name] ??= written(current[name]);
  if (typeof native["partner_id"] !== "number") return;
  const fields = CONTACT_DETAILS.map(({ contact }) => contact);
  const ofContact: Domain = [["id", "=", native["partner_id"]]];
  const [contact] = await withColumns(context, "contact", columnsOf("res.partner"), (account) =>
    searchRead(context, "res.partner", ofContact, { fields: fields.filter((name) => account.has(name)) }),
  );
  if (!contact) return;
  for (const { input: name, lead, contact: field, what } of CONTACT_DETAILS) {
    if (lead in native) {
      if (!isSameText(native[lead], contact[field]))
        refuse(
          name,
          `Odoo gives a lead and its contact the same ${what}, and would change the contact’s. Omit it, or update the contact instead.`,
        );
      else if (!isNone(contact[field]) || id === null) delete native[lead];
    } else if (!isNone(current?.[lead]) && !(field in contact)) {
      refuse("contactId", `Odoo may replace the lead’s ${what} with the contact’s, which the Odoo user may not see.`);
    } else if (!isNone(current?.[lead]) && !isNone(contact[field]) && !isSameText(current![lead], contact[field])) {
      refuse(
        "contactId",
        `Odoo gives a lead and its contact the same ${what}, and would replace the lead’s. Give ${name} with the contact’s ${what}.`,
      );
    }
  }
};

const isSameText = (one: unknown, other: unknown) =>
  (readText(one) ?? "").trim().toLowerCase() === (readText(other) ?? "").trim().toLowerCase();

/** The form in which a stored value is written again. */
const written = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
