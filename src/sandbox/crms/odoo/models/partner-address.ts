import type { Database } from "../database.js";
import { char, many2one, type Field } from "../fields.js";
import type { Row, Values } from "../data.js";
import type { Session } from "../model.js";

/** The address of a partner or a lead. */
export const ADDRESS_FIELDS: Record<string, Field> = {
  street: char("Street"),
  street2: char("Street2"),
  zip: char("Zip"),
  city: char("City"),
  state_id: many2one("State", "res.country.state", { onDelete: "restrict" }),
  country_id: many2one("Country", "res.country", { onDelete: "restrict" }),
};
const NAMES = Object.keys(ADDRESS_FIELDS);

/**
 * A partner of the type `contact` has the address of its company. What Odoo 17, 18 and 19 do to keep it so, where they
 * differ the one that reaches most records: 19 also passes an address on to the company. Source: addons/base/models/
 * res_partner.py of odoo/odoo (`_fields_sync`, `_handle_first_contact_creation`); recorded from Odoo 17 and 19.
 */
export function takeCompanyAddress(changes: Values, before: Row | null, { database }: Session): void {
  const after: Values = { type: "contact", ...before, ...changes };
  const isMoved = typeof changes["parent_id"] === "number" || changes["type"] === "contact";
  const company = companyOf(after, database);
  if (!isMoved || !company || after["type"] !== "contact" || !hasAddress(company)) return;
  Object.assign(changes, addressOf(company));
}

/** Passes a new address on to the company and to everybody else there. */
export function shareAddress(row: Row, before: Row | null, session: Session): void {
  const { database } = session;
  const partners = session.model("res.partner");
  const pass = (to: readonly Row[], from: Row) => {
    const others = to.filter((one) => differs(one, from)).map(({ id }) => id);
    if (others.length > 0) session.write(partners, others, addressOf(from));
  };
  const isChanged = before === null ? hasAddress(row) : differs(row, before);
  const company = companyOf(row, database);
  const everybody = database.rows("res.partner");
  if (company) {
    const isFirst = before === null && everybody.filter((one) => one["parent_id"] === company.id).length === 1;
    const isMoved = row["parent_id"] !== before?.["parent_id"];
    if (isFirst && hasAddress(row) && !hasAddress(company)) pass([company], row);
    else if (row["type"] === "contact" && (isChanged || isMoved)) pass([company], row);
  }
  if (!isChanged) return;
  const people = everybody.filter((one) => one["parent_id"] === row.id && one["type"] === "contact");
  pass(
    people.filter((one) => one["is_company"] !== true),
    row,
  );
}

const companyOf = (row: Values, database: Database) =>
  typeof row["parent_id"] === "number" ? database.get("res.partner", row["parent_id"]) : undefined;
const hasAddress = (row: Values) => NAMES.some((name) => (row[name] ?? null) !== null);
const differs = (one: Values, other: Values) => NAMES.some((name) => (one[name] ?? null) !== (other[name] ?? null));
const addressOf = (row: Values) =>
  Object.fromEntries(NAMES.map((name) => [name, (row[name] ?? false) as string | number | false]));
