import type { HubSpotAccount } from "./account.js";
import type { BatchError } from "./errors.js";
import type { ObjectType } from "./object-types.js";

export interface BatchOutcome<Result> {
  results: Result[];
  errors: BatchError[];
}

export function batchBody<Result>(account: HubSpotAccount, { results, errors }: BatchOutcome<Result>) {
  const at = new Date(account.now()).toISOString();
  return {
    status: "COMPLETE",
    results,
    ...(errors.length > 0 ? { numErrors: errors.length, errors } : {}),
    startedAt: at,
    completedAt: at,
  };
}

/** Returns 207 if anything failed, even if everything failed. */
export function batchStatus(outcome: BatchOutcome<unknown>, success: 200 | 201): number {
  return outcome.errors.length > 0 ? 207 : success;
}

/** All missing ids share one entry. */
export function missingObjects(type: ObjectType, ids: readonly string[]): BatchError[] {
  if (ids.length === 0) return [];
  return [
    {
      status: "error",
      category: "OBJECT_NOT_FOUND",
      message: `Could not get some ${type.wireName} objects, they may be deleted or not exist. Check that ids are valid.`,
      context: { ids: [...ids] },
    },
  ];
}
