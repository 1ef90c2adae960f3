import type { Provider } from "../../contract/contract.js";
import { calls, existingCost, loading, NONE } from "../../kit/costs.js";
import { ownServerPace } from "../../kit/own-server-pace.js";
import { existingOf } from "../../kit/resource-kit.js";
import { authorize, credentialFields, origin, renew, verify } from "./account.js";
import { countRecords } from "./api.js";
import { apiVersions } from "./api-versions.js";
import { contactMap } from "./contact-map.js";
import { contactEdges, cost, costOf } from "./cost.js";
import { PROVIDER_NAME, SLUG } from "./dialect.js";
import { contactLeads, contactMeetings } from "./edges.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { accountOfTitle, existingAccounts, titleNeedsAccount } from "./lookups.js";
import { meetingMap } from "./meeting-map.js";
import { notes } from "./notes.js";
import { owners, self } from "./owners.js";
import { entityAdapter } from "./records.js";
import { entriesCost, keepEntries, replacedLists } from "./shared-entries.js";

const contact = entityAdapter(contactMap, {
  cost: costOf("Contact", { edges: contactEdges, references: { company: calls }, lookups: entriesCost }),
  references: { ownerId: owners.existing, company: existingAccounts },
  current: (input) => [...replacedLists(input), ...accountOfTitle(input)],
  lookups: [keepEntries, titleNeedsAccount],
  edges: { meetings: contactMeetings, leads: contactLeads },
});
const lead = entityAdapter(leadMap, {
  cost: costOf("Lead", { lookups: entriesCost }),
  references: { ownerId: owners.existing },
  current: replacedLists,
  lookups: [keepEntries],
});
const meeting = entityAdapter(meetingMap, {
  cost: costOf("Meeting", {
    references: { contactIds: existingCost(contact), leadIds: existingCost(lead) },
    lookups: ({ ownerId }, mode) => (mode === "create" && !ownerId ? loading("self") : NONE),
  }),
  references: { ownerId: owners.existing, contactIds: existingOf(contact), leadIds: existingOf(lead) },
  lookups: [
    async (context, { id, native }) => {
      if (id === null) native["assignedUserId"] ??= (await self(context)).id;
    },
  ],
});

/** The server itself has no limit. A proxy before it, or a hosting company, may have one. */
const pace = ownServerPace(0);

/** EspoCRM 8 over its REST API, on a customer's own server or in EspoCRM's cloud. */
export const espocrm: Provider = {
  slug: SLUG,
  name: PROVIDER_NAME,
  authType: "API_KEY",
  credentialFields,
  // EspoCRM itself has no rate limits.
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
  resources: { contact, lead, meeting },
  owners,
  cost,
};
