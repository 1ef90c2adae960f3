import { CrmError, type CrmErrorDetails } from "../../errors/crm-error.js";
import type { UpstreamResponse, UpstreamTraits } from "../../upstream/request.js";
import { retryAfterSeconds } from "../../upstream/retry-after.js";
import { isUnavailable } from "../../upstream/unavailable.js";

/** The meaning of an answer, independent of the CRM's wording. */
export type Verdict =
  /** The credential itself is refused, so that renewing it may help. */
  | "CREDENTIAL"
  /** The credential is good, but may not do this. */
  | "PERMISSION"
  | "NOT_FOUND"
  | "DUPLICATE"
  | "INVALID"
  | "MISSING"
  | "UNSUPPORTED"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "ERROR";

/** The content of an answer beyond its status. */
export interface Finding {
  /** Set if the answer says more than its status. */
  verdict?: Verdict;
  /** The CRM's own error code. */
  code?: string | undefined;
  /** The CRM's own id of the request. */
  requestId?: string | undefined;
  /** Native field → what is wrong with it. */
  errors?: Record<string, string>;
  /** A sentence for the developer who reads the answer. Never a text of the CRM's that may hold more than it should. */
  detail?: string | undefined;
  /** The record that a duplicate collides with. */
  existingId?: string | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  /** Seconds to wait where neither `retryAfter` nor a header says it. */
  waitS?: number | undefined;
}

export interface FaultReader {
  providerName: string;
  /** Reads a refusal. `body` is undefined if it is not JSON. */
  fault(body: unknown, response: UpstreamResponse): Finding;
  /** Reads a 2xx. Returns a finding if it is no success after all. */
  success?(body: unknown, response: UpstreamResponse): Finding | null;
  /** Seconds to wait where a refusal for the limit names no time. */
  limitedS: number;
}

/** Builds a CRM's `classify` from what is its own: how it words its errors. The rest is the same for all. */
export function classifier(reader: FaultReader): UpstreamTraits["classify"] {
  return (response) => {
    const body = response.isJson ? response.body : undefined;
    if (response.status >= 200 && response.status < 300) {
      const finding = reader.success?.(body, response) ?? unexpectedSuccess(reader, response);
      return finding && errorOf(reader, response, { verdict: "ERROR", ...finding });
    }
    return errorOf(reader, response, reader.fault(body, response));
  };
}

/** A page of HTML with status 200 is not an answer of the API. A 204 has no body at all. */
function unexpectedSuccess({ providerName }: FaultReader, { isJson, body }: UpstreamResponse): Finding | null {
  return isJson || body === "" ? null : { detail: `${providerName}’s response is not JSON.` };
}

function errorOf({ providerName, limitedS }: FaultReader, response: UpstreamResponse, finding: Finding): CrmError {
  const { code, requestId, errors, detail, existingId } = finding;
  const retryAfter =
    finding.retryAfter ?? retryAfterSeconds(response.headers["retry-after"], Date.now()) ?? finding.waitS;
  const details: CrmErrorDetails = {
    upstream: {
      status: response.status,
      ...(code === undefined ? {} : { code }),
      ...(requestId === undefined ? {} : { requestId }),
    },
    ...(detail === undefined ? {} : { detail }),
  };
  const wait = retryAfter === undefined ? {} : { retryAfter };
  switch (finding.verdict ?? verdictOf(response.status, errors)) {
    case "CREDENTIAL":
      return new CrmError("PROVIDER_AUTH_FAILED", details, { credentialRefused: true });
    case "PERMISSION":
      return new CrmError("PROVIDER_AUTH_FAILED", {
        detail: `The connection lacks a permission at ${providerName}.`,
        ...details,
      });
    case "NOT_FOUND":
      // Not every CRM says it with this status, but this is what it means.
      return new CrmError(
        "PROVIDER_ERROR",
        { ...details, upstream: { ...details.upstream, status: 404 } },
        { recordMissing: true },
      );
    case "DUPLICATE":
      return new CrmError("DUPLICATE_RECORD", { ...details, ...(existingId === undefined ? {} : { existingId }) });
    case "INVALID":
      return new CrmError("INVALID_INPUT", { ...details, errors: errors ?? {} });
    case "MISSING":
      return new CrmError("MISSING_REQUIRED", { ...details, errors: errors ?? {} });
    case "UNSUPPORTED":
      return new CrmError("UNSUPPORTED_RESOURCE", details);
    case "RATE_LIMITED":
      return new CrmError("PROVIDER_RATE_LIMITED", { ...details, retryAfter: retryAfter ?? limitedS });
    case "UNAVAILABLE":
      return new CrmError("PROVIDER_UNAVAILABLE", { ...details, ...wait });
    case "ERROR":
      return new CrmError("PROVIDER_ERROR", { ...details, ...wait });
  }
}

function verdictOf(status: number, errors: Record<string, string> | undefined): Verdict {
  if (status === 401) return "CREDENTIAL";
  if (status === 403) return "PERMISSION";
  if (status === 404 || status === 410) return "NOT_FOUND";
  if (status === 429) return "RATE_LIMITED";
  if (isUnavailable(status)) return "UNAVAILABLE";
  return (status === 400 || status === 422) && errors && Object.keys(errors).length > 0 ? "INVALID" : "ERROR";
}
