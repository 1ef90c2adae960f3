import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import type { Lookup, PartLoader } from "../../kit/resource-rules.js";
import { searchRead, type OdooRecord } from "./api.js";
import { fieldCheck, isWritten, modelFields, writeCustomValue } from "./definitions.js";
import { readReferences, readText, writeReferences } from "./dialect.js";
import { LEAD_MODEL } from "./lead-map.js";
import { anyOf, isText, type Domain } from "./query.js";

/** Look-ups of records that callers know by name: tags, sources, stages and places. Unknown names are refused, never created. */

/** Records that are found by their names. */
const NAMED = { name: "name" };

/** Replaces the names of tags with their ids. */
export function tagsByName(field: string, model: string): Lookup<ResourceName> {
  return async (context, { native, refuse }) => {
    const names = native[field] as string[] | undefined;
    if (names === undefined) return;
    // Odoo would link an archived tag, and show it nowhere.
    const options = { fields: ["name"], activeOnly: true };
    const found = names.length === 0 ? [] : await searchRead(context, model, [["name", "in", names]], options, NAMED);
    const ids = names.map((name, index) => {
      const id = found.find((tag) => tag["name"] === name)?.id;
      if (id === undefined) refuse("tags", "Odoo has no tag with this name. Use an existing tag.", String(index));
      return id ?? false;
    });
    native[field] = writeReferences([...new Set(ids)]);
  };
}

/** Replaces the name of a lead's source with its id. */
export const sourceByName: Lookup<"lead"> = async (context, { native, refuse }) => {
  const name = native["source_id"];
  if (typeof name !== "string") return;
  const [found] = await searchRead(context, "utm.source", [isText("name", name)], { fields: ["id"], limit: 1 });
  if (found) native["source_id"] = found.id;
  else refuse("source", "Odoo has no source with this name. Use an existing source.");
};

/**
 * Replaces the name of a lead's stage with its id. If several stages have the name, uses the first one in Odoo's order.
 */
export const stageByName: Lookup<"lead"> = async (context, { input, native, refuse }) => {
  const name = native["stage_id"];
  if (typeof name !== "string") return;
  const stages = await stagesOf(context);
  const found = stages.find((stage) => readText(stage["name"])?.toLowerCase() === name.toLowerCase());
  if (found) native["stage_id"] = found.id;
  else {
    const names = stages.map((stage) => readText(stage["name"])).join(", ");
    const problem = `Odoo has no stage “${name}”. Give one of these stages as rawStatus: ${names}.`;
    refuse(input.rawStatus ? "rawStatus" : "status", problem);
  }
};

function stagesOf(caller: ProviderContext): Promise<OdooRecord[]> {
  return caller.memo("odoo stages", (context) =>
    searchRead(context, "crm.stage", [], { fields: ["name"], order: "sequence, id" }, NAMED),
  );
}

/**
 * A lead's value is in the currency of its company, which cannot be written. An existing lead has a company. A new lead
 * gets the company that keeps its books in the currency, if the database has several companies.
 */
export const checkCurrency: Lookup<"lead"> = async (context, { native, current, refuse }) => {
  const wanted = native["company_currency"];
  delete native["company_currency"];
  if (typeof wanted !== "string") return;
  const refuseOther = (...possible: (string | null)[]) =>
    refuse(
      "value",
      `Odoo stores this value in ${possible.join(" or ")}. Give the amount in this currency.`,
      "currency",
    );
  if (current) {
    const currency = readText(current["company_currency"]);
    if (currency !== wanted) refuseOther(currency);
    return;
  }
  const companies = await companiesOf(context);
  const company = companies.find((each) => readText(each["currency_id"]) === wanted);
  if (!company) refuseOther(...new Set(companies.map((each) => readText(each["currency_id"]))));
  else if (companies.length > 1) native["company_id"] = company.id;
};

function companiesOf(caller: ProviderContext): Promise<OdooRecord[]> {
  return caller.memo("odoo companies", (context) =>
    searchRead(
      context,
      "res.company",
      [["active", "=", true]],
      { fields: ["currency_id"], order: "sequence, id" },
      { relation: "currency_id" },
    ),
  );
}

/** Odoo stores a meeting's source lead in two places, and this updates both. Links to other models stay untouched. */
export const replaceDocument: Lookup<"meeting"> = (_context, { input, native, current }) => {
  if (input.leadIds === undefined || current?.["res_model"] !== LEAD_MODEL) return;
  const lead = native["opportunity_id"];
  Object.assign(native, lead ? { res_id: lead } : { res_id: false, res_model_id: false });
};

/** Replaces the names or codes of country and state with their ids. Odoo stores both as records. */
export const placesByName: Lookup<ResourceName> = async (context, { native, refuse }) => {
  const { country_id: country, state_id: state } = native;
  if (typeof country === "string") {
    const id = await countryId(context, country);
    if (id === undefined) refuse("addresses", "Odoo has no country with this name or code.", "0.country");
    else native["country_id"] = id;
  }
  if (typeof state !== "string" || typeof native["country_id"] === "string") return;
  const states = await statesCalled(context, state, native["country_id"]);
  if (states.length === 1) native["state_id"] = states[0]!.id;
  else {
    const problem =
      states.length === 0
        ? "Odoo has no state with this name or code in this country."
        : "Several countries have a state with this name or code. Give the country as well.";
    refuse("addresses", problem, "0.state");
  }
};

async function countryId(caller: ProviderContext, text: string): Promise<number | undefined> {
  const countries = await caller.memo("odoo countries", (context) =>
    searchRead(context, "res.country", [], { fields: ["name", "code"] }, NAMED),
  );
  return countries.find((country) => isCalled(country, text))?.id;
}

/** Finds states by their name or code. States with the name take precedence over states with the code. */
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
      NAMED,
    ),
  );
  const named = states.filter((state) => readText(state["name"])?.toLowerCase() === text.toLowerCase());
  return named.length > 0 ? named : states;
}

function isCalled(place: OdooRecord, text: string): boolean {
  return [place["name"], place["code"]].some((name) => readText(name)?.toLowerCase() === text.toLowerCase());
}

/** Custom fields are written by their type. Odoo's refusal of an unknown field or a wrong value does not name it. */
export function customValues(model: string): Lookup<ResourceName> {
  return async (context, { input, native, refuse }) => {
    const names = (input.customFields ?? []).map(({ key }) => key);
    if (names.length === 0) return;
    const fields = await modelFields(context, model);
    for (const name of names) {
      try {
        const field = fields[name];
        if (field && !isWritten(name, field))
          refuse("customFields", "Odoo or another record decides about this field. Omit it.", name);
        else if (field) native[name] = writeCustomValue(native[name], field);
        else refuse("customFields", "Odoo has no custom field with this key.", name);
      } catch (error) {
        if (!(error instanceof FieldProblem)) throw error;
        refuse("customFields", error.message, name);
      }
    }
  };
}

/**
 * Clearing a field that this database lacks changes nothing. A value for it is refused.
 * @param inputs native field → the input that it is written from
 */
export function absentFields(model: string, inputs: Readonly<Record<string, string>>): Lookup<ResourceName> {
  return async (context, { native, refuse }) => {
    const exists = await fieldCheck(context, model, Object.keys(native));
    for (const [name, value] of Object.entries(native)) {
      if (exists(name)) continue;
      delete native[name];
      if (value !== false)
        refuse(inputs[name] ?? name, `This Odoo database does not have the field ${name}. Omit the value.`);
    }
  };
}

/** Related records that a field needs. One separate call reads them for a whole batch. */
export interface RelatedRecords {
  /**
   * The name under which the field map finds them in the record. They are read only if a selected field needs this
   * name.
   */
  as: `$${string}`;
  load: PartLoader;
}

/** Maximum number of cached tags, more than most databases have. Further tags are read when a record has them. */
const TAGS_MAX = 2_000;

type Names = ReadonlyMap<string, string>;

/** Reads the names of tags. The display name of a tag would begin with the names of its parent tags. */
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
