import { PEOPLE_OF_A_MEETING, type Cost, type ProviderCost } from "../../contract/cost.js";
import type { ContactInput, MeetingInput } from "../../contract/input.js";
import type { ResourceName } from "../../contract/model.js";
import type { CostRules, PlannedList } from "../../kit/cost-rules.js";
import { batches, calls } from "../../kit/costs.js";
import { BATCH_MAX } from "./api.js";
import { companyCosts } from "./company.js";
import { OBJECT_TYPES } from "./dialect.js";
import { ARCHIVED_OWNERS, OWNERS } from "./owners.js";

/** Characters of a search without its properties, in addition to the filters, which may stand in several groups. */
const [BODY_OF_A_SEARCH, GROUPS_OF_A_FILTER, BODY_MAX] = [400, 3, 3_000];
/** A page is read with up to this many records that the one before had. */
const SEEN_MAX = 20;

function searchCost({ conditions, filters, order, limit, reading }: PlannedList) {
  const resolved = filters.has("attendeeEmail") ? 1 : 0;
  // The number of custom properties is not known yet. Many are too long for a URL, and a batch read adds them.
  if (conditions.length === 0 && order === null) return calls(reading.customFields ? 2 : 1);
  const length =
    JSON.stringify(reading.fields).length + GROUPS_OF_A_FILTER * JSON.stringify(conditions).length + BODY_OF_A_SEARCH;
  const isTwice = reading.customFields || length > BODY_MAX;
  const windowOf = (size: number) => 1 + (isTwice ? batches(size, BATCH_MAX) : 0);
  return {
    calls: resolved + windowOf(Math.min(limit, BATCH_MAX)),
    continued: resolved + 2 * windowOf(limit + SEEN_MAX),
  };
}

const associations = (): Cost => calls(1, "At most 500 linked records of one kind a record.");

/** Without properties, an update reads the record instead. */
const updates: { readonly [Resource in ResourceName]: NonNullable<CostRules<Resource>["update"]> } = {
  contact: ({ lifecycleStage, rawLifecycleStage }: ContactInput) => calls(lifecycleStage || rawLifecycleStage ? 3 : 1),
  lead: () => calls(1),
  // Each list of people is read, and what is missing and what is too much take a call each.
  meeting: ({ contactIds, leadIds }: MeetingInput) =>
    calls(1 + (contactIds === undefined ? 0 : 3) + (leadIds === undefined ? 0 : 3)),
};

const edges = {
  contact: { meetings: associations, leads: associations },
  lead: { contact: associations },
  meeting: { contacts: associations, leads: associations },
};

export const costOf = <Resource extends ResourceName>(resource: Resource): CostRules<Resource> => ({
  list: searchCost,
  // Contacts that a batch does not answer may have been merged, and are looked for once more.
  read(ids, { customFields }) {
    const single = customFields ? 2 : 1;
    if (ids === 1) return calls(single);
    return calls(resource === "contact" ? 1 + single : 1);
  },
  customFields: `properties:${OBJECT_TYPES[resource]}`,
  ...(resource === "contact" && { parts: companyCosts }),
  edges: edges[resource],
  update: updates[resource],
  delete: calls(2),
});

/** An owner who is in neither directory takes two calls, because archived owners are found apart. */
const OTHERS_ASSUMED = PEOPLE_OF_A_MEETING;

export const cost: ProviderCost = {
  definitions: {
    [OWNERS]: 1,
    [ARCHIVED_OWNERS]: 1,
    ...Object.fromEntries(Object.values(OBJECT_TYPES).map((type) => [`properties:${type}`, 1])),
  },
  owners: (ids) => ({
    calls: 2 * Math.min(ids, OTHERS_ASSUMED),
    definitions: [OWNERS, ARCHIVED_OWNERS],
    assumption: `At most ${OTHERS_ASSUMED} owners of 1,000 records are new, or not among the first 2,000 owners.`,
  }),
};
