import type { Seed, SeedPerson } from "../../../kit/seed.js";
import type { Database } from "../database.js";
import type { Values } from "../data.js";
import { htmlOfText } from "../html.js";
import { blankValues } from "../model.js";
import { partnerModel } from "../models/partner.js";
import { ADMIN_UID, ownerUid } from "./base-data.js";

const DO_NOT_CONTACT = "Do not contact";

/** Makes the times of a record, with microseconds, which answers do not show. */
export function stamps(createdAt: number, updatedAt: number, index: number): Values {
  const fraction = 1 + ((index * 7919) % 999_999);
  return {
    create_uid: ADMIN_UID,
    create_date: createdAt * 1000 + fraction,
    write_uid: ADMIN_UID,
    write_date: updatedAt * 1000 + fraction,
  };
}

/** Makes the name of a person. Odoo stores one name and one e-mail address per person, so further ones are omitted. */
export function nameOf(person: SeedPerson): string {
  return person.fullName || person.emails[0] || "Unnamed";
}

/** The address of a person in Odoo's fields, with the ids of its country and state. */
export function addressOf(person: SeedPerson, database: Database): Values {
  const country = database.rows("res.country").find((row) => row["name"] === person.country);
  const state = database
    .rows("res.country.state")
    .find((row) => row["name"] === person.state && row["country_id"] === country?.id);
  return {
    street: person.street,
    city: person.city,
    zip: person.postalCode,
    state_id: state?.id ?? null,
    country_id: country?.id ?? null,
  };
}

/** Returns the partner id of a person of the seed. Companies have the ids before. */
export function personPartner(seed: Seed, person: number): number {
  return seed.companies.length + 1 + person;
}

/** The id of the first address. The partners of people have the lower ids. */
const FIRST_ADDRESS = 8001;

/** Companies have addresses for invoices and deliveries. They are partners, too, and most of them have no name. */
function seedAddresses(database: Database, seed: Seed, blank: Values): void {
  const created = seed.people[0]?.createdAt ?? 0;
  for (const [index, type] of ["invoice", "delivery"].entries()) {
    const values = { ...blank, type, parent_id: 1, street: "Dock 4", email: `${type}@acme.example` };
    database.insert("res.partner", { ...values, ...stamps(created, created, index) }, FIRST_ADDRESS + index);
  }
}

/** Adds the companies, and then the people, each of whom belongs to a company. */
export function seedPartners(database: Database, seed: Seed): void {
  const blank = blankValues(partnerModel);
  const companies = seed.companies.toSorted();
  const beginning = seed.people[0]?.createdAt ?? 0;
  for (const [index, name] of companies.entries()) {
    database.insert("res.partner", { ...blank, name, is_company: true, ...stamps(beginning, beginning, index) });
  }
  const tags = tagIds(database, seed);
  for (const [index, person] of seed.people.entries()) {
    const labels = [person.lifecycle, person.doNotContact ? DO_NOT_CONTACT : null];
    database.insert("res.partner", {
      ...blank,
      name: nameOf(person),
      email: person.emails[0] ?? null,
      phone: person.phone,
      mobile: person.mobile,
      function: person.title,
      ...addressOf(person, database),
      parent_id: companies.indexOf(person.company) + 1,
      website: person.website,
      comment: person.description === null ? null : htmlOfText(person.description),
      user_id: ownerUid(person.owner),
      category_id: labels.flatMap((label) => (label === null ? [] : (tags.get(label) ?? []))),
      x_crmesh_score: index % 100,
      ...stamps(person.createdAt, person.updatedAt, index),
    });
  }
  seedAddresses(database, seed, blank);
}

/** Odoo has no lifecycle stage, so the account uses tags for it. */
function tagIds(database: Database, seed: Seed): Map<string, number> {
  const labels = new Set([...seed.people.flatMap((person) => person.lifecycle ?? []), DO_NOT_CONTACT]);
  return new Map(
    [...labels].map((name) => [name, database.insert("res.partner.category", { name, color: 0, active: true }).id]),
  );
}
