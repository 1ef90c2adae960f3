import type { HubSpotAccount, StoredRecord } from "./account.js";
import { type BatchError, HubSpotError } from "./errors.js";
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

/** 207 as soon as anything failed, even if everything did. */
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

export interface TracedInput {
  objectWriteTraceId?: string | undefined;
}

export interface Written {
  record: StoredRecord;
  undo: () => void;
}

export interface WrittenInput<Input> {
  input: Input;
  record: StoredRecord;
}

/** All or nothing, unless every input has a trace id: then what can be written is, and the rest is reported. */
export function writeBatch<Input extends TracedInput>(
  inputs: readonly Input[],
  write: (input: Input) => Written,
): BatchOutcome<WrittenInput<Input>> {
  if (inputs.some(({ objectWriteTraceId }) => objectWriteTraceId === undefined)) {
    return { results: writeAllOrNone(inputs, write), errors: [] };
  }
  const outcome: BatchOutcome<WrittenInput<Input>> = { results: [], errors: [] };
  for (const input of inputs) {
    try {
      outcome.results.push({ input, record: write(input).record });
    } catch (error) {
      if (!(error instanceof HubSpotError)) throw error;
      outcome.errors.push(error.batchEntry({ objectWriteTraceId: [input.objectWriteTraceId!] }));
    }
  }
  return outcome;
}

/** Throws the first refusal, after taking back what was written before it. */
export function writeAllOrNone<Input>(
  inputs: readonly Input[],
  write: (input: Input) => Written,
): WrittenInput<Input>[] {
  const done: (Written & WrittenInput<Input>)[] = [];
  try {
    for (const input of inputs) done.push({ input, ...write(input) });
  } catch (error) {
    for (const { undo } of done.reverse()) undo();
    throw error;
  }
  return done;
}
