import { CrmError } from "../../errors/crm-error.js";
import type { ProviderContext } from "../contract/contract.js";
import { EVERY_COLUMN, type Columns } from "../contract/columns.js";

/** How a CRM says which columns an account has. */
export interface ColumnRules {
  /** The name of the definition that `load` reads. */
  definition: string;
  load: (context: ProviderContext) => Promise<Columns>;
  /**
   * Set if the CRM carries out a write without the columns that the account lacks, and does not say so. They are then looked
   * up before each write.
   */
  writesSilently?: true;
  /** Whether the CRM may have refused a call because of a column. */
  isRefusal: (error: CrmError) => boolean;
}

/**
 * Runs a call with the columns of the account. Most accounts have all of them, so they are looked up only after the CRM has
 * refused one; from then on the definitions are asked first. The call then runs again without the missing ones. The price
 * of an operation counts neither the refused call nor the look-up.
 * @param name of the resource, for the memo
 * @param run must ask `columns` about every column that it uses
 */
export async function withColumns<Result>(
  context: ProviderContext,
  name: string,
  rules: ColumnRules | undefined,
  run: (columns: Columns) => Promise<Result>,
): Promise<Result> {
  if (!rules) return run(EVERY_COLUMN);
  const account = await context.memo(`columns refused ${name}`, () => Promise.resolve({ hasRefused: false }));
  // Whoever finds the definitions out of date drops them, so they are not kept here a second time.
  const used = watched(account.hasRefused ? await rules.load(context) : EVERY_COLUMN);
  try {
    return await run(used);
  } catch (error) {
    if (!(error instanceof CrmError) || !rules.isRefusal(error)) throw error;
    // A part of the write is done already, so it must not run again.
    if (error.details.outcome !== undefined) throw error;
    // What is known may have changed since.
    if (account.hasRefused) context.forget(rules.definition);
    const columns = await rules.load(context);
    account.hasRefused = true;
    if (used.agreesWith(columns)) throw error;
    return run(columns);
  }
}

/** The columns, and whether others give the same answers to all that was asked. */
function watched(columns: Columns) {
  const read = new Map<string, boolean>();
  const written = new Map<string, boolean>();
  const remembered = (answers: Map<string, boolean>, column: string, answer: boolean) => {
    answers.set(column, answer);
    return answer;
  };
  return {
    has: (column: string) => remembered(read, column, columns.has(column)),
    isWritable: (column: string) => remembered(written, column, columns.isWritable(column)),
    agreesWith: (other: Columns) =>
      [...read].every(([column, answer]) => other.has(column) === answer) &&
      [...written].every(([column, answer]) => other.isWritable(column) === answer),
  };
}
