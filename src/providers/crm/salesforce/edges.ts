import type { EdgeLoader, ProviderContext } from "../../contract/contract.js";
import { chunks } from "../../kit/adapter-kit.js";
import { edgesFrom } from "../../kit/edges.js";
import { assertFilterFits } from "../../kit/url-length.js";
import { record } from "../../../upstream/decode.js";
import { row, salesforceId } from "./answers.js";
import { query, queryByIds } from "./api.js";
import { isUnknownColumn } from "./definitions.js";
import { AskedIds, KEY_PREFIX, OBJECTS, PROVIDER_NAME } from "./dialect.js";
import { allOf, anyOf, encodedLength, equalsAny, FILTERS_MAX, inList, type Condition } from "./query.js";

/** Maximum number of ids in a filter, which leaves room for the columns and the caller's other filters. */
const IDS_PER_FILTER = 30;
/** Maximum number of contacts whose ids fit into one query. */
const EDGE_BATCH = 120;

/** Ids of a person and of a record, as Salesforce answers them. */
type Pair = readonly [person: unknown, record: unknown];

async function eventRelations(context: ProviderContext, personIds: readonly string[]): Promise<Pair[]> {
  const rows = await queryByIds(context, {
    select: "SELECT EventId,RelationId FROM EventRelation",
    row: record({ EventId: salesforceId, RelationId: salesforceId }),
    column: "RelationId",
    ids: personIds,
    where: "IsDeleted = false",
    resource: "queryAll",
  });
  return rows.map(({ EventId, RelationId }) => [RelationId, EventId]);
}

function contactEdge(load: (context: ProviderContext, contactIds: readonly string[]) => Promise<Pair[]>): EdgeLoader {
  return {
    batchSize: EDGE_BATCH,
    async load(context, nativeIds) {
      const asked = new AskedIds(nativeIds, KEY_PREFIX.contact);
      const pairs = asked.long.length === 0 ? [] : await load(context, asked.long);
      const named = pairs.flatMap(([from, to]) => asked.forms(from).map((id) => [id, String(to)] as const));
      return edgesFrom(named.sort(([, one], [, other]) => (one < other ? -1 : 1)));
    },
  };
}

/** A contact's meetings: events whose Who is the contact, and events with an EventRelation to the contact. */
export const contactMeetings = contactEdge(async (context, contactIds) => {
  const [asWho, related] = await Promise.all([
    queryByIds(context, {
      select: "SELECT Id,WhoId FROM Event",
      row: record({ Id: salesforceId, WhoId: salesforceId }),
      column: "WhoId",
      ids: contactIds,
      where: OBJECTS.meeting.listed,
      resource: "queryAll",
    }),
    eventRelations(context, contactIds),
  ]);
  return [...asWho.map(({ Id, WhoId }): Pair => [WhoId, Id]), ...related];
});

/** The leads that were converted into a contact. */
export const contactLeads = contactEdge(async (context, contactIds) => {
  const rows = await queryByIds(context, {
    select: "SELECT Id,ConvertedContactId FROM Lead",
    row: record({ Id: salesforceId, ConvertedContactId: salesforceId }),
    column: "ConvertedContactId",
    ids: contactIds,
  });
  return rows.map(({ Id, ConvertedContactId }) => [ConvertedContactId, Id]);
});

/**
 * Matches events with a person who has this address. Events refer to people and not to addresses, so crmesh finds the
 * people with the address first. It does not use the e-mail column of EventRelation, because that column behaves
 * differently from its reference, and SOQL does not allow a sub-select on EventRelations next to OR.
 */
export function withAttendee(email: string): Condition {
  const isTheirs = equalsAny(["Email"], email);
  return async (context) => {
    assertFilterFits(PROVIDER_NAME, encodedLength(isTheirs), FILTERS_MAX);
    const people = (
      await Promise.all(
        ["Contact", "Lead", "User"].map((object) =>
          query(context, `SELECT Id FROM ${object}${allOf([isTheirs])}`, row).catch((error: unknown) => {
            // Nobody can be found by an address that the connected user may not see.
            if (isUnknownColumn(error)) return [];
            throw error;
          }),
        ),
      )
    ).flat();
    if (people.length === 0) return [];
    const personIds = people.map(({ Id }) => String(Id));
    const eventIds = [...new Set((await eventRelations(context, personIds)).map(([, eventId]) => String(eventId)))];
    const conditions = [...inLists("WhoId", personIds), ...inLists("Id", eventIds)];
    // Few ids fit into one query. More ids take a query each, and the rows are merged.
    return personIds.length + eventIds.length <= IDS_PER_FILTER ? [anyOf(conditions)] : conditions;
  };
}

function inLists(column: string, ids: readonly string[]): string[] {
  return chunks(ids, IDS_PER_FILTER).map((chunk) => inList(column, chunk));
}
