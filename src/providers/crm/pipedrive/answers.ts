import type { Decoder } from "../../../upstream/answer-body.js";
import {
  anything,
  boolean,
  filledText,
  id,
  lenient,
  list,
  map,
  member,
  nullable,
  number,
  object,
  optional,
  record,
  sentId,
  text,
  where,
} from "../../../upstream/decode.js";
import type { NativeRecord } from "../../contract/field-map.js";

/** What crmesh relies on in Pipedrive's answers. Source: developers.pipedrive.com, API v1 and v2. */

/** Flags that decide whether a record is listed. */
const flags = { is_deleted: optional(boolean), is_archived: optional(boolean) };
export const person = record({ id: sentId, custom_fields: optional(nullable(record({}))), ...flags });
export const lead = record({ id: sentId, ...flags });
export const activity = record({ id: sentId, type: text, due_date: optional(nullable(text)), ...flags });
export const named = record({ id: sentId, name: text });
export const user = record({ id: sentId });

/** Options of flags have the ids true and false. */
const optionId = where(anything, (value) => /^(string|number|boolean)$/.test(typeof value), "an id");
const options = optional(nullable(list(record({ id: optionId, label: text }))));
export const fieldOfV1 = record({ key: text, name: text, field_type: text, options });
export const fieldOfV2 = record({ field_code: text, field_name: text, field_type: text, options });

export interface PipedrivePage<Item> {
  records: Item[];
  next: string | null;
}

const moreOfV2 = optional(nullable(object({ next_cursor: optional(nullable(filledText)) })));

/** A page of v2, which names the cursor of the next page. */
export function pageOfV2<Item extends NativeRecord>(item: Decoder<Item>): Decoder<PipedrivePage<Item>> {
  return map(object({ data: list(item), additional_data: moreOfV2 }), ({ data, additional_data: more }) => ({
    records: data,
    next: more?.next_cursor ?? null,
  }));
}

const found = object({ items: list(object({ item: record({ id: sentId }) })) });

/** A page of a search in v2, with each record in an envelope. */
export const pageOfSearch = map(
  object({ data: found, additional_data: moreOfV2 }),
  ({ data, additional_data: more }) => ({
    records: data.items.map(({ item }) => item),
    next: more?.next_cursor ?? null,
  }),
);

const paging = { more_items_in_collection: optional(boolean), next_start: optional(nullable(number)) };
const moreOfV1 = optional(nullable(object({ ...paging, pagination: optional(object(paging)) })));

/**
 * A page of v1, which begins at `start`. An empty list is null there. Sources differ on the place where v1 says whether
 * there are more pages.
 */
export function pageOfV1<Item extends NativeRecord>(item: Decoder<Item>, start: number): Decoder<PipedrivePage<Item>> {
  return map(object({ data: nullable(list(item)), additional_data: moreOfV1 }), ({ data, additional_data: more }) => {
    const records = data ?? [];
    const { more_items_in_collection: goesOn, next_start: next } = more?.pagination ?? more ?? {};
    return { records, next: goesOn ? String(next ?? start + records.length) : null };
  });
}

export const one = <Item>(item: Decoder<Item>) => member("data", item);

/** A delete answers the id of the record. */
export const deleted = one(member("id", id));

/** The company of an API token. */
export const account = one(object({ company_name: lenient(text), company_domain: lenient(text) }));
