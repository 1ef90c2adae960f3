import type { ProviderContext } from "../../contract/contract.js";
import type { LeadInput, MeetingInput } from "../../contract/input.js";
import { notFound } from "../../kit/adapter-kit.js";
import { inputPath } from "../../mapping/write-record.js";
import { searchRead, type OdooRecord } from "./api.js";
import { readReferences, readText, writeReferences } from "./dialect.js";
import { LEAD_MODEL } from "./lead-map.js";
import { MEETING_MODEL } from "./meeting-map.js";
import { anyOf, isText, type Domain } from "./query.js";
import type { WriteStep } from "./write-steps.js";

/** Look-ups of records that callers know by name: tags, sources, stages and places. Unknown names are refused, never created. */

/** Puts the ids of tags in the place of their names. */
export function tagsByName(field: string, model: string): WriteStep {
  return async (context, { native, problems }) => {
    const names = native[field] as string[] | undefined;
    if (names === undefined) return;
    const found =
      names.length === 0 ? [] : await searchRead(context, model, [["name", "in", names]], { fields: ["name"] });
    const ids = names.map((name, index) => {
      const id = found.find((tag) => tag["name"] === name)?.id;
      if (id === undefined)
        problems[inputPath("tags", String(index))] = "Odoo has no tag with this name. Use an existing tag.";
      return id ?? false;
    });
    native[field] = writeReferences([...new Set(ids)]);
  };
}

/** Puts the id of a lead's source in the place of its name. */
export const sourceByName: WriteStep = async (context, { native, problems }) => {
  const name = native["source_id"];
  if (typeof name !== "string") return;
  const [found] = await searchRead(context, "utm.source", [isText("name", name)], { fields: ["id"], limit: 1 });
  if (found) native["source_id"] = found.id;
  else problems[inputPath("source")] = "Odoo has no source with this name. Use an existing source.";
};

/** Puts the id of a lead's stage in the place of its name. Of stages with the same name, the first in order is meant. */
export const stageByName: WriteStep<{ rawStatus?: string | null | undefined }> = async (
  context,
  { input, native, problems },
) => {
  const name = native["stage_id"];
  if (typeof name !== "string") return;
  const stages = await stagesOf(context);
  const found = stages.find((stage) => readText(stage["name"])?.toLowerCase() === name.toLowerCase());
  if (found) native["stage_id"] = found.id;
  else {
    const names = stages.map((stage) => readText(stage["name"])).join(", ");
    problems[inputPath(input.rawStatus ? "rawStatus" : "status")] =
      `Odoo has no stage “${name}”. Give one of these stages as rawStatus: ${names}.`;
  }
};

function stagesOf(caller: ProviderContext): Promise<OdooRecord[]> {
  return caller.memo("odoo stages", (context) =>
    searchRead(context, "crm.stage", [], { fields: ["name"], order: "sequence, id" }),
  );
}

/**
 * A lead's value is in the currency of its company, which cannot be written. An existing lead has a company; a new one
 * gets the one that keeps its books in that currency, where the database has several.
 */
export const checkCurrency: WriteStep<LeadInput> = async (context, { id, native, problems }) => {
  const wanted = native["company_currency"];
  delete native["company_currency"];
  if (typeof wanted !== "string") return;
  const refuse = (...possible: (string | null)[]) => {
    problems[inputPath("value", "currency")] =
      `Odoo stores this value in ${possible.join(" or ")}. Give the amount in this currency.`;
  };
  if (id !== null) {
    const [lead] = await searchRead(context, LEAD_MODEL, [["id", "=", Number(id)]], { fields: ["company_currency"] });
    if (!lead) throw notFound("lead");
    const currency = readText(lead["company_currency"]);
    if (currency !== wanted) refuse(currency);
    return;
  }
  const companies = await companiesOf(context);
  const company = companies.find((each) => readText(each["currency_id"]) === wanted);
  if (!company) refuse(...new Set(companies.map((each) => readText(each["currency_id"]))));
  else if (companies.length > 1) native["company_id"] = company.id;
};

function companiesOf(caller: ProviderContext): Promise<OdooRecord[]> {
  return caller.memo("odoo companies", (context) =>
    searchRead(context, "res.company", [["active", "=", true]], { fields: ["currency_id"], order: "sequence, id" }),
  );
}

/** Odoo stores a meeting's source lead in two places, and this updates both. Links to other models stay untouched. */
export const replaceDocument: WriteStep<MeetingInput> = async (context, { id, input, native }) => {
  if (id === null || input.leadIds === undefined) return;
  const [current] = await searchRead(context, MEETING_MODEL, [["id", "=", Number(id)]], { fields: ["res_model"] });
  if (!current) throw notFound("meeting");
  if (current["res_model"] !== LEAD_MODEL) return;
  const lead = native["opportunity_id"];
  Object.assign(native, lead ? { res_id: lead } : { res_id: false, res_model_id: false });
};

/** Puts the ids of country and state in the place of their names or codes; Odoo keeps both as records. */
export const placesByName: WriteStep = async (context, { native, problems }) => {
  const { country_id: country, state_id: state } = native;
  if (typeof country === "string") {
    const id = await countryId(context, country);
    if (id === undefined) problems[inputPath("addresses", "0.country")] = "Odoo has no country with this name or code.";
    else native["country_id"] = id;
  }
  if (typeof state !== "string" || typeof native["country_id"] === "string") return;
  const states = await statesCalled(context, state, native["country_id"]);
  if (states.length === 1) native["state_id"] = states[0]!.id;
  else {
    problems[inputPath("addresses", "0.state")] =
      states.length === 0
        ? "Odoo has no state with this name or code in this country."
        : "Several countries have a state with this name or code. Give the country as well.";
  }
};

async function countryId(caller: ProviderContext, text: string): Promise<number | undefined> {
  const countries = await caller.memo("odoo countries", (context) =>
    searchRead(context, "res.country", [], { fields: ["name", "code"] }),
  );
  return countries.find((country) => isCalled(country, text))?.id;
}

/** A name goes before a code. */
async function statesCalled(caller: ProviderContext, text: string, country: unknown): Promise<OdooRecord[]> {
  const states = await caller.memo(`odoo states ${String(country)} ${text.toLowerCase()}`, (context) =>
    searchRead(
      context,
      "res.country.state",
      [
        ...anyOf([isText("name", text)], [isText("code", text)]),
        ...(typeof country === "number" ? [["country_id", "=", country] as const] : []),
      ],
      { fields: ["name", "code"] },
    ),
  );
  const named = states.filter((state) => readText(state["name"])?.toLowerCase() === text.toLowerCase());
  return named.length > 0 ? named : states;
}

function isCalled(place: OdooRecord, text: string): boolean {
  return [place["name"], place["code"]].some((name) => readText(name)?.toLowerCase() === text.toLowerCase());
}

/** Records that a field is made of and that take a call of their own, one for a whole batch. */
export interface RelatedRecords {
  /** The name under which the field map finds them beside the record's own fields; read where a field needs them. */
  as: `$${string}`;
  load(context: ProviderContext, records: readonly OdooRecord[]): Promise<(record: OdooRecord) => unknown>;
}

/** More tags than people keep; of those beyond, each is asked for when a record has it. */
const TAGS_MAX = 2_000;

type Names = ReadonlyMap<string, string>;

/** The names of tags; what Odoo shows of a tag has the names of its parents in front. */
export function tagNames(native: string, model: string): RelatedRecords {
  return {
    as: "$tags",
    async load(context, records) {
      const used = new Set(records.flatMap((record) => readReferences(record[native])));
      if (used.size === 0) return () => [];
      const known = await context.memo(`odoo tags ${model}`, (shared) => readNames(shared, model, [], TAGS_MAX));
      const unknown = [...used].filter((id) => !known.has(id)).map(Number);
      const others = unknown.length === 0 ? known : await readNames(context, model, [["id", "in", unknown]]);
      return (record) =>
        readReferences(record[native])
          .map((id) => known.get(id) ?? others.get(id))
          .filter((name) => name !== undefined);
    },
  };
}

async function readNames(context: ProviderContext, model: string, domain: Domain, limit?: number): Promise<Names> {
  const options = { fields: ["name"], ...(limit === undefined ? {} : { limit, order: "id asc" }) };
  const tags = await searchRead(context, model, domain, options);
  return new Map(tags.map((tag) => [String(tag.id), readText(tag["name"]) ?? ""]));
}
