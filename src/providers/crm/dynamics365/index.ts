import { notFound } from "../../kit/adapter-kit.js";
import type { Provider, ProviderContext } from "../../contract/contract.js";
import { authorizeWith } from "../../kit/credential-kit.js";
import type { FieldMap } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { existingOf, resourceAdapter, type PendingWrite, type ResourceRules } from "../../kit/resource-kit.js";
import { contactMap } from "./contact-map.js";
import { customFields } from "./definitions.js";
import { PROVIDER_NAME } from "./dialect.js";
import { contactLeads, contactMeetings, convertedContact } from "./edges.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { resolveNames } from "./lookups.js";
import { notes } from "./notes.js";
import { environmentOf, environmentUrl, oauth } from "./oauth.js";
import { owners } from "./owners.js";
import { writtenPeople } from "./meeting-people.js";
import { API } from "./api.js";
import { tableCalls, type TableRules } from "./records.js";

const resource = <Resource extends ResourceName>(
  map: FieldMap<Resource>,
  table: TableRules,
  more: Partial<ResourceRules<Resource, string>>,
) =>
  resourceAdapter<Resource, string>({
    map,
    calls: tableCalls(map, table),
    customFields: (context) => customFields(context, map.nativeName),
    prepare: (context, write) => resolveNames(context, map.nativeName, write),
    ...more,
  });

/** The unified model has no meeting without a start. */
const appointments: TableRules = { where: "scheduledstart ne null", open: [0, 3], born: "SCHEDULED" };

/** Who takes part is written as a whole, with those who are there already. */
async function prepareMeeting(context: ProviderContext, write: PendingWrite<"meeting">): Promise<void> {
  const { id, input, native } = write;
  await resolveNames(context, meetingMap.nativeName, write);
  if (input.contactIds === undefined && input.leadIds === undefined) return;
  const reading = { fields: ["activityid", "_regardingobjectid_value"], needs: (part: string) => part === "$parties" };
  const [current] = id === null ? [{}] : await tableCalls(meetingMap, appointments).read(context, [id], reading);
  if (!current) throw notFound("meeting");
  Object.assign(native, writtenPeople(current, input));
}

const contact = resource(contactMap, { open: [0] }, { edges: { meetings: contactMeetings, leads: contactLeads } });
const lead = resource(
  leadMap,
  { open: [0] },
  { edges: { convertedContact }, references: { contactId: existingOf(contact) } },
);
const meeting = resource(meetingMap, appointments, {
  prepare: prepareMeeting,
  references: { contactIds: existingOf(contact), leadIds: existingOf(lead) },
});

/** Microsoft Dynamics 365 Sales: the Dataverse Web API, v9.2. */
export const dynamics365: Provider = {
  slug: "dynamics365",
  name: PROVIDER_NAME,
  authType: "OAUTH2",
  oauth,
  credentialFields: [{ name: "accessToken", label: "Access token", secret: true, required: true }, environmentUrl],
  limits: [{ description: "Requests per user and web server", requests: 6_000, perSeconds: 300 }],
  settings: [
    {
      name: "duplicateDetection",
      variable: "DUPLICATE_DETECTION",
      description:
        "Whether writes are held to the environment’s rules on duplicates: `on` or `off`, as Dataverse has it.",
      default: "off",
    },
  ],
  notes,
  traits: {
    classify,
    countRecords: (body) => (body as { value?: unknown[] } | null)?.value?.length,
    rateRules: [{ requests: 6_000, perMs: 300_000 }],
  },
  origin: (credentials, override) => override ?? environmentOf(credentials),
  authorize: authorizeWith("Bearer"),
  async verify(exchange, credentials) {
    await exchange.send(this.authorize({ method: "GET", path: `${API}/WhoAmI`, safe: true }, credentials));
    return { accountName: new URL(exchange.origin).hostname, credentials };
  },
  resources: { contact, lead, meeting },
  owners,
};
