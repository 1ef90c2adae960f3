import type { SeedOwner } from "../../../kit/seed.js";
import type { Database } from "../database.js";
import type { Values } from "../data.js";

/** The administrator's user id, as in every Odoo. */
export const ADMIN_UID = 2;

/** The id of the first user's partner. The partners of people have the lower ids. */
const FIRST_USER_PARTNER = 9001;
const FIRST_OWNER_UID = 6;

export const STAGES = ["New", "Qualified", "Proposition", "Won"] as const;

/** The data of a new database. */
export function seedBaseData(database: Database, created: Values): void {
  const insert = (model: string, rows: Values[]) =>
    rows.forEach((row) => database.insert(model, { ...row, ...created }));
  insert("ir.model", [
    { name: "Contact", model: "res.partner" },
    { name: "Lead/Opportunity", model: "crm.lead" },
    { name: "Calendar Event", model: "calendar.event" },
  ]);
  insert("res.currency", [
    { name: "USD", symbol: "$", full_name: "United States dollar", decimal_places: 2, active: true },
    { name: "EUR", symbol: "€", full_name: "Euro", decimal_places: 2, active: true },
    { name: "GBP", symbol: "£", full_name: "Pound sterling", decimal_places: 2, active: false },
  ]);
  insert("res.company", [{ name: "My Company", sequence: 10, active: true, currency_id: 1 }]);
  insert(
    "crm.stage",
    STAGES.map((name, sequence) => ({ name, sequence, is_won: name === "Won", fold: false })),
  );
  insert("crm.lost.reason", [
    { name: "Too expensive", active: true },
    { name: "We don't have people/skills", active: true },
    { name: "Not enough stock", active: true },
  ]);
  insert("crm.tag", [{ name: "Product" }, { name: "Services" }, { name: "Training" }]);
  insert("calendar.event.type", [{ name: "Customer Meeting" }, { name: "Internal Meeting" }]);
}

/** The user id of an owner of the seed. Null for a record without owner. */
export function ownerUid(owner: number | null): number | null {
  return owner === null ? null : FIRST_OWNER_UID + owner;
}

export function ownerPartner(owner: number): number {
  return FIRST_USER_PARTNER + 1 + owner;
}

/** The group `crm.group_use_lead`. */
export const LEADS_GROUP = "Show Lead Menu";

/** The administrator and the owners, each with the partner that every Odoo user has. */
export function seedUsers(
  database: Database,
  owners: readonly SeedOwner[],
  blankPartner: Values,
  created: Values,
): void {
  const users = [
    { uid: ADMIN_UID, name: "Administrator", login: `admin@${database.name}.example` },
    ...owners.map((owner, index) => ({
      uid: FIRST_OWNER_UID + index,
      name: owner.fullName,
      login: owner.email,
    })),
  ];
  // Odoo shows leads to members of this group only. A new database has leads switched off; this one has them on.
  database.insert("res.groups", { name: LEADS_GROUP, users: users.map(({ uid }) => uid), ...created });
  for (const [index, { uid, name, login }] of users.entries()) {
    const id = FIRST_USER_PARTNER + index;
    const partner = database.insert("res.partner", { ...blankPartner, name, email: login, tz: "UTC", ...created }, id);
    const user = { partner_id: partner.id, login, active: true, share: false, company_id: 1, tz: "UTC", ...created };
    database.insert("res.users", user, uid);
  }
}
