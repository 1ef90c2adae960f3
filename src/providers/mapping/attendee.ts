import type { NativeRecord } from "../contract/field-map.js";
import type { AttendeeResponse } from "../contract/model.js";
import { meaningOf, type ChoiceTable } from "./choice-table.js";
import { readText } from "./json-dialect.js";

/** Responses to an invitation: iCalendar's words (RFC 5545, PARTSTAT) without the hyphen. Most CRMs use these words. */
const RESPONSES: ChoiceTable<AttendeeResponse> = {
  needsaction: "NEEDS_ACTION",
  accepted: "ACCEPTED",
  declined: "DECLINED",
  tentative: "TENTATIVE",
};

/**
 * Reads an attendee's response to the invitation. Null if the word is unknown.
 * @param own words of the CRM that iCalendar does not have
 */
export function responseOf(word: unknown, own: ChoiceTable<AttendeeResponse> = {}): AttendeeResponse | null {
  const text = readText(word);
  if (text === null) return null;
  return meaningOf(own, text) ?? meaningOf(RESPONSES, text.replace(/[-_]/g, "")) ?? null;
}

/** The names of an attendee's members in the CRM's JSON. */
export interface AttendeeShape {
  name: string;
  email: string;
  contactId: string;
  ownerId: string;
  isOrganizer: string;
  response: string;
}

/**
 * Builds a function that reads an attendee from one native object.
 * @param responses words of the CRM that iCalendar does not have
 */
export function attendeeReader(shape: AttendeeShape, responses?: ChoiceTable<AttendeeResponse>) {
  return (native: NativeRecord) => ({
    name: readText(native[shape.name]),
    email: readText(native[shape.email]),
    contactId: readText(native[shape.contactId]),
    ownerId: readText(native[shape.ownerId]),
    isOrganizer: native[shape.isOrganizer] === true,
    response: responseOf(native[shape.response], responses),
  });
}
