import { char, many2one, type Field } from "../fields.js";

/** The address of a partner or a lead. */
export const ADDRESS_FIELDS: Record<string, Field> = {
  street: char("Street"),
  street2: char("Street2"),
  zip: char("Zip"),
  city: char("City"),
  state_id: many2one("State", "res.country.state", { onDelete: "restrict" }),
  country_id: many2one("Country", "res.country", { onDelete: "restrict" }),
};

/** Odoo adds the scheme that a written website lacks. */
export function withScheme(website: string): string {
  return website === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(website) ? website : `http://${website}`;
}
