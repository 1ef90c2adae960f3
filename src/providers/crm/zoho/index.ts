import { authorizeWith, serverOrigin } from "../../kit/credential-kit.js";
import type { Provider } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { readText } from "../../mapping/json-dialect.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { existingOf, resourceAdapter } from "../../kit/resource-kit.js";
import { ask, everyPage, moduleCalls } from "./records.js";
import { contactLeads, contactMeetings } from "./edges.js";
import { contactMap } from "./contact-map.js";
import { classify } from "./errors.js";
import { customFields, PROVIDER_NAME } from "./definitions.js";
import { leadMap, orgStatus } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { withParticipants, withPeople } from "./meeting-people.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";

const DEFAULT_API = "https://www.zohoapis.com";
const DAY_S = 86_400;

const nameOf = (user: NativeRecord) => readText(user["full_name"]);
const owners = ownerDirectory(async (context) => {
  const request = { method: "GET", path: "/users" } as const;
  const found = await everyPage((page) => ask(context, { ...request, query: { type: "AllUsers", page } }));
  const everyone = found.flatMap(({ users = [] }) => users);
  return everyone.map((user) => ({ id: String(user["id"]), name: nameOf(user), email: readText(user["email"]) }));
});

const contact = resourceAdapter({
  map: contactMap,
  calls: moduleCalls<"contact">("Contacts"),
  customFields: customFields("Contacts"),
  references: { ownerId: owners.existing },
  edges: { meetings: contactMeetings, leads: contactLeads },
});
const lead = resourceAdapter({
  map: leadMap,
  calls: moduleCalls<"lead">("Leads"),
  customFields: customFields("Leads"),
  references: { ownerId: owners.existing },
  prepare: orgStatus,
});
const meeting = resourceAdapter({
  map: meetingMap,
  calls: moduleCalls<"meeting">("Events"),
  customFields: customFields("Events"),
  references: { ownerId: owners.existing, contactIds: existingOf(contact), leadIds: existingOf(lead) },
  complete: withParticipants,
  prepare: withPeople,
});

/** Zoho CRM, REST API of version 8. */
export const zoho: Provider = {
  slug: "zoho",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields: [
    { name: "accessToken", label: "Access token", secret: true, required: true },
    {
      name: "apiDomain",
      label: "API domain",
      hint: `${DEFAULT_API} where nothing is said`,
      secret: false,
      required: false,
    },
  ],
  limits: [
    { description: "API credits per org and 24 hours (Free edition)", requests: 5_000, perSeconds: DAY_S },
    {
      description: "API credits per org and 24 hours (paid editions; more by user)",
      requests: 50_000,
      perSeconds: DAY_S,
    },
  ],
  notes,
  traits: {
    classify,
    countRecords: (body) => (body as { data?: unknown[] } | null)?.data?.length,
    // Zoho limits credits by the day and calls that run at once, not calls by the second.
    rateRules: [],
  },
  origin: (credentials, override) =>
    override ?? (credentials["apiDomain"] ? serverOrigin(credentials, "apiDomain", DEFAULT_API) : DEFAULT_API),
  authorize: authorizeWith("Zoho-oauthtoken"),
  async verify(exchange, credentials) {
    const request = { method: "GET", path: "/crm/v8/users", query: { type: "CurrentUser" }, safe: true } as const;
    const { body } = await exchange.send(zoho.authorize(request, credentials));
    const [user] = (body as { users?: NativeRecord[] } | null)?.users ?? [];
    return { accountName: user ? nameOf(user) : null, credentials };
  },
  resources: { contact, lead, meeting },
  owners,
};
