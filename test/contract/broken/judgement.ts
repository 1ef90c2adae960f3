import { isDeepStrictEqual } from "node:util";
import { errorExtensions } from "../../../src/errors/format.js";
import type { CrmError } from "../../../src/errors/crm-error.js";
import type { AnyRecord } from "../stage/adapter.js";
import type { Outcome } from "./operations.js";
import type { Ending } from "./replay.js";

/** What is wrong with an ending; an empty list if nothing is. */
export type Faults = string[];

/**
 * The answer of a CRM was broken: the operation fails with PROVIDER_ERROR, or what it still answers is right and says
 * which fields it could not read.
 * @param write whether the broken answer was that of a request that changes something
 * @param wrote whether the run sent a request that changes something
 */
export function judgeBroken(
  ending: Ending,
  good: Outcome,
  { write, wrote }: { write: boolean; wrote: boolean },
): Faults {
  if (ending.bug !== undefined) return [`INTERNAL_ERROR: ${String(ending.bug)}`];
  if (ending.error) return [...judgeError(ending.error), ...judgeOutcome(ending.error, write, wrote)];
  if (write) return ["the write counts as carried out"];
  return judgeRest(ending.outcome!, good);
}

/**
 * One member that no decoder names was broken: the answer is the same but for the fields that are read from it.
 * @param reads whether a field or an edge is read from the member
 * @param wrote whether the run sent a request that changes something
 * @param isRead whether the operation changes nothing
 */
export function judgeHarmless(
  ending: Ending,
  good: Outcome,
  reads: (name: string) => boolean,
  { edge, wrote, isRead }: { edge: string | undefined; wrote: boolean; isRead: boolean },
): Faults {
  if (ending.bug !== undefined) return [`INTERNAL_ERROR: ${String(ending.bug)}`];
  // A write whose answer shows other values than were written says so, and asks the caller to look.
  if (wrote && ending.error?.details.outcome === "PARTIAL") return [];
  // A write looks at the record before, and may then refuse what does not go together with it.
  if (ending.error) return (isRead && good.records) || wrote ? [`it failed: ${ending.error.code}`] : [];
  const { records = [], names: _names, ...others } = ending.outcome!;
  const { records: goodRecords = [], names: _goodNames, ...goodOthers } = good;
  const isOfEdge = edge !== undefined && reads(edge);
  return [
    ...(isOfEdge || isSame(others, goodOthers) ? [] : ["the answer differs from the good one"]),
    ...judgeIds(records, goodRecords),
    ...records.flatMap((record, index) =>
      changesIn(record, goodRecords[index] ?? record)
        .filter((name) => !reads(name))
        .map((name) => `${name} differs and is not read from it`),
    ),
  ];
}

/** A decoder accepts the broken answer, so it is one that the CRM may give: nothing about it may look like a bug. */
export function judgePossible(ending: Ending): Faults {
  if (ending.bug !== undefined) return [`INTERNAL_ERROR: ${String(ending.bug)}`];
  const { records = [], value } = ending.outcome ?? {};
  const ids = [...records.map(({ nativeId }) => nativeId), ...(typeof value === "string" ? [value] : [])];
  return ids
    .filter((id) => /^(|undefined|null|NaN|true|false|\[object.*)$/.test(id))
    .map((id) => `the id “${id}” is invented`);
}

/** A cursor may name the fields that a listing reads: where they could not be read, it is another one. */
function isSame({ next: one, ...others }: Outcome, { next: other, ...goodOthers }: Outcome): boolean {
  return ((one ?? null) === null) === ((other ?? null) === null) && isDeepStrictEqual(others, goodOthers);
}

function judgeError({ code, details: { detail } }: CrmError): Faults {
  if (code !== "PROVIDER_ERROR") return [`the code is ${code}`];
  return detail === undefined || detail === "" ? ["the error says nothing of the answer"] : [];
}

function judgeOutcome(error: CrmError, write: boolean, wrote: boolean): Faults {
  const { outcome } = error.details;
  if (!write && !wrote) return outcome === undefined ? [] : [`nothing was written, and the outcome is ${outcome}`];
  const { retryable, detail = "" } = errorExtensions(error);
  return [
    ...(outcome === "UNKNOWN" || outcome === "PARTIAL" ? [] : [`the outcome is ${outcome ?? "missing"}`]),
    ...(retryable ? ["the write may be sent again"] : []),
    ...(detail.startsWith("Read the record") ? [] : ["the detail does not say to look for the record"]),
  ];
}

/** What was answered in spite of a broken answer: everything, or everything but the fields that failed. */
function judgeRest(outcome: Outcome, good: Outcome): Faults {
  const { records = [], ...others } = outcome;
  const { records: goodRecords = [], ...goodOthers } = good;
  return [
    ...(isSame(others, goodOthers) ? [] : ["the answer differs from the good one"]),
    ...judgeIds(records, goodRecords),
    ...records.flatMap((record, index) => {
      const whole = goodRecords[index];
      return whole ? judgeRecord(record, whole) : [];
    }),
  ];
}

function judgeIds(records: readonly AnyRecord[], whole: readonly AnyRecord[]): Faults {
  const ids = records.map(({ nativeId }) => nativeId);
  const goodIds = whole.map(({ nativeId }) => nativeId);
  return isDeepStrictEqual(ids, goodIds) ? [] : [`the records are ${ids.join(", ") || "none"}`];
}

function judgeRecord(record: AnyRecord, whole: AnyRecord): Faults {
  const { failures = {} } = record;
  const wrongCodes = Object.values(failures).flatMap((error) => judgeError(error));
  const failed = new Set(Object.keys(failures).map((path) => path.split(".")[0]));
  const wrong = changesIn(record, whole).filter((name) => !failed.has(name));
  return [...wrongCodes, ...wrong.map((name) => `${name} differs and did not fail`)];
}

/** The names of fields and edges that differ between two forms of a record. `raw` holds what the CRM sent. */
export function changesIn(one: AnyRecord, other: AnyRecord): string[] {
  const [before, after] = [
    { ...one.fields, ...one.links },
    { ...other.fields, ...other.links },
  ] as [Record<string, unknown>, Record<string, unknown>];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
