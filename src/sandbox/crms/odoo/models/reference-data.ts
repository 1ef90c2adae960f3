import { boolean, char, integer, many2one } from "../fields.js";
import { defineModel } from "../model.js";

/** The models that the main ones point at, and that clients mostly read. */
export const REFERENCE_MODELS = [
  defineModel({
    name: "res.country",
    description: "Country",
    order: "name",
    fields: { name: char("Country Name", { required: true }), code: char("Country Code", { required: true }) },
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
  defineModel({
    name: "res.currency",
    description: "Currency",
    order: "active desc, name",
    fields: {
      name: char("Currency", { required: true }),
      symbol: char("Symbol", { required: true }),
      full_name: char("Name"),
      decimal_places: integer("Decimal Places"),
      active: boolean("Active", { default: true }),
    },
  }),
  defineModel({
    name: "res.company",
    description: "Companies",
    order: "sequence, name",
    fields: {
      name: char("Company Name", { required: true }),
      sequence: integer("Sequence", { default: 10 }),
      active: boolean("Active", { default: true }),
      currency_id: many2one("Currency", "res.currency", { required: true, onDelete: "restrict" }),
    },
  }),
  defineModel({
    name: "res.partner.category",
    description: "Partner Tags",
    order: "name",
    fields: {
      name: char("Tag Name", { required: true }),
      color: integer("Color"),
      active: boolean("Active", { default: true }),
    },
  }),
  defineModel({
    name: "crm.stage",
    description: "CRM Stages",
    order: "sequence, name, id",
    fields: {
      name: char("Stage Name", { required: true }),
      sequence: integer("Sequence", { default: 1 }),
      is_won: boolean("Is Won Stage?"),
      fold: boolean("Folded in Pipeline"),
    },
  }),
  named("crm.tag", "CRM Tag"),
  defineModel({
    name: "crm.lost.reason",
    description: "Opp. Lost Reason",
    order: "id",
    fields: { name: char("Description", { required: true }), active: boolean("Active", { default: true }) },
  }),
  named("utm.source", "UTM Source"),
  named("calendar.event.type", "Event Meeting Type"),
  defineModel({
    name: "ir.model",
    description: "Models",
    order: "model",
    fields: { name: char("Model Description", { required: true }), model: char("Model", { required: true }) },
  }),
];

function named(name: string, description: string) {
  return defineModel({ name, description, order: "name", fields: { name: char("Name", { required: true }) } });
}
