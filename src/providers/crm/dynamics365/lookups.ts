import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import type { PendingWrite } from "../../kit/resource-kit.js";
import { customFields, optionOf } from "./definitions.js";
import { PROVIDER_NAME } from "./dialect.js";
import { principals } from "./owners.js";
import { readAll } from "./api.js";

type Resolver = (context: ProviderContext, text: string, table: string) => Promise<object | null>;

/** Columns that callers fill by a name or an id, and what is written there; null where there is no such thing. */
const RESOLVERS: Readonly<Record<string, Resolver>> = {
  leadsourcecode: async (context, text, table) => {
    const input = table === "lead" ? "source" : "leadSource";
    return { leadsourcecode: (await optionOf(context, table, "leadsourcecode", input, text)).Value };
  },
  statuscode: async (context, text, table) => {
    const { State, Value } = await optionOf(context, table, "statuscode", "rawStatus", text);
    return { statecode: State, statuscode: Value };
  },
  "ownerid@odata.bind": async (context, id) => {
    const found = (await principals(context, [id])).get(id);
    return found ? { "ownerid@odata.bind": found.path } : null;
  },
  "transactioncurrencyid@odata.bind": async (context, code) => {
    const load = (shared: ProviderContext) => readAll(shared, "transactioncurrencies", { $select: "isocurrencycode" });
    const found = (await context.memo("currencies", load)).find((one) => one["isocurrencycode"] === code);
    const id = String(found?.["transactioncurrencyid"]);
    return found ? { "transactioncurrencyid@odata.bind": `/transactioncurrencies(${id})` } : null;
  },
  "parentcustomerid_account@odata.bind": async (context, path) => {
    const $filter = `accountid eq ${path.slice("/accounts(".length, -1)}`;
    return (await readAll(context, "accounts", { $select: "accountid", $filter })).length > 0 ? {} : null;
  },
};
const MISSING: Readonly<Record<string, readonly [what: string, input: string, path: string]>> = {
  "ownerid@odata.bind": ["user or team", "ownerId", ""],
  "transactioncurrencyid@odata.bind": ["currency", "value", "currency"],
  "parentcustomerid_account@odata.bind": ["account", "company", "id"],
};

/** Puts what Dataverse wants in the place of what callers name. @throws FieldProblem for what there is not */
export async function resolveNames<Resource extends ResourceName>(
  context: ProviderContext,
  table: string,
  { native, input }: PendingWrite<Resource>,
): Promise<void> {
  for (const [column, resolve] of Object.entries(RESOLVERS)) {
    const given = native[column];
    if (typeof given !== "string") continue;
    const found = await resolve(context, given, table);
    const [what = "", name = "", path = ""] = MISSING[column] ?? [];
    if (!found) throw new FieldProblem(`${PROVIDER_NAME} does not have this ${what}.`, path, name);
    Object.assign(native, found);
  }
  const fields = input.customFields?.length ? await customFields(context, table) : [];
  for (const [index, { key }] of (input.customFields ?? []).entries()) {
    // Options of an environment's own are read and written by their numbers.
    if (native[key] === null || fields.find((field) => field.key === key)?.type !== "SELECT") continue;
    if (!/^\d+$/.test(String(native[key]))) {
      throw new FieldProblem("Expected the number of an option.", `${index}.value`, "customFields");
    }
    native[key] = Number(native[key]);
  }
}
