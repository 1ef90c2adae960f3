import type { CrmError } from "../../../errors/crm-error.js";
import type { OperationAnalysis } from "../analysis.js";
import { BOUNDS, boundExceeded, limitExceeded, type Bounds } from "../bounds.js";
import type { OperationContext } from "../context.js";
import { priceOperation } from "./price-operation.js";
import type { PlannedArguments } from "./planned-arguments.js";

/**
 * Prices an operation, and refuses it if it is dearer than the operator or its API key allows. An operation that is only
 * priced keeps the refusal in its context.
 * @throws CrmError INVALID_INPUT that names the bound
 */
export async function assertAffordable(
  context: OperationContext,
  bounds: Bounds,
  analysis: OperationAnalysis,
  args: PlannedArguments,
): Promise<void> {
  const refuse = (error: CrmError): void => {
    if (!context.priceOnly) throw error;
    context.refusal ??= error;
  };
  const { records } = analysis;
  if (records > bounds.records) refuse(boundExceeded(bounds, "records", records, "may read up to"));
  const { maxCalls } = context.principal;
  const isOfKey = maxCalls !== null && maxCalls < bounds.calls;
  const limit = isOfKey
    ? { limit: maxCalls, variable: "--max-calls of this API key" }
    : { limit: bounds.calls, variable: BOUNDS.calls.variable };
  context.price = await priceOperation(context, analysis, args, limit);
  const { calls } = context.price;
  if (calls > limit.limit) refuse(limitExceeded("calls", limit, calls, "may make up to"));
}
