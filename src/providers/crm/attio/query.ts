import type { EmailRules, Filters, NativeRecord } from "../../contract/field-map.js";
import { objectsIn } from "../../kit/answer.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { readText } from "../../mapping/json-dialect.js";
import { objectsAt } from "../../mapping/members.js";
import { numberInE164 } from "../../mapping/phone-notations.js";
import { IDS_MAX } from "./api.js";
import { flat, instant, lowered } from "./dialect.js";

/** Source: docs.attio.com, guide "Filtering and sorting". */
export const contactFilters: Filters<"contact", NativeRecord> = {
  email: (value) => ({ email_addresses: { email_address: { $eq: value.trim().toLowerCase() } } }),
  // Attio stores no extensions.
  phone: (value) => ({
    phone_numbers: { phone_number: { $eq: numberInE164(value) ?? value.replace(/[\s()./-]/g, "") } },
  }),
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

/** Attio stores addresses in small letters. An address belongs to one person of a workspace. */
export const byEmails: EmailRules<NativeRecord> = {
  batchSize: IDS_MAX,
  pageSize: 400,
  covers: ["email_addresses"],
  source: "docs.attio.com, “Filtering and sorting”, which states no limit",
  condition: ($in) => ({ email_addresses: { email_address: { $in } } }),
  addressesOf: (person) =>
    objectsAt(flat(person), "email_addresses").flatMap((one) => readText(one["email_address"]) ?? []),
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
