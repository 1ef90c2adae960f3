import type { Provider } from "../../contract/contract.js";
import { existingOf, resourceAdapter } from "../../kit/resource-kit.js";
import type { WriteAnswers } from "../../kit/resource-rules.js";
import { ownServerPace } from "../../kit/own-server-pace.js";
import { authorize, credentialFields, origin, renew, verify } from "./account.js";
import { countRecords } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { contactMap } from "./contact-map.js";
import { contactCost, cost, meetingCost } from "./cost.js";
import { columnsOf, customFieldsOf } from "./definitions.js";
import { flat, PROVIDER_NAME } from "./dialect.js";
import { meetingsOfPeople } from "./edges.js";
import { classify, rateLimit } from "./errors.js";
import { companyOf, existingCompanies } from "./lookups.js";
import { meetingMap } from "./meeting-map.js";
import { participants, withPeople } from "./meeting-people.js";
import { notes } from "./notes.js";
import { owners } from "./owners.js";
import { OMITTED, recordCalls } from "./records.js";

/** Twenty answers writes with the whole record, but never with related records. */
const answers: WriteAnswers = { holds: () => true, isWhole: true };

const contact = resourceAdapter({
  map: contactMap,
  cost: contactCost,
  calls: recordCalls({ resource: "contact", plural: "people" }),
  edges: { meetings: meetingsOfPeople },
  answers,
  customFields: customFieldsOf("person"),
  columns: columnsOf("person"),
  shape: flat,
  parts: { $company: companyOf },
  references: { company: existingCompanies },
});
/** An event without a start is no meeting. */
const meetingCalls = recordCalls({
  resource: "meeting",
  plural: "calendarEvents",
  omits: OMITTED,
  needed: "startsAt",
  related: "$participants",
});
const meeting = resourceAdapter({
  map: meetingMap,
  cost: meetingCost,
  calls: withPeople(meetingCalls),
  answers,
  customFields: customFieldsOf("calendarEvent"),
  columns: columnsOf("calendarEvent"),
  shape: flat,
  parts: { $participants: participants },
  references: { contactIds: existingOf(contact) },
  current: ({ contactIds }) => (contactIds === undefined ? [] : ["$participants"]),
});

/** A bucket of tokens. Servers of one's own set its size (`API_RATE_LIMITING_…`). */
const CALLS_PER_MINUTE = 100;
const pace = ownServerPace(CALLS_PER_MINUTE, { isBucket: true });

/** Twenty over its REST API: the cloud, and self-hosted servers. */
export const twenty: Provider = {
  slug: "twenty",
  name: PROVIDER_NAME,
  authType: "API_KEY",
  credentialFields,
  limits: [{ description: "Calls of a workspace", requests: CALLS_PER_MINUTE, perSeconds: 60 }],
  apiVersions,
  notes,
  settings: [pace.setting],
  traits: { classify, countRecords, rateRules: [], rateLimit },
  rateRules: pace.rateRules,
  origin,
  authorize,
  verify,
  renew,
  resources: { contact, meeting },
  owners,
  cost,
};
