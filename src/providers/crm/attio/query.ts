import type { Filters, NativeRecord } from "../../contract/field-map.js";
import { objectsIn } from "../../kit/answer.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { instant, lowered } from "./dialect.js";

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

/** The parameters of a filter. */
export type MeetingParameters = Readonly<Record<string, string>>;

export const meetingFilters: Filters<"meeting", Siftable<MeetingParameters>> = {
  // Attio filters by the end, so it also finds meetings that began earlier.
  startsSince: (value) =>
    new Sifted(
      { ends_from: value.toISOString() },
      (meeting) => Date.parse(instant(meeting, "start")!) >= value.getTime(),
    ),
  startsUntil: (value) => ({ starts_before: value.toISOString() }),
  // Attio reads a comma as the separator of two addresses, so the found meetings are checked.
  attendeeEmail: (value) =>
    new Sifted({ participants: value }, ({ participants }) =>
      objectsIn(participants).some(({ email_address: email }) => lowered(email) === lowered(value.trim())),
    ),
};
