import type { ProviderContext } from "../../contract/contract.js";
import type { CustomFieldDefinition, NativeRecord } from "../../contract/field-map.js";
import type { ColumnRules } from "../../kit/columns.js";
import type { ExistingIds, Lookup, PartLoader } from "../../kit/resource-rules.js";
import { anything, list, nullable, optional } from "../../../upstream/decode.js";
import { memberAt, objectAt } from "../../mapping/members.js";
import { named, person } from "./answers.js";
import { PERSONS, readAll, readByIds, readPage, V1, V2 } from "./api.js";
import { fields, namesIn, type Definition, type Names } from "./definitions.js";
import { kit, PROVIDER_NAME } from "./dialect.js";

/** Organizations, labels and options of fields, to which people and leads refer by ids. */
export class Related {
  readonly #path: string;
  readonly #organization: string;

  constructor(kind: "person" | "lead") {
    this.#path = kind === "lead" ? `${V1}/leadFields` : `${V2}/personFields`;
    this.#organization = kind === "lead" ? "organization_id" : "org_id";
  }

  readonly customFields = (context: ProviderContext): Promise<Definition[]> => fields(context, this.#path);

  async #labels(context: ProviderContext): Promise<Names> {
    if (this.#path.startsWith(V1)) {
      return namesIn(await context.memo("leadLabels", (shared) => readAll(shared, `${V1}/leadLabels`, {}, named)));
    }
    const keys = ["label_ids", "label"];
    return (await fields(context, this.#path)).find(({ key }) => keys.includes(key))?.options ?? new Map();
  }

  readonly parts: Readonly<Record<string, PartLoader>> = {
    $organization: async (context, records) => {
      const ids = new Set(records.flatMap((native) => kit.readText(native[this.#organization]) ?? []));
      const names = await organizationNames(context, [...ids]);
      return (native) => names.get(String(native[this.#organization])) ?? null;
    },
    $labels: async (context) => {
      const labels = await this.#labels(context);
      return (native) => labelsOf(native).flatMap((id) => labels.get(String(id)) ?? []);
    },
  };

  readonly labelIds: Lookup<"contact" | "lead"> = async (context, { native, refuse }) => {
    const names = labelsOf(native);
    if (names.length === 0) return;
    const labels = await this.#labels(context);
    native["label_ids"] = names.map((name, index) =>
      idOf(name, labels, (problem) => refuse("tags", problem, String(index))),
    );
  };

  readonly optionIds: Lookup<"contact" | "lead"> = async (context, { input, native, refuse }) => {
    const keys = (input.customFields ?? []).map(({ key }) => key).filter((key) => native[key] !== null);
    const definitions = keys.length > 0 ? await this.customFields(context) : [];
    for (const { key, type, options } of definitions) {
      if (options.size === 0 || !keys.includes(key)) continue;
      const ids = [native[key]]
        .flat()
        .map((value) => idOf(value, options, (problem) => refuse("customFields", problem, key)));
      // v1 has the visibility as a text.
      const isText = key === "visible_to" && this.#path.startsWith(V1);
      native[key] = type === "MULTI_SELECT" ? ids : isText ? String(ids[0]) : ids[0];
    }
  };
}

/** The ids of a record's labels, or the names of an input's. */
const labelsOf = (native: NativeRecord) => memberAt(native, "label_ids", optional(nullable(list(anything)))) ?? [];

export const existingOrganizations: ExistingIds = async (context, ids) =>
  new Set((await organizationNames(context, ids)).keys());

async function organizationNames(context: ProviderContext, ids: readonly string[]): Promise<Names> {
  return namesIn(await readByIds(context, `${V2}/organizations`, ids, {}, named));
}

/** Puts the values of custom fields beside the others, with options by their labels. */
export function shape(native: NativeRecord, customFields: readonly CustomFieldDefinition[]): NativeRecord {
  const values: NativeRecord = { ...native, ...objectAt(native, "custom_fields") };
  for (const definition of customFields) values[definition.key] = inWords(values[definition.key], definition);
  return values;
}

/** Replaces the ids of options with their labels. v1 returns several options as one text. A deleted option keeps its id. */
function inWords(value: unknown, { type, options }: CustomFieldDefinition): unknown {
  if (!options || options.size === 0 || kit.readText(value) === null) return value;
  const ids: unknown[] = Array.isArray(value) ? value : String(value).split(",");
  const words = ids.map((id) => options.get(String(id)) ?? id);
  return type === "MULTI_SELECT" ? words : words[0];
}

/**
 * Finds the id of a label or an option. Ids of people's labels and of options are numbers. Ids of lead labels are
 * texts.
 */
function idOf(name: unknown, names: Names, refuse: (problem: string) => void): string | number | undefined {
  const wanted = String(name).trim().toLowerCase();
  const [id] = [...names].find(([, label]) => label.toLowerCase() === wanted) ?? [];
  if (id !== undefined) return /^\d+$/.test(id) ? Number(id) : id;
  refuse(`${PROVIDER_NAME} has no “${String(name)}” here. Use one of: ${[...names.values()].join(", ")}.`);
  return undefined;
}

/** Fields that people have only if contact sync is on, with the inputs that are written to them. */
const SYNCED = { job_title: "title", postal_address: "addresses", notes: "description", birthday: "customFields" };

/** Pipedrive leaves absent fields out of answers without a refusal, and the look-up below keeps them out of writes. */
export const personColumns: ColumnRules = {
  definition: "contactSync",
  async load(context) {
    const isOn = await hasContactSync(context);
    const has = (column: string) => isOn || !(column in SYNCED);
    return { has, isWritable: has };
  },
  isRefusal: () => false,
};

/**
 * Refuses inputs that need contact sync if it is off. Clearing such a field changes nothing, so the field is omitted.
 */
export const checkContactSync: Lookup<"contact"> = async (context, { native, refuse }) => {
  const given = Object.entries(SYNCED).filter(([name]) => name in native);
  if (given.length === 0 || (await hasContactSync(context))) return;
  for (const [name, input] of given) {
    if (native[name] === null) delete native[name];
    else {
      const problem = `${PROVIDER_NAME} stores this field only if the company uses contact sync.`;
      refuse(input, problem, input === "customFields" ? name : undefined);
    }
  }
};

/**
 * Whether contact sync is on. Only then do people have its fields, even if the fields are empty. Without any person,
 * crmesh assumes that it is on.
 */
function hasContactSync(caller: ProviderContext): Promise<boolean> {
  return caller.memo("contactSync", async (context) => {
    const [first] = (await readPage(context, PERSONS, { limit: 1 }, null, person)).records;
    return first === undefined || "job_title" in first;
  });
}
