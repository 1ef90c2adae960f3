import type { Provider } from "../../contract/contract.js";
import { touchesPeople } from "../../kit/adapter-kit.js";
import { existingOf } from "../../kit/resource-kit.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { countRecords } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { contactMap } from "./contact-map.js";
import { contactCost, cost, leadCost, meetingCost } from "./cost.js";
import { PROVIDER_NAME } from "./dialect.js";
import { contactLeads, contactMeetings, convertedContact } from "./edges.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { existingAccounts } from "./lookups.js";
import { meetingMap } from "./meeting-map.js";
import { PEOPLE, wholePeople } from "./meeting-people.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { appointments, tableAdapter } from "./records.js";

const contact = tableAdapter(
  contactMap,
  // A merge deactivates the contact that it merges into another. The app's pages list active contacts.
  { open: [0], listedWhere: "statecode eq 0" },
  {
    cost: contactCost,
    edges: { meetings: contactMeetings, leads: contactLeads },
    references: { company: existingAccounts },
  },
);

const lead = tableAdapter(
  leadMap,
  { open: [0], listedWhere: "merged ne true" },
  {
    cost: leadCost,
    edges: { convertedContact },
    references: { contactId: existingOf(contact) },
  },
);

const meeting = tableAdapter(meetingMap, appointments, {
  cost: meetingCost,
  current: (input) => (touchesPeople(input) ? PEOPLE : []),
  lookups: [wholePeople],
  references: { contactIds: existingOf(contact), leadIds: existingOf(lead) },
});

/** Concurrent calls per user (Dataverse, "Service protection API limits"). */
const CONCURRENCY = 52;

/** Microsoft Dynamics 365 Sales: the Dataverse Web API, v9.2. */
export const dynamics365: Provider = {
  slug: "dynamics365",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  limits: [{ description: "Requests per user and web server", requests: 6_000, perSeconds: 300 }],
  settings: [
    {
      name: "duplicateDetection",
      variable: "DUPLICATE_DETECTION",
      description:
        "Whether Dynamics checks writes by the environment’s duplicate rules: `on` or `off`, which is Dataverse’s default",
      default: "off",
    },
  ],
  apiVersions,
  notes,
  traits: { classify, countRecords, rateRules: [{ requests: 6_000, perMs: 300_000 }], concurrency: CONCURRENCY },
  origin,
  authorize,
  verify,
  resources: { contact, lead, meeting },
  owners,
  cost,
};
