import { boolean, lenient, list, nullable, object, optional, record, text, where } from "../../../upstream/decode.js";
import { readDateTime } from "../../mapping/json-dialect.js";

/** What crmesh relies on in Attio's answers. Source: docs.attio.com, REST API. */

export const isId = (value: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);

const uuid = where(text, isId, "a UUID");
const time = where(text, (value) => readDateTime(value) !== null, "a date-time");

/** A record of any object. Listings go on from the time of its creation. */
const attioRecord = record({ id: record({ record_id: uuid }), values: record({}), created_at: time });
export const recordList = object({ data: list(attioRecord) });
/** A create and an update answer the whole record. */
export const writtenRecord = object({ data: attioRecord });

/** A write of the links replaces all of them, so a link that crmesh cannot read would be lost. */
const meeting = record({
  id: record({ meeting_id: uuid }),
  linked_records: list(record({ object_slug: text, record_id: uuid })),
});
export const meetingAnswer = object({ data: meeting });
export const meetingList = object({ data: list(meeting), pagination: object({ next_cursor: nullable(text) }) });
/** What an update answers is not documented. */
export const updatedMeeting = object({ data: record({ id: record({ meeting_id: uuid }) }) });

/** Attio answers an empty object. */
export const deleted = record({});

export const attributeList = object({
  data: list(
    object({
      api_slug: where(text, (value) => value !== "", "a name"),
      title: text,
      type: text,
      is_system_attribute: boolean,
      is_multiselect: optional(boolean),
      is_writable: optional(boolean),
      is_archived: optional(boolean),
    }),
  ),
});

export const memberList = object({ data: list(record({ id: object({ workspace_member_id: uuid }) })) });

/** The answer names no workspace if the token is not valid. */
export const self = object({ workspace_id: uuid, workspace_name: lenient(text) });
