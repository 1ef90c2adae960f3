import type { Provider } from "../../contract/contract.js";
import { touchesPeople } from "../../kit/adapter-kit.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { countRecords, rateLimit } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { contactMap } from "./contact-map.js";
import { cost } from "./cost.js";
import { PROVIDER_NAME } from "./dialect.js";
import { contactLeads, contactMeetings } from "./edges.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { eventWrites, PEOPLE_COLUMNS, wholePeople } from "./meeting-people.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { objectAdapter } from "./records.js";

const DAY_S = 86_400;

/** Salesforce, REST API. */
export const salesforce: Provider = {
  slug: "salesforce",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  limits: [
    { description: "Calls per org and 24 hours (Developer Edition)", requests: 15_000, perSeconds: DAY_S },
    {
      description: "Calls per org and 24 hours (Enterprise and Professional; more by licence and add-on)",
      requests: 100_000,
      perSeconds: DAY_S,
    },
  ],
  apiVersions,
  notes,
  // Salesforce limits calls by the day and calls that run long, not calls by the second.
  traits: { classify, countRecords, rateRules: [], rateLimit },
  origin,
  authorize,
  verify,
  resources: {
    contact: objectAdapter(contactMap, { edges: { meetings: contactMeetings, leads: contactLeads } }),
    lead: objectAdapter(leadMap),
    meeting: objectAdapter(
      meetingMap,
      { current: (input) => (touchesPeople(input) ? PEOPLE_COLUMNS : []), lookups: [wholePeople] },
      eventWrites,
    ),
  },
  owners,
  cost,
};
