import type { Provider } from "../../contract/contract.js";
import { touchesPeople } from "../../kit/adapter-kit.js";
import { existingOf, resourceAdapter } from "../../kit/resource-kit.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { CONCURRENCY, countRecords } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { contactMap } from "./contact-map.js";
import { contactCost, cost, leadCost, meetingCost } from "./cost.js";
import { columnsOf, customFields } from "./definitions.js";
import { PROVIDER_NAME } from "./dialect.js";
import { contactLeads, contactMeetings } from "./edges.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { orgStatus } from "./lookups.js";
import { meetingMap } from "./meeting-map.js";
import { daysInOwnZone, participants, PEOPLE, withPeople } from "./meeting-people.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { answers, moduleCalls } from "./records.js";

const contact = resourceAdapter({
  map: contactMap,
  cost: contactCost,
  calls: moduleCalls<"contact">("Contacts"),
  answers,
  customFields: customFields("Contacts"),
  columns: columnsOf("Contacts"),
  references: { ownerId: owners.existing },
  edges: { meetings: contactMeetings, leads: contactLeads },
});
const lead = resourceAdapter({
  map: leadMap,
  cost: leadCost,
  calls: moduleCalls<"lead">("Leads"),
  answers,
  customFields: customFields("Leads"),
  columns: columnsOf("Leads"),
  references: { ownerId: owners.existing },
  lookups: [orgStatus],
});
const meeting = resourceAdapter({
  map: meetingMap,
  cost: meetingCost,
  calls: moduleCalls<"meeting">("Events"),
  answers,
  customFields: customFields("Events"),
  columns: columnsOf("Events"),
  references: { ownerId: owners.existing, contactIds: existingOf(contact), leadIds: existingOf(lead) },
  parts: { Participants: participants },
  current: (input) => (touchesPeople(input) ? PEOPLE : []),
  lookups: [daysInOwnZone, withPeople],
});

/** Zoho CRM, REST API of version 8. */
export const zoho: Provider = {
  slug: "zoho",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  limits: [
    { description: "API credits per org and 24 hours (Free edition)", requests: 5_000, perSeconds: 86_400 },
    {
      description: "API credits per org and 24 hours (paid editions; more by user)",
      requests: 50_000,
      perSeconds: 86_400,
    },
  ],
  apiVersions,
  notes,
  // Zoho limits credits by the day and calls that run at once, not calls by the second.
  traits: { classify, countRecords, rateRules: [], concurrency: CONCURRENCY },
  origin,
  authorize,
  verify,
  resources: { contact, lead, meeting },
  owners,
  cost,
};
