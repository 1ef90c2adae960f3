import type { Database } from "../database.js";
import { boolean, char, html, many2many, many2one, one2many, selection } from "../fields.js";
import type { Row } from "../data.js";
import { CUSTOM_FIELDS, defineModel, type Session } from "../model.js";
import { RpcError, userError, validationError } from "../rpc-error.js";
import { ADDRESS_FIELDS, shareAddress, takeCompanyAddress } from "./partner-address.js";

const LANGUAGES = [
  ["en_US", "English (US)"],
  ["de_DE", "German / Deutsch"],
  ["fr_FR", "French / Français"],
] as const;
const TIME_ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => [zone, zone] as const);
const TYPES = [
  ["contact", "Contact"],
  ["invoice", "Invoice Address"],
  ["delivery", "Delivery Address"],
  ["other", "Other Address"],
] as const;

/** Odoo adds the scheme that a written website lacks. */
export function withScheme(website: string): string {
  return website === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(website) ? website : `http://${website}`;
}

/** PostgreSQL compresses a text before it puts it into an index, so that the limit depends on the text. */
const INDEXED_LENGTH_MAX = 200_000;

/** Recorded from Odoo 17. */
function refuseTooLong(name: string): void {
  if (name.length <= INDEXED_LENGTH_MAX) return;
  const message = "index row requires 12040 bytes, maximum size is 8191\n";
  throw new RpcError("psycopg2.errors.ProgramLimitExceeded", message);
}

/** A person or a company. */
export const partnerModel = defineModel({
  name: "res.partner",
  description: "Contact",
  order: "complete_name ASC, id DESC",
  searchedByName: ["complete_name", "email"],
  fields: {
    name: char("Name"),
    complete_name: char("Complete Name", { compute: completeName }),
    email: char("Email"),
    phone: char("Phone"),
    mobile: char("Mobile"),
    function: char("Job Position"),
    ...ADDRESS_FIELDS,
    parent_id: many2one("Related Company", "res.partner"),
    child_ids: one2many("Contact", "res.partner", "parent_id"),
    company_name: char("Company Name"),
    ref: char("Reference"),
    vat: char("Tax ID"),
    commercial_company_name: char("Company Name Entity", { compute: commercialCompanyName }),
    is_company: boolean("Is a Company"),
    website: char("Website Link"),
    comment: html("Notes"),
    user_id: many2one("Salesperson", "res.users"),
    category_id: many2many("Tags", "res.partner.category"),
    lang: selection("Language", LANGUAGES, { default: "en_US" }),
    tz: selection("Timezone", TIME_ZONES),
    active: boolean("Active", { default: true }),
    type: selection("Address Type", TYPES, { default: "contact" }),
    ...CUSTOM_FIELDS,
  },
  displayName: completeName,
  prepare(changes, before, session) {
    if (typeof changes["website"] === "string") changes["website"] = withScheme(changes["website"]);
    if (typeof changes["name"] === "string") refuseTooLong(changes["name"]);
    takeCompanyAddress(changes, before, session);
  },
  afterSave: shareAddress,
  check(row, session) {
    if (row["type"] === "contact" && row["name"] === null) {
      throw validationError("The operation cannot be completed: Contacts require a name");
    }
    if (isItsOwnAncestor(row, session)) {
      throw validationError("You cannot create recursive Partner hierarchies.");
    }
  },
  beforeUnlink(row, { database }) {
    const users = database.rows("res.users").filter((user) => user["partner_id"] === row.id);
    if (users.length === 0) return;
    throw userError(
      "You cannot delete contacts linked to an active user.\nYou should rather archive them after archiving their " +
        `associated user.\n\nLinked active users : ${users.map((user) => String(user["login"])).join(", ")}`,
    );
  },
});

/**
 * Builds the display name: the name of the company comes before the person's name, also in values of many2one fields.
 */
function completeName(row: Row, database: Database): string {
  const name = String(row["name"] ?? "");
  const company = commercialCompanyName(row, database) ?? parentOf(row, database)?.["name"] ?? null;
  return row["is_company"] === true || company === null ? name : `${String(company)}, ${name}`;
}

function commercialCompanyName(row: Row, database: Database): string | null {
  let entity = row;
  let parent = parentOf(row, database);
  while (entity["is_company"] !== true && parent !== undefined) {
    entity = parent;
    parent = parentOf(entity, database);
  }
  const name = entity["is_company"] === true ? entity["name"] : row["company_name"];
  return typeof name === "string" ? name : null;
}

function isItsOwnAncestor(row: Row, { database }: Session): boolean {
  const seen = new Set([row.id]);
  for (let parent = parentOf(row, database); parent !== undefined; parent = parentOf(parent, database)) {
    if (seen.has(parent.id)) return true;
    seen.add(parent.id);
  }
  return false;
}

function parentOf(row: Row, database: Database): Row | undefined {
  return typeof row["parent_id"] === "number" ? database.get("res.partner", row["parent_id"]) : undefined;
}
