import { CrmError } from "../../../errors/crm-error.js";
import { UnsupportedListing } from "./unsupported.js";

/** The arguments that a CRM may be unable to serve. */
const LISTING_ARGUMENTS = /^(filter|orderBy)(\.|$)/;

/**
 * Returns why a CRM cannot list in the requested way, or null for any other failure. Adapters refuse some combinations of
 * filters and orders with INVALID_INPUT.
 */
export function unsupportedReason(failure: Error): string | null {
  if (failure instanceof UnsupportedListing) return failure.message;
  if (!(failure instanceof CrmError)) return null;
  const { code, details } = failure;
  if (code === "UNSUPPORTED_RESOURCE") return details.detail ?? failure.message;
  const errors = Object.entries(details.errors ?? {});
  const isRefusal = code === "INVALID_INPUT" && errors.length > 0;
  if (!isRefusal || !errors.every(([path]) => LISTING_ARGUMENTS.test(path))) return null;
  return errors.map(([, text]) => text).join(" ");
}

/** The error with the numerically highest status, and of those the one with the longest wait. */
export function gravest(errors: readonly CrmError[]): CrmError {
  return errors.reduce((worst, error) => {
    if (error.status !== worst.status) return error.status > worst.status ? error : worst;
    return (error.details.retryAfter ?? 0) > (worst.details.retryAfter ?? 0) ? error : worst;
  });
}
