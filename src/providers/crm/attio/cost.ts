import { PEOPLE_OF_A_MEETING, type ProviderCost } from "../../contract/cost.js";
import type { CostRules } from "../../kit/cost-rules.js";
import { batches, calls, loading } from "../../kit/costs.js";
import { IDS_MAX } from "./api.js";

export const contactCost: CostRules<"contact"> = {
  list: () => ({ calls: 1, continued: 2 }),
  read: (ids) => calls(batches(ids, IDS_MAX)),
  customFields: "attributes",
  parts: { $companies: (records) => calls(batches(records, IDS_MAX)) },
  edges: { meetings: (records) => calls(records, "At most 200 meetings a contact.") },
  // Attio does not say which record has the e-mail address, so a refused one is looked up.
  create: ({ emails }) => calls(emails?.length ? 2 : 1),
  update: ({ emails }) => calls(emails?.length ? 2 : 1),
};

export const meetingCost: CostRules<"meeting"> = {
  list: () => calls(1),
  read: (ids) => calls(ids),
  parts: {
    $members: () => loading("members"),
    $people: (records) =>
      calls(batches(records * PEOPLE_OF_A_MEETING, IDS_MAX), `At most ${PEOPLE_OF_A_MEETING} linked people a meeting.`),
  },
  references: { contactIds: (ids) => calls(batches(ids, IDS_MAX)) },
  // The second one without the reference that some workspaces do not know.
  create: () => calls(2),
};

export const cost: ProviderCost = {
  // The last page of attributes has no new one.
  definitions: { attributes: 2, members: 1, owners: 0 },
  owners: () => loading("owners", "members"),
};
