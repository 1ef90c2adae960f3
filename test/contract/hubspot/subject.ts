import { hubspot } from "../../../src/providers/crm/hubspot/index.js";
import { hubspotSandbox } from "../../../src/sandbox/crms/hubspot/index.js";
import type { ContractSubject } from "../subject.js";
import { contact } from "./contact.js";
import { lead } from "./lead.js";
import { meeting } from "./meeting.js";
import { openHubSpot } from "./native-client.js";
import { requestedProperties } from "./wire.js";

export const hubspotSubject: ContractSubject = {
  provider: hubspot,
  sandbox: hubspotSandbox,
  oauthClient: { id: "crmesh-sandbox", secret: "sandbox-secret" },
  openNative: openHubSpot,
  absentId: (_resource, index) => String(90_000_000_000 + index),
  collate: (one, other) => (one < other ? -1 : one > other ? 1 : 0),
  isEmpty: (native) => native === null || native === undefined || native === "",
  requestedFields: requestedProperties,
  isWrite: ({ method, url }) =>
    method === "PATCH" || method === "DELETE" || (method === "POST" && /^\/crm\/objects\/[\d-]+\/\w+$/.test(url)),
  wrongCredentials: () => ({ accessToken: "hs-forged-token-0123456789" }),
  faultCodes: {},
  times: {
    precisionMs: 1,
    allDay: false,
    native: (start, end) => ({
      hs_timestamp: start.toISOString(),
      hs_meeting_start_time: start.toISOString(),
      hs_meeting_end_time: end.toISOString(),
    }),
  },
  // Properties are texts in HubSpot's JSON, those of numbers, too.
  longNumbers: "SPELLED",
  resources: { contact, lead, meeting },
  laggingFilter: ({ emails }) => ({ email: (emails as { address: string }[])[0]!.address }),
};
