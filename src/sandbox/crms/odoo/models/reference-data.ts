import { boolean, char, integer, many2many, many2one, type Field } from "../fields.js";
import { defineModel } from "../model.js";

/** The models that the main models refer to. Clients mostly read them. */
export const REFERENCE_MODELS = [
  reference("res.country", "Country", "name", {
    name: char("Country Name", { required: true }),
    code: char("Country Code", { required: true }),
  }),
  defineModel({
    name: "res.country.state",
    description: "Country state",
    order: "code",
    fields: {
      name: char("State Name", { required: true }),
      code: char("State Code", { required: true }),
      country_id: many2one("Country", "res.country", { required: true, onDelete: "restrict" }),
    },
    displayName(row, database) {
      const country = database.get("res.country", Number(row["country_id"]));
      return `${String(row["name"])} (${String(country?.["code"])})`;
    },
  }),
  reference("res.currency", "Currency", "active desc, name", {
    name: char("Currency", { required: true }),
    symbol: char("Symbol", { required: true }),
    full_name: char("Name"),
    decimal_places: integer("Decimal Places"),
    active: boolean("Active", { default: true }),
  }),
  reference("res.company", "Companies", "sequence, name", {
    name: char("Company Name", { required: true }),
    sequence: integer("Sequence", { default: 10 }),
    active: boolean("Active", { default: true }),
    currency_id: many2one("Currency", "res.currency", { required: true, onDelete: "restrict" }),
  }),
  reference("res.partner.category", "Partner Tags", "name", {
    name: char("Tag Name", { required: true }),
    color: integer("Color"),
    active: boolean("Active", { default: true }),
  }),
  reference("crm.stage", "CRM Stages", "sequence, name, id", {
    name: char("Stage Name", { required: true }),
    sequence: integer("Sequence", { default: 1 }),
    is_won: boolean("Is Won Stage?"),
    fold: boolean("Folded in Pipeline"),
  }),
  reference("crm.tag", "CRM Tag", "name", { name: char("Name", { required: true }) }),
  reference("crm.lost.reason", "Opp. Lost Reason", "id", {
    name: char("Description", { required: true }),
    active: boolean("Active", { default: true }),
  }),
  reference("utm.source", "UTM Source", "name", { name: char("Name", { required: true }) }),
  reference("calendar.event.type", "Event Meeting Type", "name", { name: char("Name", { required: true }) }),
  reference("res.groups", "Access Groups", "name", {
    name: char("Name", { required: true }),
    users: many2many("Users", "res.users"),
  }),
  reference("ir.model", "Models", "model", {
    name: char("Model Description", { required: true }),
    model: char("Model", { required: true }),
  }),
];

function reference(name: string, description: string, order: string, fields: Record<string, Field>) {
  return defineModel({ name, description, order, fields });
}
