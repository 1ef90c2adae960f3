import type { Provider } from "../../contract/contract.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { BURST_WINDOW_MS, countRecords, rateLimit } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { COMPANY_NAME, companyNamePart } from "./company.js";
import { contactMap } from "./contact-map.js";
import { cost } from "./cost.js";
import { PROVIDER_NAME } from "./dialect.js";
import { edgeLoader } from "./edges.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { contactWrites, leadWrites, meetingWrites, objectAdapter } from "./records.js";

/** HubSpot CRM, in a dated version of its API. */
export const hubspot: Provider = {
  slug: "hubspot",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  limits: [
    {
      description: "Calls per app and account (Free and Starter; more in higher tiers)",
      requests: 100,
      perSeconds: 10,
    },
    { description: "Searches per account", requests: 5, perSeconds: 1 },
    { description: "Calls per account and day (Free and Starter)", requests: 250_000, perSeconds: 86_400 },
  ],
  apiVersions,
  notes,
  traits: {
    classify,
    countRecords,
    rateRules: [
      { requests: 100, perMs: BURST_WINDOW_MS },
      { lane: "search", requests: 5, perMs: 1_000 },
    ],
    rateLimit,
  },
  origin,
  authorize,
  verify,
  resources: {
    contact: objectAdapter(
      contactMap,
      { meetings: edgeLoader("contact", "meeting"), leads: edgeLoader("contact", "lead") },
      contactWrites,
      { [COMPANY_NAME]: companyNamePart },
    ),
    lead: objectAdapter(leadMap, { contact: edgeLoader("lead", "contact") }, leadWrites),
    meeting: objectAdapter(
      meetingMap,
      { contacts: edgeLoader("meeting", "contact"), leads: edgeLoader("meeting", "lead") },
      meetingWrites,
    ),
  },
  owners,
  cost,
};
