import type { Decoder } from "../../../upstream/answer-body.js";
import {
  anything,
  boolean,
  dictionary,
  lenient,
  list,
  map,
  member,
  nullable,
  object,
  optional,
  record,
  text,
  where,
  type Members,
} from "../../../upstream/decode.js";
import { isUuid, readDateTime } from "./dialect.js";

/** What crmesh relies on in Twenty's answers. Source: twentyhq/twenty, docs, "APIs"; recorded from a server of May 2025. */

const uuid = where(text, isUuid, "a UUID");
const maybeUuid = optional(nullable(uuid));
const time = where(text, (value) => readDateTime(value) !== null, "a date-time");

/** Members by which participants are told apart, found and removed. */
const participant = { id: uuid, personId: maybeUuid };

/**
 * A record of any object, with the members that relate it to others.
 * @param times names of members that must be times
 * @param maybeTimes names of members that must be times or null
 */
function rowOf(times: readonly string[], maybeTimes: readonly string[] = []): Decoder<Members> {
  return record({
    ...participant,
    deletedAt: optional(nullable(text)),
    calendarEventId: maybeUuid,
    calendarEvent: optional(nullable(record({}))),
    calendarEventParticipants: optional(nullable(list(record(participant)))),
    ...Object.fromEntries(maybeTimes.map((name) => [name, nullable(time)])),
    ...Object.fromEntries(times.map((name) => [name, time])),
  });
}

/** A page that says that there are more says where they begin. */
const pageInfo = where(
  object({ hasNextPage: boolean, endCursor: optional(nullable(text)) }),
  ({ hasNextPage, endCursor }) => !hasNextPage || Boolean(endCursor),
  "the end of the page",
);

/**
 * A page of records.
 * @param name the member with the list
 * @param times names of members that must be times: those that the page is ordered by
 * @param needed a member without which a record does not count: a time
 */
export function recordList(name: string, times: readonly string[] = [], needed?: string) {
  const rows = list(rowOf(times, needed === undefined ? [] : [needed]));
  return object({ data: member(name, rows), pageInfo });
}

/** The definitions of objects. Some versions answer the list itself. */
export const objectList = object({
  data: (value) => {
    const rows = list(record({ nameSingular: text }));
    return Array.isArray(value) ? rows(value) : member("objects", rows)(value);
  },
  pageInfo: optional(pageInfo),
});

/** The only record of an answer. The name of its member depends on the operation, such as `createPerson`. */
function only<Value>(row: Decoder<Value>): Decoder<Value> {
  const named = where(dictionary(row), (rows) => Object.keys(rows).length === 1, "one record");
  return map(object({ data: named }), ({ data }) => Object.values(data)[0]!);
}

/** @param needed a member without which a record does not count */
export const oneRecord = (needed: string | undefined) => only(rowOf([], needed === undefined ? [] : [needed]));
export const written = only(record({ id: uuid, deletedAt: optional(nullable(text)) }));
export const writtenBatch = only(list(record({ id: uuid })));

/** The options of a choice. Other types have settings of another form here, or none. */
const options = lenient(list(object({ value: text, label: text })));

export const fieldList = list(
  object({ name: text, label: text, type: text, isCustom: optional(boolean), isActive: optional(boolean), options }),
);
export type Field = ReturnType<typeof fieldList>[number];

/** Definitions as GraphQL answers them. Servers before 2.12 refuse the query, some of them with status 200. */
const graph = object({
  errors: optional(list(anything)),
  data: optional(
    nullable(
      object({
        objects: object({
          edges: list(
            object({
              node: object({
                nameSingular: text,
                applicationId: optional(nullable(text)),
                fieldsList: list(
                  object({
                    name: text,
                    label: text,
                    type: text,
                    isActive: optional(boolean),
                    options,
                    applicationId: optional(nullable(text)),
                  }),
                ),
              }),
            }),
          ),
        }),
      }),
    ),
  ),
});
export const objectGraph = where(
  graph,
  ({ data, errors = [] }) => Boolean(data) || errors.length > 0,
  "definitions or a refusal of the query",
);
