import type { ProviderCost } from "../../contract/cost.js";
import type { CostRules } from "../../kit/cost-rules.js";
import { batches, calls, loading, NONE, sum } from "../../kit/costs.js";
import { USERS_ASSUMED } from "../../kit/owner-directory.js";
import type { Parameters } from "./query.js";
import { BATCH_MAX, LEADS_FOUND_MAX, PAGE_MAX, V1, V2 } from "./api.js";

const [PERSON_FIELDS, LEAD_FIELDS] = [`${V2}/personFields`, `${V1}/leadFields`];
const LINKED = `At most ${PAGE_MAX} linked records of one kind a contact.`;

const organizations = (records: number) => calls(batches(records, BATCH_MAX));
const byIds = organizations;
const isSearch = (filters: ReadonlySet<string>) => ["search", "email", "phone"].some((name) => filters.has(name));
const ownerId = () => loading("owners");

export const contactCost: CostRules<"contact"> = {
  // The records that a search finds are read.
  list({ filters, conditions, limit }) {
    if (!isSearch(filters)) return calls(1);
    // A search for each notation of a number.
    const searches = (conditions as readonly Parameters[]).find((condition) => condition.searches)?.searches;
    return sum(calls(searches?.length ?? 1), byIds(limit));
  },
  read: byIds,
  // A search for each address, and the persons that all of them find.
  byEmails: (addresses) => calls(addresses + 1),
  customFields: PERSON_FIELDS,
  parts: { $organization: organizations, $labels: () => loading(PERSON_FIELDS) },
  edges: { meetings: (records) => calls(records, LINKED), leads: (records) => calls(records, LINKED) },
  references: { ownerId, company: organizations },
  lookups: ({ title, addresses, description, tags, customFields }) =>
    sum(
      [title, addresses, description].some((value) => value !== undefined) ||
        customFields?.some(({ key }) => key === "birthday")
        ? loading("contactSync")
        : NONE,
      tags?.length || customFields?.length ? loading(PERSON_FIELDS) : NONE,
    ),
  // Whether the record is deleted is looked up first.
  update: () => calls(2),
  delete: calls(2),
};

export const leadCost: CostRules<"lead"> = {
  list({ filters, limit }) {
    if (!isSearch(filters)) return { calls: 1, continued: 2 };
    const found = Math.min(limit, LEADS_FOUND_MAX);
    return { calls: 1 + found, reads: batches(limit, found) };
  },
  read: (ids) => calls(ids),
  customFields: LEAD_FIELDS,
  parts: { $organization: organizations, $labels: () => loading("leadLabels") },
  references: { ownerId },
  lookups: ({ tags, customFields }) =>
    sum(tags?.length ? loading("leadLabels") : NONE, customFields?.length ? loading(LEAD_FIELDS) : NONE),
  // After a refusal, the lead's person is looked for.
  create: ({ contactId }) => calls(contactId ? 2 : 1),
  update: ({ contactId }) => calls(contactId ? 2 : 1),
};

export const meetingCost: CostRules<"meeting"> = {
  // Some activities are no meetings.
  hasGaps: true,
  list: () => calls(1),
  read: byIds,
  references: { ownerId, contactIds: byIds, leadIds: (ids) => calls(ids) },
  update: () => calls(2),
  delete: calls(2),
};

export const cost: ProviderCost = {
  definitions: {
    [PERSON_FIELDS]: 1,
    [LEAD_FIELDS]: 1,
    leadLabels: 1,
    contactSync: 1,
    owners: batches(USERS_ASSUMED, PAGE_MAX),
  },
  owners: () => loading("owners"),
};
