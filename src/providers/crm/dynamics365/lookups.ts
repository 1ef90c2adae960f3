import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import type { ExistingIds, Lookup } from "../../kit/resource-rules.js";
import { readText } from "../../mapping/json-dialect.js";
import { account, currency } from "./answers.js";
import { isAnyOf, readAll } from "./api.js";
import { customFields, optionOf } from "./definitions.js";
import { PROVIDER_NAME } from "./dialect.js";
import { principals } from "./owners.js";

/** @throws FieldProblem for a text that Dataverse does not know */
type Resolver = (context: ProviderContext, text: string, table: string) => Promise<object>;

/** Columns for which callers give a name or an id, each with the function that finds the values to write. */
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
    if (found) return { "ownerid@odata.bind": found.path };
    throw new FieldProblem(`${PROVIDER_NAME} has no such user or team.`, "", "ownerId");
  },
  "transactioncurrencyid@odata.bind": async (context, code) => {
    const load = (shared: ProviderContext) =>
      readAll(shared, "transactioncurrencies", { $select: "isocurrencycode" }, currency);
    const found = (await context.memo("currencies", load)).find((one) => one.isocurrencycode === code);
    const id = String(found?.transactioncurrencyid);
    if (found) return { "transactioncurrencyid@odata.bind": `/transactioncurrencies(${id})` };
    throw new FieldProblem(`${PROVIDER_NAME} does not have this currency.`, "currency", "value");
  },
};

/** Replaces the names that callers give with the values that Dataverse requires. */
export function namesOf(table: string): Lookup<ResourceName>[] {
  const columns = Object.entries(RESOLVERS).map(([column, resolve]): Lookup<ResourceName> => async (context, write) => {
    const given = write.native[column];
    if (typeof given === "string") Object.assign(write.native, await resolve(context, given, table));
  });
  return [...columns, optionNumbers(table)];
}

/** Turns option numbers into JSON numbers. crmesh reads and writes the options of custom fields by their numbers. */
function optionNumbers(table: string): Lookup<ResourceName> {
  return async (context, { input, native, refuse }) => {
    const fields = input.customFields?.length ? await customFields(context, table) : [];
    for (const [index, { key }] of (input.customFields ?? []).entries()) {
      const field = fields.find((one) => one.key === key);
      if (native[key] === null || field?.type !== "SELECT") continue;
      if (/^\d+$/.test(readText(native[key]) ?? "")) native[key] = Number(native[key]);
      else {
        const known = [...(field.optionLabels ?? [])].map(([number, label]) => `${number} (${label})`).join(", ");
        const problem =
          known === "" ? "Expected the number of an option." : `Expected the number of an option: ${known}.`;
        refuse("customFields", problem, `${index}.value`);
      }
    }
  };
}

export const existingAccounts: ExistingIds = async (context, ids) => {
  const accounts = await readAll(context, "accounts", { $select: "accountid", ...isAnyOf("accountid", ids) }, account);
  return new Set(accounts.map(({ accountid }) => String(accountid)));
};
