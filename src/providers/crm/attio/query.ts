import type { Filters, NativeRecord } from "../../contract/field-map.js";
import { instant, listOf, lowered } from "./dialect.js";

/** Source: docs.attio.com, guide "Filtering and sorting". */
export const contactFilters: Filters<"contact", NativeRecord> = {
  email: (value) => ({ email_addresses: { email_address: { $eq: value.trim().toLowerCase() } } }),
  phone: (value) => ({ phone_numbers: { phone_number: { $eq: value.replace(/[\s()./-]/g, "") } } }),
  name: (value) => ({ name: { full_name: { $contains: value } } }),
  search: ($contains) => ({
    $or: [
      { name: { full_name: { $contains } } },
      { email_addresses: { email_address: { $contains } } },
      { job_title: { $contains } },
    ],
  }),
  createdSince: (value) => ({ created_at: { $gte: value.toISOString() } }),
  createdUntil: (value) => ({ created_at: { $lt: value.toISOString() } }),
};

/** The parameters of a filter, and a check for listings that answer more than the filter means. */
export interface MeetingCondition {
  query: Record<string, string>;
  passes?(meeting: NativeRecord): boolean;
}

export const meetingFilters: Filters<"meeting", MeetingCondition> = {
  // Attio filters by the end, so meetings that began earlier come along and are sifted out.
  startsSince: (value) => ({
    query: { ends_from: value.toISOString() },
    passes: (meeting) => Date.parse(instant(meeting, "start")!) >= value.getTime(),
  }),
  startsUntil: (value) => ({ query: { starts_before: value.toISOString() } }),
  // Attio reads a comma as the separator of two addresses, so the answer is checked.
  attendeeEmail: (value) => ({
    query: { participants: value },
    passes: ({ participants }) =>
      listOf(participants).some(({ email_address: email }) => lowered(email) === lowered(value.trim())),
  }),
};
