import type { Provider } from "../../contract/contract.js";
import { origin, renew, verify } from "./account.js";
import { contactMap } from "./contact-map.js";
import { PROVIDER_NAME, SLUG } from "./dialect.js";
import type { Domain } from "./query.js";
import { recordsNaming } from "./edges.js";
import { classify } from "./errors.js";
import { LEAD_MODEL, leadMap } from "./lead-map.js";
import { IS_OR_WAS_LEAD, listedLeads } from "./lead-status.js";
import { checkCurrency } from "./lead-writes.js";
import { MEETING_MODEL, meetingMap } from "./meeting-map.js";
import { replaceDocument } from "./meeting-writes.js";
import { modelAdapter } from "./records.js";
import { sourceByName, stageByName, tagsByName } from "./lookups.js";
import { loadOwners } from "./owners.js";
import { placesByName } from "./places.js";
import { attendees, tagNames } from "./meeting-people.js";
import { authorize, rpcResult } from "./api.js";

const NOT_ARCHIVED: Domain = [["active", "=", true]];

/** Odoo 17 and 18 over JSON-RPC, self-hosted or Odoo Online. */
export const odoo: Provider = {
  slug: SLUG,
  name: PROVIDER_NAME,
  authType: "API_KEY",
  credentialFields: [
    { name: "url", label: "Address", hint: "Such as https://acme.odoo.com", secret: false, required: true },
    {
      name: "database",
      label: "Database",
      hint: "At Odoo Online usually the first part of the address, such as acme",
      secret: false,
      required: true,
    },
    { name: "login", label: "Login", hint: "What you log in to Odoo with", secret: false, required: true },
    {
      name: "apiKey",
      label: "API key",
      hint: "In Odoo under Preferences, Account Security, New API Key",
      secret: true,
      required: true,
    },
  ],
  // Odoo publishes none: a server of one's own has none, and Odoo Online does not say where it throttles.
  limits: [],
  notes: {
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
  },
  traits: {
    classify,
    countRecords(body) {
      const result = rpcResult(body);
      return Array.isArray(result) ? result.length : undefined;
    },
    rateRules: [],
  },
  origin,
  authorize,
  verify,
  renew,
  resources: {
    contact: modelAdapter({
      map: contactMap,
      listed: () => [["is_company", "=", false], ...NOT_ARCHIVED],
      related: [tagNames("category_id", "res.partner.category")],
      edges: {
        meetings: recordsNaming(MEETING_MODEL, "partner_ids", NOT_ARCHIVED),
        leads: recordsNaming(LEAD_MODEL, "partner_id", IS_OR_WAS_LEAD),
      },
      steps: [placesByName, tagsByName("category_id", "res.partner.category")],
      optional: { mobile: "phones" },
    }),
    lead: modelAdapter({
      map: leadMap,
      // A lost lead is archived, yet it is a lead: one of status UNQUALIFIED.
      listed: listedLeads,
      related: [tagNames("tag_ids", "crm.tag")],
      steps: [placesByName, tagsByName("tag_ids", "crm.tag"), stageByName, sourceByName, checkCurrency],
      // Odoo would make opportunities where the database has leads switched off.
      created: { type: "lead" },
      optional: { mobile: "phones" },
    }),
    meeting: modelAdapter({
      map: meetingMap,
      listed: () => NOT_ARCHIVED,
      related: [tagNames("categ_ids", "calendar.event.type"), attendees],
      steps: [replaceDocument, tagsByName("categ_ids", "calendar.event.type")],
      optional: { opportunity_id: "leadIds", videocall_location: "videoUrl" },
      // No other CRM mails the people in a meeting that is written through its API.
      writeContext: { no_mail_to_attendees: true },
    }),
  },
  owners: { batchSize: 1_000, load: loadOwners },
};
