import type { Provider } from "../../contract/contract.js";
import { credentialFields, origin, renew, verify } from "./account.js";
import { ownServerPace } from "../../kit/own-server-pace.js";
import { authorize, countRecords } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { contactMap } from "./contact-map.js";
import { cost } from "./cost.js";
import { PROVIDER_NAME, SLUG } from "./dialect.js";
import { contactLeads, contactMeetings } from "./edges.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { leadDomain, newLeadType, usesLeads } from "./lead-type.js";
import { checkCurrency, placesByName, replaceDocument, sourceByName, stageByName } from "./lookups.js";
import { meetingMap } from "./meeting-map.js";
import { attendees } from "./meeting-people.js";
import { notes } from "./notes.js";
import { owners } from "./owners.js";
import { IS_PERSON, listedLeads, NOT_ARCHIVED } from "./query.js";
import { modelAdapter } from "./records.js";
import { addressApart, detailsApart, storedAddress, storedDetails } from "./shared-values.js";

/** The server itself has no limit. A proxy before it, or a hosting company, may have one. */
const pace = ownServerPace(0);

/** Odoo over JSON-2 (since 19) or JSON-RPC, self-hosted or Odoo Online. */
export const odoo: Provider = {
  slug: SLUG,
  name: PROVIDER_NAME,
  authType: "API_KEY",
  credentialFields,
  // Odoo publishes no limits: a self-hosted server has none, and Odoo Online does not document its own.
  limits: [],
  apiVersions,
  notes,
  settings: [pace.setting],
  traits: { classify, countRecords, rateRules: [] },
  rateRules: pace.rateRules,
  origin,
  authorize,
  verify,
  renew,
  resources: {
    contact: modelAdapter({
      map: contactMap,
      listed: () => [...IS_PERSON, ...NOT_ARCHIVED],
      tags: ["category_id", "res.partner.category"],
      edges: { meetings: contactMeetings, leads: contactLeads },
      current: storedAddress,
      steps: addressApart,
      lookups: [placesByName],
      optional: { mobile: "phones" },
    }),
    lead: modelAdapter({
      map: leadMap,
      // Includes archived leads: Odoo archives a lost lead, which reads as UNQUALIFIED.
      listed: listedLeads,
      tags: ["tag_ids", "crm.tag"],
      current: (input) => [...(input.value ? ["company_currency"] : []), ...storedDetails(input)],
      lookups: [placesByName, stageByName, sourceByName, checkCurrency, detailsApart],
      adapted: leadDomain,
      related: [usesLeads],
      created: async (context) => ({ type: await newLeadType(context) }),
      optional: { mobile: "phones" },
    }),
    meeting: modelAdapter({
      map: meetingMap,
      listed: () => NOT_ARCHIVED,
      tags: ["categ_ids", "calendar.event.type"],
      related: [attendees],
      current: ({ leadIds }) => (leadIds === undefined ? [] : ["res_model"]),
      lookups: [replaceDocument],
      optional: { opportunity_id: "leadIds", videocall_location: "videoUrl" },
      // Without this, Odoo mails the attendees. No other CRM does so for a meeting that is written through its API.
      // Odoo 19 would add the organizer's name and address to the description.
      writeContext: { no_mail_to_attendees: true, skip_contact_description: true },
    }),
  },
  owners,
  cost,
};
