import type { ListCost, ProviderCost } from "../../contract/cost.js";
import type { ResourceName } from "../../contract/model.js";
import { touchesTimes } from "../../mapping/meeting-times.js";
import type { CostRules, PlannedList, PlannedReading } from "../../kit/cost-rules.js";
import { batches, calls, loading, NONE } from "../../kit/costs.js";
import { USERS_ASSUMED } from "../../kit/owner-directory.js";
import { FIELDS_MAX, IDS_MAX, PAGE_MAX } from "./api.js";
import type { Module } from "./dialect.js";

const MODULES: Record<ResourceName, Module> = { contact: "Contacts", lead: "Leads", meeting: "Events" };
const OWNERS = loading("owners");
/** Custom fields of a module that costs take for granted. */
const CUSTOM_ASSUMED = FIELDS_MAX;

/** One call names FIELDS_MAX fields. `more` counts the fields that a list adds. */
const piecesOf = ({ fields, customFields, needs }: PlannedReading, more = 0) =>
  batches(
    fields.length +
      ["$se_module", "$event_cancelled"].filter((part) => needs(part)).length +
      more +
      (customFields ? CUSTOM_ASSUMED : 0),
    FIELDS_MAX,
  );
const assumptionOf = ({ customFields }: PlannedReading) =>
  customFields ? { assumption: `At most ${CUSTOM_ASSUMED} custom fields of a module.` } : {};

function listOf(resource: ResourceName, { conditions, order, limit, reading }: PlannedList): ListCost {
  // Queries and numbered pages find converted leads, which are removed.
  const isLead = resource === "lead";
  const reads = isLead ? 2 : 1;
  const rowsOf = (pieces: number) => batches(limit, IDS_MAX) * pieces;
  const found = rowsOf(piecesOf(reading, isLead ? 1 : 0));
  const terms = { reads, ...assumptionOf(reading) };
  if (conditions.length > 0 || order !== null) return { calls: 1 + found, continued: 2 + found, ...terms };
  const pieces = piecesOf(reading);
  return { calls: 1 + (pieces > 1 ? rowsOf(pieces) : 0), continued: 2 + found, ...terms };
}

const costOf = <Resource extends ResourceName>(
  resource: Resource,
  rules: Partial<CostRules<Resource>>,
): CostRules<Resource> => ({
  brings: ["owner.name", "organizer.name", "attendees.name", "attendees.email"],
  list: (query) => listOf(resource, query),
  read: (ids, reading) => ({ calls: batches(ids, IDS_MAX) * piecesOf(reading), ...assumptionOf(reading) }),
  customFields: `fields ${MODULES[resource]}`,
  ...rules,
  references: { ownerId: () => OWNERS, ...rules.references },
});

const byIds = (ids: number) => calls(batches(ids, IDS_MAX));

export const contactCost = costOf("contact", {
  edges: {
    // One query, and the invitations of each contact.
    meetings: (records) => calls(1 + records, "At most 200 invitations a contact."),
    leads: () => calls(1),
  },
});

export const leadCost = costOf("lead", {
  lookups: ({ status, rawStatus }) => (status || rawStatus ? loading("fields Leads") : NONE),
});

export const meetingCost = costOf("meeting", {
  // No list has the participants.
  parts: { Participants: (records) => calls(records) },
  references: { contactIds: byIds, leadIds: byIds },
  // The days of an all-day meeting are written in the zone of the user.
  lookups: (input) => (touchesTimes(input) ? loading("time zone") : NONE),
});

export const cost: ProviderCost = {
  definitions: {
    "time zone": 1,
    owners: batches(USERS_ASSUMED, PAGE_MAX),
    ...Object.fromEntries(Object.values(MODULES).map((module) => [`fields ${module}`, 1])),
  },
  owners: () => OWNERS,
};
