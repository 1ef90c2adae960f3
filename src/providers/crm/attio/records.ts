import { randomUUID } from "node:crypto";
import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { anchoredPage } from "../../kit/anchored-page.js";
import { objectsIn } from "../../kit/answer.js";
import { unrepeatedPage } from "../../kit/unrepeated-page.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import { READ_TOGETHER, type CreateResult, type NativeQuery, type PendingWrite } from "../../kit/resource-rules.js";
import { getDecodedIfThere } from "../../kit/rest.js";
import { assertFilterFits, queryBytes, URL_MAX } from "../../kit/url-length.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { deleted, isId, meetingAnswer, updatedMeeting, writtenRecord } from "./answers.js";
import { byIds, idOf, IDS_MAX, meetingId, meetingPage, MEETINGS, MEETINGS_MAX, query, write } from "./api.js";
import { contactMap, nameOf, needsCurrentName } from "./contact-map.js";
import { contactCost, meetingCost } from "./cost.js";
import { customFields } from "./definitions.js";
import { dialect, flat, lowered, PROVIDER_NAME } from "./dialect.js";
import { contactMeetings } from "./edges.js";
import { linkedPeople, meetingMap } from "./meeting-map.js";
import { members } from "./owners.js";
import type { MeetingParameters } from "./query.js";

const PEOPLE = "/v2/objects/people/records";

/** The most people of one of our pages: a query answers 500, up to 20 of which the page before had. */
const PEOPLE_MAX = 480;

export const contacts = resourceAdapter<"contact", NativeRecord>({
  map: contactMap,
  cost: contactCost,
  calls: {
    batchSize: IDS_MAX,
    isId,
    idOf: ({ $id }) => String($id),
    list: listPeople,
    read: (context, ids) => byIds(context, "people", ids),
    create: (context, values) =>
      namingDuplicate(context, null, values, async () => {
        const { data: record } = await write(context, "POST", PEOPLE, { values }, writtenRecord);
        return { id: idOf(record), record };
      }),
    // PATCH would add to what an attribute of several values has; PUT replaces the named attributes, and no others.
    update: (context, id, values) =>
      namingDuplicate(
        context,
        id,
        values,
        async () => (await write(context, "PUT", `${PEOPLE}/${id}`, { values }, writtenRecord)).data,
      ),
    delete: async (context, id) => void (await write(context, "DELETE", `${PEOPLE}/${id}`, null, deleted)),
  },
  edges: { meetings: contactMeetings },
  answers: { holds: () => true, isWhole: true },
  customFields,
  shape: flat,
  parts: { $companies: companyNames },
  current: (input) => (needsCurrentName(input) ? ["name"] : []),
  lookups: [(_context, { input, native, current }) => void (current && Object.assign(native, nameOf(input, current)))],
});

/** Every listing has an order: pages of an unordered listing could overlap. The last page is shorter than its limit. */
async function listPeople(context: ProviderContext, { conditions, order, limit, cursor }: NativeQuery<NativeRecord>) {
  const direction = order?.direction === "DESC" ? "desc" : "asc";
  const isByName = order?.field === "name";
  const byName = isByName ? [{ attribute: "name", field: "full_name", direction }] : [];
  const sorts = [...byName, { attribute: "created_at", direction }];
  return anchoredPage(
    { limit: Math.min(limit, PEOPLE_MAX), cursor },
    {
      idOf: (person) => idOf(person),
      // To the millisecond. Attio stores nanoseconds.
      valueOf: ({ created_at: time }) => (isByName ? null : readDateTime(time)),
      async read({ from, offset, size }) {
        const all = [...conditions, ...(from === null ? [] : [beginning(from, direction)])];
        const filter = all.length > 0 && { filter: { $and: all } };
        const records = await query(context, "people", { ...filter, sorts, limit: size, offset });
        return { records, hasMore: records.length === size };
      },
    },
  );
}

function beginning(time: string, direction: "asc" | "desc"): NativeRecord {
  const before = new Date(Date.parse(time) + 1).toISOString();
  return { created_at: direction === "asc" ? { $gte: time } : { $lt: before } };
}

async function companyNames(context: ProviderContext, people: readonly NativeRecord[]) {
  const ids = people.flatMap(({ company }) => dialect.readText(company) ?? []);
  const companies = (await byIds(context, "companies", ids)).map(flat);
  const names = new Map(companies.map(({ $id, name }) => [$id, dialect.readText(name)]));
  return ({ company }: NativeRecord) => names.get(dialect.readText(company));
}

/**
 * Attio does not say which record has the e-mail address, so it is looked up. If the look-up fails, the refusal is
 * passed on without the id.
 */
async function namingDuplicate<Result>(
  context: ProviderContext,
  id: string | null,
  { email_addresses: emails }: NativeRecord,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof CrmError) || error.code !== "DUPLICATE_RECORD") throw error;
    const $in = objectsIn(emails).map(({ email_address: email }) => String(email).toLowerCase());
    const filter = { email_addresses: { email_address: { $in } } };
    const found = $in.length === 0 ? [] : await query(context, "people", { filter }).catch(() => []);
    const existingId = found.map((record) => idOf(record)).find((other) => other !== id);
    throw existingId === undefined ? error : error.with({ existingId });
  }
}

export const meetings = resourceAdapter<"meeting", MeetingParameters>({
  map: meetingMap,
  cost: meetingCost,
  calls: {
    // Attio reads meetings by id one at a time. What belongs to several of them is read together.
    batchSize: READ_TOGETHER,
    isId,
    idOf: meetingId,
    list: listMeetings,
    read: async (context, ids) => (await Promise.all(ids.map((id) => readMeeting(context, id)))).flat(),
    create: createMeeting,
    update: updateMeeting,
  },
  // The answer to an update is not in Attio's document.
  answers: { holds: (_name, { mode }) => mode === "create" },
  references: {
    contactIds: async (context, ids) => new Set((await byIds(context, "people", ids)).map((person) => idOf(person))),
  },
  // A PUT of the people alone would remove the links with other objects.
  current: ({ contactIds }) => (contactIds === undefined ? [] : ["linked_records"]),
  // Participants are recognised by the workspace members and by the linked people.
  parts: {
    async $members(context) {
      const all = await members(context);
      return () => all;
    },
    $people: linkedPeopleByEmail,
  },
});

async function listMeetings(
  context: ProviderContext,
  { conditions, order, limit, cursor }: NativeQuery<MeetingParameters>,
) {
  const sort = order?.direction === "DESC" ? "start_desc" : "start_asc";
  const parameters = Object.assign({}, ...conditions) as MeetingParameters;
  assertFilterFits(PROVIDER_NAME, queryBytes(parameters), URL_MAX - 1_000);
  const query = { ...parameters, sort, limit: Math.min(limit, MEETINGS_MAX) };
  return unrepeatedPage({ cursor }, meetingId, (at) => meetingPage(context, query, at));
}

async function readMeeting(context: ProviderContext, id: string): Promise<NativeRecord[]> {
  const found = await getDecodedIfThere(context, `${MEETINGS}/${id}`, {}, meetingAnswer);
  return found ? [found.data] : [];
}

/**
 * The reference makes a repeated create find the first one's meeting, where Attio still takes it: documentation of
 * different ages demands it and does not know it. What is refused for it was not created, so it can be sent without.
 */
async function createMeeting(context: ProviderContext, native: NativeRecord): Promise<CreateResult> {
  const meeting = { description: "", linked_records: [], ...native, participants: [] };
  const post = async (data: object) => {
    const { data: record } = await write(context, "POST", MEETINGS, data, meetingAnswer);
    return { id: meetingId(record), record };
  };
  try {
    return await post({ ...meeting, external_ref: randomUUID() });
  } catch (error) {
    if (!(error instanceof CrmError) || !error.details.errors?.["external_ref"]) throw error;
    return post(meeting);
  }
}

/** Replaces the linked people, and keeps the links with other objects. */
async function updateMeeting(
  context: ProviderContext,
  id: string,
  { linked_records: people }: NativeRecord,
  { current }: PendingWrite<"meeting">,
): Promise<null> {
  if (people === undefined) return null;
  const others = objectsIn(current?.["linked_records"]).filter(({ object_slug: slug }) => slug !== "people");
  const kept = others.map(({ object_slug: object, record_id }) => ({ object, record_id }));
  try {
    const links = [...objectsIn(people), ...kept];
    const { data } = await write(context, "PUT", `${MEETINGS}/${id}`, { linked_records: links }, updatedMeeting);
    assertLinked(data, objectsIn(people));
    return null;
  } catch (error) {
    if (!(error instanceof CrmError) || ![404, 405].includes(error.details.upstream?.status ?? 0)) throw error;
    const detail = "Attio does not let this workspace change meetings yet.";
    throw new CrmError("UNSUPPORTED_RESOURCE", { ...error.details, detail });
  }
}

/**
 * Attio's document does not have this call, so what it answers is compared with what was written.
 * @throws CrmError PROVIDER_ERROR with the outcome PARTIAL if the meeting has other people by then
 */
function assertLinked(meeting: NativeRecord, people: readonly NativeRecord[]): void {
  if (meeting["linked_records"] === undefined) return;
  const is = linkedPeople(meeting).sort();
  const should = people.map(({ record_id: id }) => String(id)).sort();
  if (is.length === should.length && is.every((id, index) => id === should[index])) return;
  const detail = "Attio changed the meeting, but its linked people are not those of the input. Read the meeting.";
  throw new CrmError("PROVIDER_ERROR", { detail, outcome: "PARTIAL" });
}

/** The ids of the linked people by their e-mail addresses. */
async function linkedPeopleByEmail(context: ProviderContext, meetings: readonly NativeRecord[]) {
  const people = (await byIds(context, "people", meetings.flatMap(linkedPeople))).map(flat);
  const byEmail = new Map(
    people.flatMap(({ $id, email_addresses: emails }) =>
      objectsIn(emails).map(({ email_address: email }) => [lowered(email), $id] as const),
    ),
  );
  return () => byEmail;
}
