import type { EdgeIds, EdgeLoader, ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { chunks } from "../../kit/adapter-kit.js";
import { edgesFrom } from "../../kit/edges.js";
import { query, queryByIds } from "./api.js";
import { AskedIds, KEY_PREFIX, OBJECTS } from "./dialect.js";
import { allOf, anyOf, equalsAny, inList, type Condition } from "./query.js";

/** Ids that fit into a filter beside the columns and the caller's other filters. */
const IDS_PER_FILTER = 150;
/** As many contacts as fit into one query by their ids. */
const EDGE_BATCH = 400;

/** The events that people take part in: as the event's Who, or by an EventRelation. */
interface Participation {
  personId: unknown;
  eventId: unknown;
}

async function participations(context: ProviderContext, personIds: readonly string[]): Promise<Participation[]> {
  const [asWho, related] = await Promise.all([
    queryByIds(context, {
      select: "SELECT Id,WhoId FROM Event",
      column: "WhoId",
      ids: personIds,
      where: OBJECTS.meeting.listed,
      resource: "queryAll",
    }),
    eventRelations(context, personIds),
  ]);
  return [...asWho.map(({ Id, WhoId }) => ({ personId: WhoId, eventId: Id })), ...related];
}

async function eventRelations(context: ProviderContext, personIds: readonly string[]): Promise<Participation[]> {
  const rows = await queryByIds(context, {
    select: "SELECT EventId,RelationId FROM EventRelation",
    column: "RelationId",
    ids: personIds,
    where: "IsDeleted = false",
    resource: "queryAll",
  });
  return rows.map(({ EventId, RelationId }) => ({ personId: RelationId, eventId: EventId }));
}

/** A contact's meetings. */
export const contactMeetings: EdgeLoader = {
  batchSize: EDGE_BATCH,
  async load(context, nativeIds) {
    const asked = new AskedIds(nativeIds, KEY_PREFIX.contact);
    if (asked.long.length === 0) return new Map();
    const found = await participations(context, asked.long);
    return edgesOf(
      asked,
      found.map(({ personId, eventId }) => [personId, eventId]),
    );
  },
};

/** The leads that a contact came from. */
export const contactLeads: EdgeLoader = {
  batchSize: EDGE_BATCH,
  async load(context, nativeIds) {
    const asked = new AskedIds(nativeIds, KEY_PREFIX.contact);
    if (asked.long.length === 0) return new Map();
    const rows = await queryByIds(context, {
      select: "SELECT Id,ConvertedContactId FROM Lead",
      column: "ConvertedContactId",
      ids: asked.long,
    });
    return edgesOf(
      asked,
      rows.map(({ Id, ConvertedContactId }) => [ConvertedContactId, Id]),
    );
  },
};

function edgesOf(asked: AskedIds, pairs: readonly (readonly [unknown, unknown])[]): ReadonlyMap<string, EdgeIds> {
  const named = pairs.flatMap(([from, to]) => asked.forms(from).map((id) => [id, String(to)] as const));
  return edgesFrom(named.sort(([, one], [, other]) => (one < other ? -1 : 1)));
}

/**
 * Events know people, not addresses, so who has the address is found first. The reference of the relations' own
 * e-mail column contradicts what it answers, and a sub-select on them cannot stand beside OR.
 */
export function withAttendee(email: string): Condition {
  return async (context) => {
    const people = (
      await Promise.all(
        ["Contact", "Lead", "User"].map((object) =>
          query(context, `SELECT Id FROM ${object}${allOf([equalsAny(["Email"], email)])}`),
        ),
      )
    ).flat();
    if (people.length === 0) return [];
    const personIds = people.map((person: NativeRecord) => String(person["Id"]));
    const eventIds = [...new Set((await eventRelations(context, personIds)).map(({ eventId }) => String(eventId)))];
    const conditions = [...inLists("WhoId", personIds), ...inLists("Id", eventIds)];
    // Few ids fit into one query. More ids take a query each, and the rows are merged.
    return personIds.length + eventIds.length <= IDS_PER_FILTER ? [anyOf(conditions)] : conditions;
  };
}

function inLists(column: string, ids: readonly string[]): string[] {
  return chunks(ids, IDS_PER_FILTER).map((chunk) => inList(column, chunk));
}
