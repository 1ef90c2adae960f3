import { CrmError } from "../../errors/crm-error.js";
import type { Credentials } from "../../providers/contract/contract.js";

/** Runs a check of given credentials; what it finds wrong with them is named as the caller knows it. */
export function namingInputs<Result>(given: Credentials, check: () => Result): Result {
  const rename = (error: unknown): never => {
    if (!(error instanceof CrmError) || !error.details.errors) throw error;
    const errors: Record<string, string> = {};
    for (const [path, problem] of Object.entries(error.details.errors)) errors[inputPathOf(path, given)] = problem;
    throw new CrmError(error.code, { ...error.details, errors });
  };
  try {
    const result = check();
    return (result instanceof Promise ? result.catch(rename) : result) as Result;
  } catch (error) {
    return rename(error);
  }
}

/** A host that may not be reached stands in the one credential that is an address. */
function inputPathOf(path: string, given: Credentials): string {
  const address = Object.keys(given).find((name) => URL.canParse(given[name]!));
  return path === "host" && address !== undefined ? `input.credentials.${address}` : `input.${path}`;
}
