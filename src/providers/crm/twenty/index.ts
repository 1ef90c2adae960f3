import { membersOf } from "../../kit/classifier.js";
import type { Provider, ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type NativeRecord } from "../../contract/field-map.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { existingOf, resourceAdapter, type PendingWrite, type Reading } from "../../kit/resource-kit.js";
import { authorize, origin, renew, verify } from "./account.js";
import { idIn } from "./query.js";
import { contactMap } from "./contact-map.js";
import { customFieldsOf } from "./definitions.js";
import { CLOUD_API, flat, PROVIDER_NAME, readText } from "./dialect.js";
import { classify } from "./errors.js";
import { meetingMap } from "./meeting-map.js";
import { notes } from "./notes.js";
import { meetingsOfPeople, withParticipants, withPeople } from "./meeting-people.js";
import { allRecords, recordCalls } from "./records.js";

const contact = resourceAdapter({
  map: contactMap,
  calls: recordCalls<"contact">({ plural: "people" }),
  edges: { meetings: meetingsOfPeople },
  customFields: customFieldsOf("person"),
  complete: withCompanies,
  prepare: checkCompany,
});

const meeting = resourceAdapter({
  map: meetingMap,
  // What has no beginning is no meeting.
  calls: withPeople(recordCalls<"meeting">({ plural: "calendarEvents", needed: "startsAt", related: "$participants" })),
  customFields: customFieldsOf("calendarEvent"),
  complete: withParticipants,
  references: { contactIds: existingOf(contact) },
});

const ADDRESS = `Of your own server, such as https://crm.acme.com; empty for ${CLOUD_API}`;
const KEY = "In Twenty under Settings, APIs & Webhooks";

/** Twenty over its REST API: the cloud, and servers of one's own. */
export const twenty: Provider = {
  slug: "twenty",
  name: PROVIDER_NAME,
  authType: "API_KEY",
  credentialFields: [
    { name: "url", label: "Address", hint: ADDRESS, secret: false, required: false },
    { name: "apiKey", label: "API key", hint: KEY, secret: true, required: true },
  ],
  limits: [{ description: "Calls of a workspace", requests: 100, perSeconds: 60 }],
  notes,
  traits: {
    classify,
    countRecords(body) {
      const [records] = Object.values(membersOf(membersOf(body)["data"]));
      return Array.isArray(records) ? records.length : undefined;
    },
    rateRules: [{ requests: 100, perMs: 60_000 }],
  },
  origin,
  authorize,
  verify,
  renew,
  resources: { contact, meeting },
  owners: ownerDirectory(async (context) =>
    (await allRecords(context, "workspaceMembers")).map(flat).map((member) => ({
      id: String(member["id"]),
      name: contactMap.fields.fullName!.read(member, { origin: "", customFields: [] }) || null,
      email: readText(member["userEmail"]),
    })),
  ),
};

async function companyNames(
  context: ProviderContext,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<unknown, unknown>> {
  const filters = [idIn("id", [...ids])];
  const companies = ids.size === 0 ? [] : await allRecords(context, "companies", { filters });
  return new Map(companies.map(({ id, name }) => [id, name]));
}

async function withCompanies(context: ProviderContext, people: readonly NativeRecord[], reading: Reading) {
  const ids = reading.needs("$company") ? people.flatMap(({ companyId }) => readText(companyId) ?? []) : [];
  const names = await companyNames(context, new Set(ids));
  return people.map((person) => ({ ...flat(person), $company: names.get(person["companyId"]) }));
}

/** The database's own words on a company that does not exist are not for callers. */
async function checkCompany(context: ProviderContext, { native }: PendingWrite<"contact">): Promise<void> {
  const id = readText(native["companyId"]);
  if (id === null || (await companyNames(context, new Set([id]))).size > 0) return;
  throw new FieldProblem("Twenty has no such company.", "id", "company");
}
