import { PEOPLE_OF_A_MEETING, type Cost, type ProviderCost } from "../../contract/cost.js";
import type { ResourceName } from "../../contract/model.js";
import type { CostRules, EdgeCosts, PlannedReading } from "../../kit/cost-rules.js";
import { batches, calls, loading, sum } from "../../kit/costs.js";
import { USERS_ASSUMED } from "../../kit/owner-directory.js";
import { PAGE_MAX } from "./api.js";

const OWNERS = loading("owners", "self");
const LINKS = "The server lists the ids of linked records, as EspoCRM 8 does, and at most one text of a page is long.";

/** Records are read again, one by one, that a list shows only in part. */
function wholeCost(records: number, { fields }: PlannedReading): Cost {
  // No list has all addresses and numbers of a person.
  if (fields.some((name) => name.endsWith("Data"))) return calls(records);
  const isCut = fields.some((name) => name === "description" || name.endsWith("sIds"));
  return isCut ? calls(1, LINKS) : calls(0);
}

/** Fields that are too many to be named in a URL take another call if links are among them. Their number is not known yet. */
const listCalls = ({ fields, customFields }: PlannedReading) =>
  customFields && fields.some((name) => name.endsWith("sIds")) ? 2 : 1;

export const costOf = <Resource extends ResourceName>(
  entity: string,
  rules: Pick<CostRules<Resource>, "edges" | "references" | "lookups">,
): CostRules<Resource> => ({
  brings: ["owner.name", "organizer.name", "attendees.name"],
  list({ limit, reading }) {
    const whole = wholeCost(limit, reading);
    const list = listCalls(reading);
    return { ...sum(calls(list), whole), continued: 2 * list + whole.calls };
  },
  // Records with all their data are read one by one at once.
  read: (ids, reading) =>
    reading.fields.some((name) => name.endsWith("Data"))
      ? calls(ids)
      : sum(calls(listCalls(reading)), wholeCost(ids, reading)),
  customFields: `custom fields ${entity}`,
  ...rules,
  references: { ownerId: () => OWNERS, ...rules.references },
});

export const contactEdges: EdgeCosts<"contact"> = {
  meetings: (records) =>
    calls(
      batches(records * PEOPLE_OF_A_MEETING, PAGE_MAX),
      `At most ${PEOPLE_OF_A_MEETING} meetings a contact. The server lists the ids of linked records. No contact is deleted before its meetings are read.`,
    ),
  leads: () => calls(1),
};

export const cost: ProviderCost = {
  definitions: {
    self: 1,
    owners: batches(USERS_ASSUMED, PAGE_MAX),
    ...Object.fromEntries(["Contact", "Lead", "Meeting"].map((entity) => [`custom fields ${entity}`, 2])),
  },
  owners: () => OWNERS,
};
