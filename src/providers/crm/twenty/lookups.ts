import type { ProviderContext } from "../../contract/contract.js";
import { FieldProblem, type NativeRecord } from "../../contract/field-map.js";
import type { PendingWrite, Reading } from "../../kit/resource-kit.js";
import { allRecords } from "./api.js";
import { flat, readText } from "./dialect.js";
import { idIn } from "./query.js";

async function companyNames(
  context: ProviderContext,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<unknown, unknown>> {
  const filters = [idIn("id", [...ids])];
  const companies = ids.size === 0 ? [] : await allRecords(context, "companies", { filters });
  return new Map(companies.map(({ id, name }) => [id, name]));
}

export async function withCompanies(context: ProviderContext, people: readonly NativeRecord[], reading: Reading) {
  const ids = reading.needs("$company") ? people.flatMap(({ companyId }) => readText(companyId) ?? []) : [];
  const names = await companyNames(context, new Set(ids));
  return people.map((person) => ({ ...flat(person), $company: names.get(person["companyId"]) }));
}

/** Checks the company before the write, because Twenty's refusal is a raw database error. */
export async function checkCompany(context: ProviderContext, { native }: PendingWrite<"contact">): Promise<void> {
  const id = readText(native["companyId"]);
  if (id === null || (await companyNames(context, new Set([id]))).size > 0) return;
  throw new FieldProblem("Twenty has no company with this id.", "id", "company");
}
