import type { ProviderCost } from "../../contract/cost.js";
import type { ContactInput, LeadInput, MeetingInput } from "../../contract/input.js";
import type { ResourceName } from "../../contract/model.js";
import type { CostRules } from "../../kit/cost-rules.js";
import { batches, calls, loading, NONE, sum } from "../../kit/costs.js";
import { IDS_MAX } from "./api.js";

type AnyInput = ContactInput & LeadInput & MeetingInput;

/** A status is written by a call of its own, before which an update may look whether the record is closed. */
function writeCalls(input: AnyInput, mode: "create" | "update"): number {
  const hasStatus = Boolean(input.status ?? input.rawStatus);
  if (!hasStatus) return 1;
  if (mode === "create") return 2;
  const others = Object.keys(input).some((name) => name !== "status" && name !== "rawStatus");
  return others ? 3 : 1;
}

function lookups(table: string, input: AnyInput) {
  return sum(
    input.ownerId ? OWNERS : NONE,
    (input.source ?? input.leadSource) ? loading(`options ${table}.leadsourcecode`) : NONE,
    input.rawStatus ? loading(`options ${table}.statuscode`) : NONE,
    input.value ? loading("currencies") : NONE,
    input.customFields?.length ? loading(`columns ${table}`) : NONE,
  );
}

/** The users, and the teams for ids that no user has. */
const OWNERS = calls(2);

const costOf = <Resource extends ResourceName>(
  table: string,
  rules: Pick<CostRules<Resource>, "brings" | "edges" | "references">,
): CostRules<Resource> => ({
  brings: ["owner.name", "organizer.name"],
  // A page whose link has other columns is read again.
  list: ({ limit }) => ({ calls: 1, continued: 1 + batches(limit, IDS_MAX) }),
  read: () => calls(1),
  customFields: `columns ${table}`,
  lookups: (input) => lookups(table, input as AnyInput),
  create: (input) => calls(writeCalls(input as AnyInput, "create")),
  update: (input) => calls(writeCalls(input as AnyInput, "update")),
  ...rules,
});

const one = () => calls(1);

export const contactCost = costOf<"contact">("contact", {
  edges: { meetings: one, leads: () => calls(2) },
  references: { company: one },
});
export const leadCost = costOf<"lead">("lead", {
  edges: { convertedContact: () => calls(2) },
  references: { contactId: one },
});
const people = (ids: number) => calls(batches(ids, IDS_MAX));
export const meetingCost = costOf<"meeting">("appointment", { references: { contactIds: people, leadIds: people } });

const TABLES = ["contact", "lead", "appointment"];

export const cost: ProviderCost = {
  definitions: {
    currencies: 1,
    // The columns, those of dates, and the options of both kinds of choices.
    ...Object.fromEntries(TABLES.map((table) => [`columns ${table}`, 4])),
    ...Object.fromEntries(
      TABLES.flatMap((table) => ["leadsourcecode", "statuscode"].map((column) => [`options ${table}.${column}`, 1])),
    ),
  },
  owners: (ids) => calls(ids === 0 ? 0 : OWNERS.calls),
};
