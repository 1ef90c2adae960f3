import { CrmError, type CrmErrorDetails } from "../../errors/crm-error.js";
import type { UpstreamResponse, UpstreamTraits } from "../../upstream/request.js";
import { retryAfterSeconds } from "../../upstream/retry-after.js";
import { isUnavailable } from "../../upstream/unavailable.js";
import { anything } from "../../upstream/decode.js";

/** The meaning of a response, independent of the CRM's wording. */
export type Verdict =
  /** The CRM refuses the credential itself, so renewing it may help. */
  | "CREDENTIAL"
  /** The credential is valid, but lacks a permission. */
  | "PERMISSION"
  | "NOT_FOUND"
  | "DUPLICATE"
  | "INVALID"
  | "MISSING"
  | "UNSUPPORTED"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  /** A refusal for which no code of the catalogue is more precise, and which a repetition does not change. */
  | "FINAL"
  | "ERROR";

/** Facts about a response that its status does not show. */
export interface Finding {
  /** Set if the body or the headers are more precise than the status. */
  verdict?: Verdict;
  /** The CRM's own error code. */
  code?: string | undefined;
  /** The CRM's own id of the request. */
  requestId?: string | undefined;
  /** Native field → a sentence about its fault. */
  errors?: Record<string, string>;
  /**
   * A sentence for the developer who called crmesh. Never a text of the CRM that may contain secrets or personal data.
   */
  detail?: string | undefined;
  /** The id of the existing record that the new record duplicates. */
  existingId?: string | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  /** Seconds to wait if neither `retryAfter` nor a header states a time. */
  waitS?: number | undefined;
}

export interface FaultReader {
  providerName: string;
  /** Reads a refusal. `body` is undefined if it is not JSON. */
  fault(body: unknown, response: UpstreamResponse): Finding;
  /** Reads a response with a status of 2xx. Returns a finding if the response reports a failure. */
  success?(body: unknown, response: UpstreamResponse): Finding | null;
  /** Seconds to wait if a refusal for a rate limit states no time. */
  limitedS: number;
}

/** Builds a CRM's `classify`. Only the wording of errors differs between CRMs; the rest is the same for all. */
export function classifier(reader: FaultReader): UpstreamTraits["classify"] {
  return (response) => {
    const body = response.isJson ? response.body.decode(anything) : undefined;
    if (response.status >= 200 && response.status < 300) {
      const finding = reader.success?.(body, response) ?? unexpectedSuccess(reader, response);
      return finding && errorOf(reader, response, { verdict: "ERROR", ...finding });
    }
    return errorOf(reader, response, reader.fault(body, response));
  };
}

/** Statuses with which an API says that it has done what the request asks for. 202 says that it has not done it yet. */
const DONE: ReadonlySet<number> = new Set([200, 201, 204, 207]);

/** A page of HTML with status 200 is not an answer of the API. A 204 has no body at all. */
function unexpectedSuccess({ providerName }: FaultReader, { status, isJson, body }: UpstreamResponse): Finding | null {
  if (!DONE.has(status)) return { detail: `${providerName} has not completed the request: its status is ${status}.` };
  return isJson || body.decode(isEmpty) ? null : { detail: `${providerName}’s response is not JSON.` };
}

const isEmpty = (body: unknown) => body === "";

function errorOf({ providerName, limitedS }: FaultReader, response: UpstreamResponse, finding: Finding): CrmError {
  const { code, requestId, errors, existingId } = finding;
  const retryAfter =
    finding.retryAfter ?? retryAfterSeconds(response.headers["retry-after"], Date.now()) ?? finding.waitS;
  const verdict = finding.verdict ?? verdictOf(response.status, errors);
  const detail = finding.detail ?? statusDetail(providerName, response);
  const details: CrmErrorDetails = {
    upstream: {
      status: response.status,
      ...(code === undefined ? {} : { code }),
      ...(requestId === undefined ? {} : { requestId }),
    },
    ...(detail === undefined ? {} : { detail }),
  };
  const wait = retryAfter === undefined ? {} : { retryAfter };
  switch (verdict) {
    case "CREDENTIAL":
      return new CrmError("PROVIDER_AUTH_FAILED", details, { credentialRefused: true });
    case "PERMISSION":
      return new CrmError("PROVIDER_AUTH_FAILED", {
        detail: `The connection lacks a permission at ${providerName}.`,
        ...details,
      });
    case "NOT_FOUND":
      // Some CRMs report a missing record with another status. The error always has 404.
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
    case "FINAL":
      return new CrmError("PROVIDER_ERROR", { ...details, isFinal: true });
    case "ERROR":
      return new CrmError("PROVIDER_ERROR", { ...details, ...wait });
  }
}

/** Statuses with which a server refuses a body, a URL or headers for their size. */
const TOO_LARGE: ReadonlySet<number> = new Set([413, 414, 431]);

const isRedirect = (status: number) => status >= 300 && status < 400;

/** What a status says that no CRM explains: the server in front of it answered. */
function statusDetail(providerName: string, { status, headers }: UpstreamResponse): string | undefined {
  if (TOO_LARGE.has(status)) return `The server of ${providerName} refuses a request of this size. Send less at once.`;
  if (!isRedirect(status)) return undefined;
  const [location] = [headers["location"]].flat();
  const target = URL.parse(location ?? "");
  // Only the origin: the rest of a URL may have data of a session.
  const where = target ? `to ${target.origin}` : "to another path";
  return `The server at ${providerName}’s address redirects ${where}. Connect with the address to which it redirects.`;
}

function verdictOf(status: number, errors: Record<string, string> | undefined): Verdict {
  if (status === 401) return "CREDENTIAL";
  if (status === 403) return "PERMISSION";
  if (status === 404 || status === 410) return "NOT_FOUND";
  if (status === 429) return "RATE_LIMITED";
  if (isUnavailable(status)) return "UNAVAILABLE";
  if (TOO_LARGE.has(status) || isRedirect(status)) return "FINAL";
  return (status === 400 || status === 422) && errors && Object.keys(errors).length > 0 ? "INVALID" : "ERROR";
}
