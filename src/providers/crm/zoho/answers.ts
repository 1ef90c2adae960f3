import type { Decoder } from "../../../upstream/answer-body.js";
import {
  boolean,
  exactly,
  filledList,
  filledText,
  id,
  list,
  map,
  member,
  nullable,
  object,
  optional,
  record,
  sentId,
  text,
} from "../../../upstream/decode.js";
import type { NativeRecord } from "../../contract/field-map.js";

/**
 * What crmesh relies on in Zoho's answers. Zoho answers 204 without a body if it has found nothing, so that a list has
 * at least one item. Source: zoho.com/crm/developer/docs/api/v8.
 */

export const row = record({ id: sentId, Converted__s: optional(nullable(boolean)) });
export type Row = ReturnType<typeof row>;

export interface ZohoPage<Item> {
  records: readonly Item[];
  hasMore: boolean;
}

const info = object({ more_records: boolean });

export function pageOf<Item extends NativeRecord>(item: Decoder<Item>): Decoder<ZohoPage<Item>> {
  return map(object({ data: filledList(item), info }), ({ data, info: { more_records: hasMore } }) => ({
    records: data,
    hasMore,
  }));
}

export const rows = member("data", filledList(row));

/** Records that refer to another one by a lookup field. */
export const referringBy = (lookup: string) => record({ id: sentId, [lookup]: object({ id }) });

const user = record({ id: sentId });
export const userPage = map(
  object({ users: filledList(user), info }),
  ({ users, info: { more_records: hasMore } }) => ({
    records: users,
    hasMore,
  }),
);

const ownUser = record({ id: sentId, time_zone: filledText });
/** The connected user. */
export const currentUser = map(object({ users: filledList(ownUser) }), ({ users }) => users[0]!);

export const fieldList = member(
  "fields",
  filledList(
    record({
      api_name: text,
      field_label: text,
      data_type: text,
      custom_field: optional(nullable(boolean)),
      json_type: optional(nullable(text)),
      read_only: optional(nullable(boolean)),
      field_read_only: optional(nullable(boolean)),
      pick_list_values: optional(
        nullable(list(record({ actual_value: text, display_value: optional(nullable(text)) }))),
      ),
    }),
  ),
);
export type Field = ReturnType<typeof fieldList>[number];

const outcome = object({ status: exactly("success"), details: record({ id }) });
/** The record that a create, update or delete names, with its times. */
export const written = map(object({ data: filledList(outcome) }), ({ data }) => data[0]!.details);
