import { CrmError } from "../../errors/crm-error.js";
import { inputPath } from "./write-record.js";

/**
 * Checks that a meeting ends after it starts. Not every CRM does.
 * @param atFault the input to name
 * @throws CrmError INVALID_DATE_RANGE
 */
export function assertMeetingRange(startAt: Date, endAt: Date, atFault: "startAt" | "endAt" = "endAt"): void {
  if (endAt > startAt) return;
  const sentence = atFault === "endAt" ? "Expected an end after the start." : "Expected a start before the end.";
  throw new CrmError("INVALID_DATE_RANGE", { errors: { [inputPath(atFault)]: sentence } });
}
