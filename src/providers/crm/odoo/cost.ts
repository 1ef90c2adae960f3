import type { ProviderCost } from "../../contract/cost.js";
import type { ContactInput, LeadInput, MeetingInput } from "../../contract/input.js";
import type { ResourceName } from "../../contract/model.js";
import type { CostRules, EdgeCosts } from "../../kit/cost-rules.js";
import { calls, loading, NONE, sum } from "../../kit/costs.js";
import { OPTIONAL } from "./definitions.js";
import { LEAD_MODEL } from "./lead-map.js";
import { LEAD_TYPE } from "./lead-type.js";

const CONTACT_MODEL = "res.partner";

type AnyInput = ContactInput & LeadInput & MeetingInput;

/** The references that a refused write is explained by, each with a call. */
function references(input: AnyInput): number {
  const single = [input.ownerId, input.company?.id, input.contactId];
  const lists = [input.contactIds, input.leadIds];
  return single.filter(Boolean).length + lists.filter((ids) => ids?.length).length;
}

/** The address of a new contact of a company is written after the contact. */
const addressCalls = ({ company, addresses }: AnyInput) => (company?.id && addresses?.length ? 1 : 0);

/** Tags, sources, states and a lead's contact. All other names are definitions. */
function lookups(model: string, input: AnyInput, mode: "create" | "update") {
  const places = input.addresses ?? [];
  const optional = [input.phones, input.videoUrl, input.leadIds].some((value) => value !== undefined);
  return sum(
    input.tags?.length ? calls(1) : NONE,
    input.source ? calls(1) : NONE,
    (input.status ?? input.rawStatus) ? loading("odoo stages") : NONE,
    input.value && mode === "create" ? loading("odoo companies") : NONE,
    places.some(({ country }) => country) ? loading("odoo countries") : NONE,
    places.some(({ state }) => state) ? calls(1) : NONE,
    input.contactId ? calls(1) : NONE,
    input.customFields?.length || optional ? loading(`odoo fields ${model}`) : NONE,
  );
}

const isOptional = (name: string) => OPTIONAL.has(name);

export const costOf = <Resource extends ResourceName>(model: string, tags: string): CostRules<Resource> => {
  const fields = `odoo fields ${model}`;
  const leadType = model === LEAD_MODEL ? [LEAD_TYPE] : [];
  const definitionsFor = (names: readonly string[]) => (names.some(isOptional) ? [fields] : []);
  return {
    brings: ["owner.name", "organizer.name", "attendees.name", "attendees.email"],
    list({ conditions, order, reading }) {
      const filtered = (conditions as (readonly (string | readonly unknown[])[])[])
        .flat()
        .map((term) => String(term[0]));
      return {
        calls: 1,
        ...(order !== null && { continued: 2 }),
        definitions: [...definitionsFor([...filtered, ...reading.fields]), ...leadType],
      };
    },
    read: (_ids, reading) => ({ calls: 1, definitions: definitionsFor(reading.fields) }),
    customFields: fields,
    // Tags that are newer than the list of tags take a call.
    parts: {
      $tags: () => ({ calls: 1, definitions: [`odoo tags ${tags}`] }),
      $attendees: () => calls(1),
      $usesLeads: () => loading(LEAD_TYPE),
    },
    edges: (model === CONTACT_MODEL
      ? { meetings: () => calls(2), leads: () => sum(calls(1), loading(LEAD_TYPE)) }
      : {}) as EdgeCosts<Resource>,
    lookups: (input, mode) => lookups(model, input as AnyInput, mode),
    create: (input) =>
      sum(calls(1 + references(input as AnyInput) + addressCalls(input as AnyInput)), loading(...leadType)),
    update: (input) => calls(1 + references(input as AnyInput)),
  };
};

const MODELS = [CONTACT_MODEL, LEAD_MODEL, "calendar.event"];
const TAGS = ["res.partner.category", "crm.tag", "calendar.event.type"];

export const cost: ProviderCost = {
  definitions: {
    [LEAD_TYPE]: 1,
    "odoo stages": 1,
    "odoo companies": 1,
    "odoo countries": 1,
    ...Object.fromEntries(MODELS.map((model) => [`odoo fields ${model}`, 1])),
    ...Object.fromEntries(TAGS.map((model) => [`odoo tags ${model}`, 1])),
  },
  owners: () => calls(1),
  // The user of the key and its login over JSON-2, or a page without JSON-2 and the login over JSON-RPC.
  verify: 2,
};
