import {
  boolean,
  lenient,
  list,
  nullable,
  object,
  optional,
  record,
  text,
  where,
  type Members,
} from "../../../upstream/decode.js";
import type { Decoder } from "../../../upstream/answer-body.js";
import { readDateTime } from "./dialect.js";

/** What crmesh relies on in Close's answers. Source: developer.close.com. */

const id = where(text, (value) => value !== "", "an id");
const time = where(text, (value) => readDateTime(value) !== null, "a date-time");

/** A contact, lead or meeting as a read by id answers it. A contact always has a lead. */
export const closeRecord = record({ id, lead_id: optional(id) });

/**
 * A record of a listing that goes on from the time of the last record.
 * @param field the field of the time
 */
const listedRecord = (field: string) => record({ id, lead_id: optional(id), [field]: time });

export const recordPage = (field: string): Decoder<{ data: Members[]; cursor: string | null | undefined }> =>
  object({ data: list(listedRecord(field)), cursor: optional(nullable(text)) });

/** Records that were asked for by their ids, without a time. */
export const foundRecords = object({ data: list(closeRecord), cursor: optional(nullable(text)) });

export const meetingPage = object({ data: list(listedRecord("date_created")), has_more: optional(boolean) });

export const written = record({ id });
/** Close answers an empty object. */
export const deleted = record({});

export const customFieldSchema = object({
  fields: list(object({ id, name: text, type: text, accepts_multiple_values: optional(nullable(boolean)) })),
});
export const leadStatusList = object({ data: list(object({ id, label: text })) });

export const userPage = object({ data: list(record({ id })), has_more: optional(boolean) });
export const me = object({
  id,
  email: lenient(text),
  organizations: lenient(list(object({ name: lenient(text) }))),
});
