import type { Database } from "../database.js";
import { boolean, char, many2one, selection, type Field } from "../fields.js";
import type { Row, Stored } from "../data.js";
import { defineModel } from "../model.js";

/** A user is a partner who may log in. The user's name and address are those of the partner. */
export const userModel = defineModel({
  name: "res.users",
  description: "User",
  order: "name, login",
  searchedByName: ["name", "login"],
  fields: {
    partner_id: many2one("Related Partner", "res.partner", { required: true, onDelete: "restrict" }),
    login: char("Login", { required: true }),
    name: ofPartner("Name", "name"),
    email: ofPartner("Email", "email"),
    phone: ofPartner("Phone", "phone"),
    active: boolean("Active", { default: true }),
    share: boolean("Share User"),
    company_id: many2one("Company", "res.company", { required: true, onDelete: "restrict" }),
    tz: selection("Timezone", [["UTC", "UTC"]]),
  },
  methods: {
    context_get: {
      onRecords: false,
      parameters: [],
      run: ({ session }) => ({ lang: "en_US", tz: "UTC", uid: session.uid }),
    },
  },
  displayName: (row, database) => String(partnerOf(row, database)?.["name"] ?? row["login"]),
});

function ofPartner(label: string, name: string): Field {
  return char(label, { compute: (row, database) => partnerOf(row, database)?.[name] ?? null });
}

function partnerOf(row: Row, database: Database): Row | undefined {
  return typeof row["partner_id"] === "number" ? database.get("res.partner", row["partner_id"]) : undefined;
}

/** Returns the id of a user's partner. */
export function partnerIdOfUser(user: Stored, database: Database): number | null {
  const partner = typeof user === "number" ? database.get("res.users", user)?.["partner_id"] : null;
  return typeof partner === "number" ? partner : null;
}
