import type { ProviderContext } from "../../contract/contract.js";
import type { ExistingIds, PartLoader } from "../../kit/resource-rules.js";
import { allRecords } from "./api.js";
import { readText } from "./dialect.js";
import { idIn } from "./query.js";

async function companyNames(context: ProviderContext, ids: readonly string[]): Promise<ReadonlyMap<unknown, unknown>> {
  const filters = [idIn("id", [...new Set(ids)])];
  const companies = ids.length === 0 ? [] : await allRecords(context, "companies", { filters });
  return new Map(companies.map(({ id, name }) => [id, name]));
}

/** Twenty's refusal of an unknown company is a raw database error, so companies are looked up before a write. */
export const existingCompanies: ExistingIds = async (context, ids) =>
  new Set([...(await companyNames(context, ids)).keys()].map(String));

export const companyOf: PartLoader = async (context, people) => {
  const ids = people.flatMap(({ companyId }) => readText(companyId) ?? []);
  const names = await companyNames(context, ids);
  return ({ companyId }) => names.get(companyId);
};
