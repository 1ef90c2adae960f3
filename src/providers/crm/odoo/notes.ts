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
    "crmesh calls Odoo over JSON-2 if the server has it (since Odoo 19), else over JSON-RPC. It finds out when an end user connects, and again when the server no longer has the API of the connection, so that an upgrade or a downgrade needs no new connection. JSON-2 takes API keys only: a password works as long as the server has JSON-RPC.",
    "A contact has one name. `firstName` and `lastName` are accepted together and joined; reads return `fullName`.",
    "Leads and opportunities share a model. Lists contain leads, including lost ones. Converted leads are found by id and by the filter `status: CONVERTED`.",
    "Dates of all-day meetings are inclusive in Odoo and exclusive in crmesh.",
    "crmesh finds tags, sources, stages, countries and states by name. It refuses unknown names and never creates them.",
    "crmesh writes meetings without sending mail to their attendees.",
    "Lists continue from the id or the time of the last record, so records that are deleted or created between two pages do not shift them. The order NAME continues from a number of records, which crmesh corrects by the last 20 of them.",
    "An API key of Odoo 19 lives three months at most. When Odoo refuses it, the connection needs a new key.",
    "Custom integers have 32 bits: crmesh refuses larger ones.",
  ],
  unverified: [
    "What an Odoo without JSON-RPC answers at `/jsonrpc`: crmesh takes 404, 410 or another page for an absent API.",
    "That Odoo 20 answers JSON-2 as Odoo 19 does.",
    "That custom floats are doubles, so that Odoo rounds numbers of more than 15 digits.",
    "The wait after a 429 of Odoo Online without Retry-After: 5 s.",
    "`mobile` is gone after Odoo 18; crmesh omits it if the database does not have it.",
    "How Odoo 18 words the refusal of missing references.",
    "Creating a lead in one of several companies with different currencies.",
  ],
};
