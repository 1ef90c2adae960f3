import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import { UUID } from "../../kit/adapter-kit.js";
import type { EdgeLoader, Provider, ProviderContext } from "../../contract/contract.js";
import { ownerDirectory } from "../../kit/owner-directory.js";
import { membersOf } from "../../kit/classifier.js";
import { FieldProblem, type NativeRecord } from "../../contract/field-map.js";
import type { LeadInput } from "../../contract/input.js";
import { existingOf, resourceAdapter } from "../../kit/resource-kit.js";
import { authorize, credentialFields, origin, verify } from "./account.js";
import { checkContactSync, contactMap } from "./contact-map.js";
import { custom, ID, kit, PROVIDER_NAME } from "./dialect.js";
import { classify } from "./errors.js";
import { leadMap } from "./lead-map.js";
import { meetingMap } from "./meeting-map.js";
import { notes } from "./notes.js";
import { oauth } from "./oauth.js";
import { recordCalls } from "./records.js";
import { organizationNames, Related } from "./lookups.js";
import { get, readAll, V1, V2 } from "./api.js";

const WINDOW_MS = 2_000;
/** Calls in a window: searches, and all others of an API token on the smallest plan. */
const SEARCHES = 10;
const CALLS = 20;

/** The type that every account has from the beginning. */
const MEETING = "meeting";

const PERSONS = `${V2}/persons`;
const ACTIVITIES = `${V2}/activities`;
const LEADS = `${V1}/leads`;

const owners = ownerDirectory(async (context) =>
  (await readAll(context, `${V1}/users`)).map(({ id, name, email }) => ({
    id: String(id),
    name: kit.readText(name),
    email: kit.readText(email),
  })),
);

const people = new Related("person");
const leads = new Related("lead");

const contact = resourceAdapter({
  map: contactMap,
  calls: recordCalls<"contact">({
    resource: "contact",
    path: PERSONS,
    searchPath: `${PERSONS}/search`,
    isId: ID,
    sort: sortBy,
    body(_context, native) {
      const own = Object.entries(native).filter(([key]) => custom.isCustom(key));
      const others = Object.entries(native).filter(([key]) => !custom.isCustom(key));
      return Object.fromEntries(own.length > 0 ? [...others, ["custom_fields", Object.fromEntries(own)]] : others);
    },
  }),
  customFields: people.customFields,
  complete: people.complete,
  references: { ownerId: owners.existing },
  async prepare(context, { native }) {
    await checkContactSync(native, () => hasContactSync(context));
    const id = kit.readText(native["org_id"]);
    if (id !== null && !(await organizationNames(context, [id])).has(id)) {
      throw new FieldProblem(`${PROVIDER_NAME} has no such organization.`, "id", "company");
    }
    await people.prepare(context, native);
  },
  edges: {
    meetings: linked(ACTIVITIES, false, (context, native) => isMeeting(context, native)),
    leads: linked(LEADS, true),
  },
});

const leadCalls = recordCalls<"lead">({
  resource: "lead",
  path: LEADS,
  searchPath: `${V2}/leads/search`,
  isId: UUID,
  sort: ({ field, direction }) => ({ sort: `${field} ${direction}` }),
});

const lead = resourceAdapter({
  map: leadMap,
  calls: {
    ...leadCalls,
    create: (context, native, input) => leadCalls.create!(context, native, input).catch(missingPerson(context, input)),
    update: (context, id, native, input) =>
      leadCalls.update!(context, id, native, input).catch(missingPerson(context, input)),
  },
  customFields: leads.customFields,
  complete: leads.complete,
  references: { ownerId: owners.existing },
  prepare: (context, { native }) => leads.prepare(context, native),
});

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
        "The types of activities that are meetings, by their key strings, separated by commas; new meetings get the first",
      default: MEETING,
    },
  ],
  notes,
  traits: {
    classify,
    countRecords(body) {
      const { data } = membersOf(body);
      const items = Array.isArray(data) ? data : membersOf(data)["items"];
      return Array.isArray(items) ? items.length : data ? 1 : undefined;
    },
    rateRules: [
      { requests: CALLS, perMs: WINDOW_MS },
      { lane: "search", requests: SEARCHES, perMs: WINDOW_MS },
    ],
    rateLimit({ headers }) {
      const limit = Number(headers["x-ratelimit-limit"]);
      // Searches state a limit of their own, which is not that of other calls.
      if (!(limit > SEARCHES)) return undefined;
      const remaining = Number(headers["x-ratelimit-remaining"] ?? NaN);
      return { limit, remaining: remaining >= 0 ? remaining : null, windowMs: WINDOW_MS };
    },
  },
  origin,
  authorize,
  verify,
  resources: {
    contact,
    lead,
    meeting: resourceAdapter({
      map: meetingMap,
      calls: recordCalls<"meeting">({
        resource: "meeting",
        path: ACTIVITIES,
        isId: ID,
        sort: sortBy,
        reads: ({ fields }) => ({ include_fields: fields.includes("attendees") ? "attendees" : undefined }),
        isOne: isMeeting,
        body: (context, native, id) => (id === null ? { type: meetingTypes(context)[0], ...native } : native),
      }),
      references: { ownerId: owners.existing, contactIds: existingOf(contact), leadIds: existingOf(lead) },
    }),
  },
  owners,
};

/** Looked for after a refusal only: every lead has a person, and nearly all of them exist. */
function missingPerson(context: ProviderContext, { contactId }: LeadInput) {
  return async (error: unknown): Promise<never> => {
    const isRefusal = error instanceof CrmError && [400, 404, 422].includes(error.details.upstream?.status ?? 0);
    if (isRefusal && contactId && !(await existingOf(contact)(context, [contactId])).has(contactId)) {
      throw invalidInput({ "input.contactId": `${PROVIDER_NAME} has no such person.` });
    }
    throw error;
  };
}

function sortBy({ field, direction }: { field: string; direction: "ASC" | "DESC" }) {
  return { sort_by: field, sort_direction: direction.toLowerCase() };
}

function meetingTypes(context: ProviderContext): string[] {
  const types = context.setting("meetingTypes").split(",");
  const named = types.map((type) => type.trim()).filter((type) => type !== "");
  return named.length > 0 ? named : [MEETING];
}

/** Without a date it is a plan to meet, and nothing that has a start. */
function isMeeting(context: ProviderContext, { type, due_date: date }: NativeRecord): boolean {
  return meetingTypes(context).includes(String(type)) && kit.readText(date) !== null;
}

/** People have the fields of contact sync, empty or not, only where it is on; with nobody there, it may be. */
function hasContactSync(caller: ProviderContext): Promise<boolean> {
  return caller.memo("contactSync", async (context) => {
    const [person] = (await get(context, PERSONS, { limit: 1 })).data ?? [];
    return person === undefined || "job_title" in person;
  });
}

/** What a person is named in. Activities are found by their primary participant alone, so there may be more of them. */
function linked(
  path: string,
  complete: boolean,
  isOne: (context: ProviderContext, native: NativeRecord) => boolean = () => true,
): EdgeLoader {
  return {
    batchSize: 1,
    async load(context, nativeIds) {
      const entries = nativeIds
        .filter((id) => ID.test(id))
        .map(async (id) => {
          const natives = await readAll(context, path, { person_id: id });
          const ids = natives.filter((native) => isOne(context, native)).map((native) => String(native["id"]));
          return [id, { ids, complete }] as const;
        });
      return new Map(await Promise.all(entries));
    },
  };
}
