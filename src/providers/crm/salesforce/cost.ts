import type { ProviderCost } from "../../contract/cost.js";
import type { ResourceName } from "../../contract/model.js";
import { touchesPeople } from "../../kit/adapter-kit.js";
import type { CostRules, EdgeCosts, PlannedReading } from "../../kit/cost-rules.js";
import { calls } from "../../kit/costs.js";
import { needsQuery } from "./api.js";
import { OBJECTS } from "./dialect.js";
import { encodedLength } from "./query.js";

const VISIBLE = "The Salesforce user of the connection may see every field that is read.";

/** Bytes that the columns have at least, beside the longest filters, the cursor and the order. */
const COLUMNS_ROOM = 1_500;

/** Columns that are too long for a URL take a second call. The number of custom fields is not known yet. */
const isTwice = ({ fields, customFields }: PlannedReading) =>
  customFields || encodedLength(fields.join(",")) > COLUMNS_ROOM;

/** The people with the address, and the events of all of them. */
const ATTENDEE_CALLS = 4;
const FEW_EVENTS = "The people with the e-mail address, and their events, are at most 30.";

export const costOf = <Resource extends ResourceName>(resource: Resource): CostRules<Resource> => ({
  brings: ["owner.name", "owner.email", "organizer.name", "organizer.email"],
  list: ({ filters, reading }) => {
    const isByAttendee = filters.has("attendeeEmail");
    // The ids of events take the room of columns.
    return {
      calls: (isByAttendee ? ATTENDEE_CALLS : 0) + (isByAttendee || isTwice(reading) ? 2 : 1),
      assumption: isByAttendee ? `${VISIBLE} ${FEW_EVENTS}` : VISIBLE,
    };
  },
  read: (_ids, reading) => ({
    calls: needsQuery(reading.fields) && isTwice(reading) ? 2 : 1,
    assumption: VISIBLE,
  }),
  customFields: `describe ${OBJECTS[resource].name}`,
  edges: (resource === "contact" ? { meetings: () => calls(2), leads: () => calls(1) } : {}) as EdgeCosts<Resource>,
  // Without Shared Activities, the write is repeated with the one person.
  create: (input) => calls("contactIds" in input && (input.contactIds?.length ?? 0) > 1 ? 2 : 1),
  // The list of people may be repeated, and invitations are removed.
  update: (input) => calls(resource === "meeting" && touchesPeople(input as object) ? 3 : 1),
});

export const cost: ProviderCost = {
  definitions: Object.fromEntries(Object.values(OBJECTS).map(({ name }) => [`describe ${name}`, 1])),
  // Users and queues.
  owners: (ids) => calls(Math.min(ids, 2)),
};
