import { CrmError, type UpstreamFacts } from "../../errors/crm-error.js";
import { lenient, record } from "../../upstream/decode.js";
import type { UpstreamResponse, UpstreamTraits } from "../../upstream/request.js";
import { retryAfterSeconds } from "../../upstream/retry-after.js";
import { isUnavailable } from "../../upstream/unavailable.js";
import type { OAuthDefinition } from "../contract/oauth.js";
import { oauthFault, shownCode } from "./error-codes.js";

/** Seconds to wait if no header states the end of a rate limit. Longer than the waits that crmesh makes itself. */
const LIMITED_S = 10;

/** Traits of the token and revocation endpoints of all vendors. Only the error codes differ. */
export function oauthTraits({ errorCodes }: Pick<OAuthDefinition, "errorCodes">): UpstreamTraits {
  return {
    classify: (response) => classify(response, errorCodes),
    countRecords: () => undefined,
    rateRules: [],
  };
}

function classify(
  { status, headers, body, isJson }: UpstreamResponse,
  own: OAuthDefinition["errorCodes"],
): CrmError | null {
  const isSuccess = status >= 200 && status < 300;
  const { error, status: vendorStatus } = (isJson && body.decode(lenient(record({})))) || {};
  // Some vendors always answer 200, and put the error into the body.
  if (isSuccess && (typeof error !== "string" || error === "")) return null;

  const asked = retryAfterSeconds(headers["retry-after"], Date.now());
  const wait = asked === undefined ? {} : { retryAfter: asked };
  // HubSpot sends its own codes in addition to the standard codes, and they are more precise.
  const codes = [...(isSuccess ? [] : [vendorStatus]), error].filter((code) => typeof code === "string");
  const upstream: UpstreamFacts = { status, ...shownCode(codes, own) };
  if (status === 429) return new CrmError("PROVIDER_RATE_LIMITED", { upstream, retryAfter: asked ?? LIMITED_S });
  // Ignores the error code of a broken server, which may accept the grant later.
  if (isUnavailable(status)) {
    return new CrmError("PROVIDER_UNAVAILABLE", { upstream, ...wait });
  }
  if (status >= 500) return new CrmError("PROVIDER_ERROR", { upstream, ...wait });
  return oauthFault(codes, own, { upstream, ...wait });
}
