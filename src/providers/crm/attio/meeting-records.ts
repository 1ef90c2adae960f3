import { randomUUID } from "node:crypto";
import { CrmError } from "../../../errors/crm-error.js";
import { absentIfNotFound, allPages, notFound } from "../../kit/adapter-kit.js";
import { membersOf } from "../../kit/classifier.js";
import type { EdgeLoader, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { resourceAdapter, type NativeQuery, type Reading } from "../../kit/resource-kit.js";
import { flat, listOf } from "./dialect.js";
import { linkedPeople, lowered, meetingMap, type MeetingCondition } from "./meeting-map.js";
import { members } from "./owners.js";
import { byIds, idOf, isId, listIn, read, write } from "./api.js";

const PATH = "/v2/meetings";
const PAGE_MAX = 200;
const meetingId = (meeting: NativeRecord) => idOf(meeting, "meeting_id");

export const meetings = resourceAdapter<"meeting", MeetingCondition>({
  map: meetingMap,
  calls: {
    // There is no way to read several by their ids.
    batchSize: 1,
    isId,
    idOf: meetingId,
    list,
    read: async (context, ids) => (await Promise.all(ids.map((id) => readOne(context, id)))).flat(),
    create,
    update,
  },
  references: {
    contactIds: async (context, ids) =>
      new Set((await byIds(context, "people", ids.filter(isId))).map((person) => idOf(person))),
  },
  complete,
});

async function list(context: ProviderContext, { conditions, order, limit, cursor }: NativeQuery<MeetingCondition>) {
  const sort = order?.direction === "DESC" ? "start_desc" : "start_asc";
  const filters = Object.assign({}, ...conditions.map(({ query }) => query)) as Record<string, string>;
  const page = await pageOf(context, { ...filters, sort, limit: Math.min(limit, PAGE_MAX) }, cursor);
  const passes = (meeting: NativeRecord) => conditions.every((condition) => condition.passes?.(meeting) ?? true);
  return { ...page, records: page.records.filter(passes) };
}

async function pageOf(context: ProviderContext, query: Record<string, string | number>, cursor: string | null) {
  const body = await read(context, PATH, { ...query, cursor: cursor ?? undefined });
  const { next_cursor: next } = membersOf(body["pagination"]);
  return { records: listIn(body), next: typeof next === "string" ? next : null };
}

async function readOne(context: ProviderContext, id: string): Promise<NativeRecord[]> {
  const found = await absentIfNotFound(() => read(context, `${PATH}/${id}`));
  return found ? [membersOf(found["data"])] : [];
}

/**
 * The reference makes a repeated create find the first one's meeting, where Attio still takes it: documentation of
 * different ages demands it and does not know it. What is refused for it was not created, so it can be sent without.
 */
async function create(context: ProviderContext, native: NativeRecord): Promise<string> {
  const meeting = { description: "", linked_records: [], ...native, participants: [] };
  try {
    return meetingId(await write(context, "POST", PATH, { ...meeting, external_ref: randomUUID() }));
  } catch (error) {
    if (!(error instanceof CrmError) || !error.details.errors?.["external_ref"]) throw error;
    return meetingId(await write(context, "POST", PATH, meeting));
  }
}

/** Links with other objects stay: PUT would take them away. */
async function update(context: ProviderContext, id: string, { linked_records: people }: NativeRecord): Promise<void> {
  if (people === undefined) return;
  const [current] = await readOne(context, id);
  if (!current) throw notFound("meeting");
  const others = listOf(current["linked_records"]).filter(({ object_slug: slug }) => slug !== "people");
  const kept = others.map(({ object_slug: object, record_id }) => ({ object, record_id }));
  try {
    await write(context, "PUT", `${PATH}/${id}`, { linked_records: [...listOf(people), ...kept] });
  } catch (error) {
    if (!(error instanceof CrmError) || ![404, 405].includes(error.details.upstream?.status ?? 0)) throw error;
    const detail = "Attio does not let this workspace change meetings yet.";
    throw new CrmError("UNSUPPORTED_RESOURCE", { ...error.details, detail });
  }
}

/** Adds who the participants are: workspace members, and people that the meeting is linked with. */
async function complete(context: ProviderContext, records: readonly NativeRecord[], reading: Reading) {
  const $members = reading.needs("$members") ? await members(context) : [];
  const people = reading.needs("$people") ? await byIds(context, "people", records.flatMap(linkedPeople)) : [];
  const $people = new Map(
    people
      .map(flat)
      .flatMap(({ $id, email_addresses: emails }) =>
        listOf(emails).map(({ email_address: email }) => [lowered(email), $id] as const),
      ),
  );
  return records.map((meeting) => ({ ...meeting, $members, $people }));
}

/** The meetings that a person is linked with. */
export const contactMeetings: EdgeLoader = {
  batchSize: 1,
  async load(context, nativeIds) {
    const linked = async (id: string) => [id, { ids: await linkedWith(context, id), complete: true }] as const;
    return new Map(await Promise.all(nativeIds.filter(isId).map(linked)));
  },
};

async function linkedWith(context: ProviderContext, id: string): Promise<string[]> {
  const query = { linked_object: "people", linked_record_id: id, limit: PAGE_MAX };
  const linked = await absentIfNotFound(() => allPages((cursor) => pageOf(context, query, cursor)));
  return (linked ?? []).map(meetingId);
}
