import { PEOPLE_OF_A_MEETING, type Cost, type ProviderCost } from "../../contract/cost.js";
import type { CostRules, PlannedList } from "../../kit/cost-rules.js";
import { batches, calls, loading, NONE, sum } from "../../kit/costs.js";
import { USERS_ASSUMED } from "../../kit/owner-directory.js";
import { PAGE_MAX } from "./paging.js";

/** Records of a batch that the search does not find, and that are read alone. */
const MISSED_ASSUMED = 5;
const MISSED = `At most ${MISSED_ASSUMED} of the records in a batch are deleted, or too new for Close's search.`;

const readCost = (ids: number): Cost =>
  ids === 1 ? calls(1) : calls(1 + Math.min(ids, MISSED_ASSUMED), ids > MISSED_ASSUMED ? MISSED : undefined);

/** A page is read again only if all its records have the same time. */
const list = ({ filters }: PlannedList) => ({
  calls: 1,
  continued: 2,
  assumption: "At most 100 records have the same time to the millisecond.",
  ...(filters.has("status") && { definitions: ["lead statuses"] }),
});

export const contactCost: CostRules<"contact"> = {
  list,
  read: readCost,
  customFields: "custom fields of contact",
  parts: { $leadName: readCost },
  edges: {
    meetings: (records) =>
      sum(
        readCost(records),
        calls(
          batches(records * PEOPLE_OF_A_MEETING, PAGE_MAX),
          `At most ${PEOPLE_OF_A_MEETING} meetings a contact, those of its lead included.`,
        ),
      ),
  },
};

export const leadCost: CostRules<"lead"> = {
  list,
  read: readCost,
  customFields: "custom fields of lead",
  lookups: ({ status, rawStatus }) => (status || rawStatus ? loading("lead statuses") : NONE),
};

export const meetingCost: CostRules<"meeting"> = {
  brings: ["organizer.name", "organizer.email", "attendees.name", "attendees.email"],
  list,
  read: () => calls(1),
};

export const cost: ProviderCost = {
  definitions: {
    "custom fields of contact": 1,
    "custom fields of lead": 1,
    "lead statuses": 1,
    owners: batches(USERS_ASSUMED, PAGE_MAX),
  },
  owners: () => loading("owners"),
};
