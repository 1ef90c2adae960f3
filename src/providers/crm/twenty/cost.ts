import { PEOPLE_OF_A_MEETING, type Cost, type ListCost, type ProviderCost } from "../../contract/cost.js";
import type { CostRules, PlannedList } from "../../kit/cost-rules.js";
import { batches, calls, loading, NONE, sum } from "../../kit/costs.js";
import { USERS_ASSUMED } from "../../kit/owner-directory.js";
import { RECORDS_MAX } from "./dialect.js";

/** A page has 60 records. In an order, it leaves its last millisecond to the next page. */
const list = ({ order, limit }: PlannedList): ListCost => ({
  calls: 1,
  reads: order === null ? batches(limit, RECORDS_MAX) : batches(limit, RECORDS_MAX - 1) + 1,
});

const pages = (records: number) => calls(batches(records, RECORDS_MAX));

const PERSON = "twenty fields person";
/** Recent workspaces refuse a column that they lack. Then its fields are read, and the call is made again without it. */
const REFUSED: Cost = { calls: 1, definitions: [PERSON] };

/** The record is read, because recent versions also delete what is deleted already. */
const remove = calls(2);

export const contactCost: CostRules<"contact"> = {
  delete: remove,
  list(query) {
    const { reads, ...first } = list(query);
    // Only the search is over columns that not every workspace has.
    return { ...sum(first, query.filters.has("search") ? REFUSED : NONE), ...(reads !== undefined && { reads }) };
  },
  lookups: ({ addresses, websites }) => (addresses === undefined && websites === undefined ? NONE : REFUSED),
  read: () => calls(1),
  customFields: PERSON,
  parts: { $company: pages },
  edges: {
    meetings: (records) =>
      calls(batches(records * PEOPLE_OF_A_MEETING, RECORDS_MAX), `At most ${PEOPLE_OF_A_MEETING} meetings a contact.`),
  },
  references: { company: pages },
};

/** The people are read, and invited together. */
const inviting = (ids: readonly string[] | null | undefined) =>
  ids && ids.length > 0 ? 1 + batches(ids.length, RECORDS_MAX) : 0;

export const meetingCost: CostRules<"meeting"> = {
  delete: remove,
  brings: ["attendees.name", "attendees.email"],
  // Recent versions leave meetings out of pages, which then are short or empty.
  hasGaps: true,
  list,
  // Meetings that lists leave out are read one by one.
  read: (ids) => calls(ids === 1 ? 1 : 1 + ids),
  customFields: "twenty fields calendarEvent",
  parts: {
    // Meetings come with their first participants. If those may be not all, all are read.
    $participants: () => calls(1, `At most ${RECORDS_MAX} participants of the large meetings of a page together.`),
  },
  references: { contactIds: pages },
  create: ({ contactIds }) => calls(1 + inviting(contactIds)),
  update: ({ contactIds }) =>
    contactIds === undefined
      ? calls(1)
      : calls(
          1 + inviting(contactIds) + PEOPLE_OF_A_MEETING,
          `An update removes at most ${PEOPLE_OF_A_MEETING} people from a meeting.`,
        ),
};

export const cost: ProviderCost = {
  definitions: {
    // Older servers refuse the first call.
    [PERSON]: 2,
    "twenty fields calendarEvent": 2,
    owners: batches(USERS_ASSUMED, RECORDS_MAX),
  },
  owners: () => loading("owners"),
};
