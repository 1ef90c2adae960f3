import type { Provider } from "../../contract/contract.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { CALLS, countRecords, rateLimit, SEARCHES, WINDOW_MS } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { cost } from "./cost.js";
import { MEETING, PROVIDER_NAME } from "./dialect.js";
import { classify } from "./errors.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { contact, lead, meeting } from "./records.js";

/** Pipedrive, people and activities in API v2, leads in API v1. */
export const pipedrive: Provider = {
  slug: "pipedrive",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  limits: [
    { description: "Calls per user of an app (Lite; more in higher plans)", requests: 80, perSeconds: 2 },
    { description: "Calls per API token (Lite; more in higher plans)", requests: CALLS, perSeconds: 2 },
    { description: "Searches", requests: SEARCHES, perSeconds: 2 },
    {
      description: "Tokens per company and seat (Lite; more in higher plans); a call costs 1 to 40",
      requests: 30_000,
      perSeconds: 86_400,
    },
  ],
  settings: [
    {
      name: "meetingTypes",
      variable: "MEETING_TYPES",
      description:
        "The key strings of the activity types that are meetings, separated by commas. New meetings get the first type",
      default: MEETING,
    },
  ],
  apiVersions,
  notes,
  traits: {
    classify,
    countRecords,
    rateRules: [
      { requests: CALLS, perMs: WINDOW_MS },
      { lane: "search", requests: SEARCHES, perMs: WINDOW_MS },
    ],
    rateLimit,
  },
  origin,
  authorize,
  verify,
  resources: { contact, lead, meeting },
  owners,
  cost,
};
