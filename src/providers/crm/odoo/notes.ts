import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  setup: [
    "Nothing has to be registered: every end user connects with the address, database and login of their own Odoo.",
    "They make an API key in Odoo under Preferences, Account Security, New API Key.",
    "At Odoo Online the external API needs a Custom plan.",
  ],
  quirks: [
    "A contact has one name. `firstName` and `lastName` are accepted together and joined; reads give `fullName`.",
    "Leads and opportunities share a model: listings hold leads, lost ones included; converted ones are found by id and by the filter `status: CONVERTED`.",
    "Dates of all-day meetings are inclusive in Odoo and exclusive here.",
    "Tags, sources, stages, countries and states are looked up by name; unknown ones are refused, never created.",
    "Meetings are written without mailing their attendees.",
    "Listings with an order page by offset and can shift when records change meanwhile; those without cannot.",
    "An API key of Odoo 19 lives three months at most; when Odoo refuses it, the connection needs a new one.",
  ],
  unverified: [
    "The wait after a 429 of Odoo Online without Retry-After: 5 s.",
    "`mobile` is gone after Odoo 18; it is left out where the database lacks it.",
    "How Odoo 18 words the refusal of missing references.",
    "Creating a lead in one of several companies with different currencies.",
  ],
};
