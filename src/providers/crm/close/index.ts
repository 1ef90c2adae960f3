import type { Provider, ResourceAdapter } from "../../contract/contract.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { WriteAnswers } from "../../kit/resource-rules.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { countRecords } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { contactMap } from "./contact-map.js";
import { contactCost, cost, leadCost, meetingCost } from "./cost.js";
import { customFieldsOf } from "./definitions.js";
import { PROVIDER_NAME } from "./dialect.js";
import { contactMeetings } from "./edges.js";
import { classify, rateLimit } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { statusById } from "./lookups.js";
import { meetingMap } from "./meeting-map.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { leadNames, meetingCalls, recordCalls } from "./records.js";

/** Close answers writes with the whole record. */
const answers: WriteAnswers = { holds: () => true, isWhole: true };

const contact: ResourceAdapter<"contact"> = resourceAdapter({
  map: contactMap,
  cost: contactCost,
  calls: recordCalls("contact", /^cont_[A-Za-z0-9]{1,80}$/),
  answers,
  customFields: customFieldsOf("contact"),
  parts: { $leadName: leadNames },
  edges: { meetings: contactMeetings((...wanted) => contact.get(...wanted)) },
});
const lead = resourceAdapter({
  map: leadMap,
  cost: leadCost,
  calls: recordCalls("lead", /^lead_[A-Za-z0-9]{1,80}$/),
  answers,
  customFields: customFieldsOf("lead"),
  lookups: [statusById],
});

/** Close, REST API v1. */
export const close: Provider = {
  slug: "close",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields,
  // Close publishes no limits. Every response states the limit that applies.
  limits: [],
  apiVersions,
  notes,
  traits: { classify, countRecords, rateRules: [], rateLimit },
  origin,
  authorize,
  verify,
  resources: {
    contact,
    lead,
    meeting: resourceAdapter({ map: meetingMap, cost: meetingCost, calls: meetingCalls, answers }),
  },
  owners,
  cost,
};
