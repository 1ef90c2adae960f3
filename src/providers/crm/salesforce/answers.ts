import type { Decoder } from "../../../upstream/answer-body.js";
import {
  boolean,
  exactly,
  filledText,
  id,
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
} from "../../../upstream/decode.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { longId } from "./dialect.js";

/** What crmesh relies on in Salesforce's answers. Source: developer.salesforce.com, REST API Developer Guide. */

export const salesforceId = where(text, (value) => longId(value) !== null, "an id");

/** Salesforce supplies the path of the next page. It must not lead to another host or out of the API. */
const nextPath = where(text, (path) => path.startsWith("/services/data/"), "a path of the API");

/** A page of the rows of a query. `next` is null on the last page, which only `done` marks. */
export function pageOf<Row extends NativeRecord>(row: Decoder<Row>): Decoder<{ records: Row[]; next: string | null }> {
  const records = list(row);
  const last = object({ done: exactly(true), records });
  const other = object({ done: exactly(false), records, nextRecordsUrl: nextPath });
  const isDone = object({ done: boolean });
  return (value) => {
    if (isDone(value).done) return { records: last(value).records, next: null };
    const { records: rows, nextRecordsUrl: next } = other(value);
    return { records: rows, next };
  };
}

/** An EventRelation in a sub-select, and its page. */
export const relation = record({ Id: salesforceId, RelationId: salesforceId });
const relations = record({ records: list(relation) });

/** A row with the columns that crmesh itself needs: the id, and the people of an event. */
export const row = record({ Id: salesforceId, EventRelations: optional(nullable(relations)) });
export type Row = ReturnType<typeof row>;

/** A row whose place in an order is known. */
export const orderedBy = (column: string): Decoder<Row> => {
  if (column === "Id") return row;
  const place = object({ [column]: nullable(text) });
  return (value) => (place(value), row(value));
};

/** A collections read answers null in the place of a record that is missing, deleted or hidden. */
export const recordsInOrder = (count: number) =>
  where(list(nullable(record({ Id: salesforceId }))), ({ length }) => length === count, `a list of ${count} records`);

export const inserted = map(object({ id: salesforceId, success: exactly(true) }), (answer) => answer.id);

export const deletions = list(
  object({ success: boolean, errors: optional(list(object({ statusCode: optional(text) }))) }),
);

const relationshipName = optional(nullable(text));

const column = object({
  name: text,
  label: text,
  type: text,
  relationshipName,
  createable: lenient(boolean),
  updateable: lenient(boolean),
  picklistValues: optional(
    nullable(list(object({ value: text, label: optional(nullable(text)), active: optional(boolean) }))),
  ),
});
export type Column = ReturnType<typeof column>;

const recordType = object({ recordTypeId: text, name: text });
export type RecordType = ReturnType<typeof recordType>;

/** The description of an object, with the record types that the user may choose. */
export const description = object({
  fields: list(column),
  childRelationships: optional(list(object({ relationshipName }))),
  recordTypeInfos: optional(list(recordType)),
});

/** The list of resources. `identity` is the address of the user. */
export const resources = member("identity", filledText);

/** One entry of the list that a failed call answers. Every member may be missing. */
export const errorEntry = lenient(
  object({
    errorCode: lenient(text),
    message: lenient(text),
    fields: lenient(list(text)),
    duplicateResult: lenient(
      object({
        duplicateRuleEntityType: lenient(text),
        matchResults: lenient(
          list(
            object({
              entityType: lenient(text),
              matchRecords: lenient(
                list(
                  object({
                    record: lenient(object({ Id: id, attributes: lenient(object({ type: lenient(text) })) })),
                  }),
                ),
              ),
            }),
          ),
        ),
      }),
    ),
  }),
);
export type ErrorEntry = NonNullable<ReturnType<typeof errorEntry>>;
