import type { ProviderNotes } from "../../contract/contract.js";

export const notes: ProviderNotes = {
  proven: [
    "Reads, filters, orders, paging, writes, refusals and errors over `/jsonrpc`: servers of Odoo 17.0, 18.0 and 19.0, 2026-11-29.",
    "Requests, results and errors of JSON-2: calls to a server of Odoo 19.0, 2026-11-29, and odoo.com/documentation (19.0). The adapter itself ran over JSON-2 only against the sandbox, which imitates these answers.",
    "The end of JSON-RPC: odoo.com/documentation, November 2026.",
  ],
  setup: [
    "You do not have to register anything. Every end user connects with the address, database and login of their own Odoo.",
    "End users create an API key in Odoo under Preferences, Account Security, New API Key.",
    "At Odoo Online the external API needs a Custom plan.",
  ],
  quirks: [
    "The address can be below a path, such as https://acme.com/crm. crmesh leaves out the part of the path that is Odoo’s own pages.",
    "crmesh calls Odoo over JSON-2 if the server has it (since Odoo 19), else over JSON-RPC. It finds out when an end user connects, and again when the server no longer has the API of the connection, so that an upgrade or a downgrade needs no new connection. JSON-2 takes API keys only: a password works as long as the server has JSON-RPC.",
    "A contact has one name. `firstName` and `lastName` are accepted together and joined; reads return `fullName`.",
    "Leads and opportunities share a model. Lists contain leads, including lost ones. Converted leads are found by id and by the filter `status: CONVERTED`.",
    "If the database has leads switched off, which is Odoo’s default, opportunities are the leads, also in creates. None of them is converted then; the stage Won reads as the status CONVERTED.",
    "Archived contacts stay among the people of their meetings. An archived tag is not found: Odoo would link it and show it nowhere.",
    "A private meeting of another user has the title “Busy” and its times, and neither description nor people, as in Odoo’s calendar.",
    "Odoo gives a person the address of the company, and passes a written one on to the company and to all colleagues. A person whose address crmesh writes becomes a partner of the type “Other address”, which has its own. So does a person with an address who moves to another company. A new person without `addresses` has the company’s.",
    "Odoo gives a lead with a contact the contact’s e-mail address and phone number (`phone`), and writes the lead’s to the contact. crmesh refuses `emails` and `phones` that would change the contact, and a `contactId` that would replace the lead’s own. Everything else stays when the contact of a lead changes.",
    "Dates of all-day meetings are inclusive in Odoo and exclusive in crmesh.",
    "crmesh finds tags, sources, stages, countries and states by name. It refuses unknown names and never creates them.",
    "crmesh writes meetings without sending mail to their attendees, and without the organizer’s details that Odoo 19 adds to descriptions.",
    "Odoo deletes for ever.",
    "Lists continue from the id or the time of the last record, so records that are deleted or created between two pages do not shift them. The order NAME continues from a number of records, which crmesh corrects by the last 20 of them.",
    "An API key of Odoo 19 lives three months at most. When Odoo refuses it, the connection needs a new key.",
    "Custom integers have 32 bits: crmesh refuses larger ones. Custom floats are doubles, so that Odoo rounds numbers of more than 15 digits.",
    "Odoo 19 has no mobile numbers. If a database has no field `mobile`, crmesh omits it, and refuses a number for it.",
    "Odoo takes a text without http:// or https:// for a link to its own server. crmesh refuses it as `videoUrl`.",
    "The order NAME compares bytes (capitals first), as the databases do that Odoo itself creates.",
    "The database cannot store a name of some 100,000 characters or more, because it has an index: crmesh then names the input.",
  ],
  unverified: [
    "What an Odoo without JSON-RPC answers at `/jsonrpc`: crmesh takes 404, 410 or another page for an absent API.",
    "That Odoo 20 answers JSON-2 as Odoo 19 does.",
    "The wait after a 429 of Odoo Online without Retry-After: 5 s.",
    "How Odoo 18 words the refusal of missing references.",
    "Creating a lead in one of several companies with different currencies.",
  ],
};
