import type { Row, Values } from "../rows.js";
import type { Session } from "../model.js";
import { ADDRESS_FIELDS } from "./address.js";

const COPIED_FIELDS = [
  ["email_from", "email"],
  ["phone", "phone"],
  ["mobile", "mobile"],
  ["function", "function"],
  ["website", "website"],
] as const;

/** A lead that gets a customer takes the customer's details, except those written in the same call. */
export function copyFromPartner(changes: Values, before: Row | null, session: Session): void {
  const partnerId = changes["partner_id"];
  if (typeof partnerId !== "number" || partnerId === before?.["partner_id"]) return;
  const partner = session.database.get("res.partner", partnerId);
  if (partner === undefined) return;
  const parent = session.database.get("res.partner", Number(partner["parent_id"]));
  const name = partner["name"];
  const isCompany = partner["is_company"] === true;
  const take = (field: string, value: Values[string] | undefined) => {
    if (!(field in changes) && value !== undefined && value !== null && value !== "") changes[field] = value;
  };
  if (before === null) take("name", `${String(name)}'s opportunity`);
  take("contact_name", isCompany ? null : name);
  take("partner_name", parent?.["name"] ?? (isCompany ? name : null));
  for (const [leadField, partnerField] of COPIED_FIELDS) take(leadField, partner[partnerField]);
  // An address is taken whole or not at all.
  const address = Object.keys(ADDRESS_FIELDS);
  if (!address.some((field) => partner[field])) return;
  for (const field of address) if (!(field in changes)) changes[field] = partner[field] ?? null;
}

/** An e-mail or phone written to a lead is written to its customer too. */
export function copyToPartner(row: Row, before: Row | null, session: Session): void {
  const partner = session.database.get("res.partner", Number(row["partner_id"]));
  if (partner === undefined) return;
  for (const [leadField, partnerField] of [COPIED_FIELDS[0], COPIED_FIELDS[1]]) {
    const value = row[leadField];
    const isWritten = typeof value === "string" && value !== "" && value !== before?.[leadField];
    if (!isWritten || value === partner[partnerField]) continue;
    session.write(session.model("res.partner"), [partner.id], { [partnerField]: value });
  }
}
