import { CrmError, type CrmErrorDetails } from "../../errors/crm-error.js";
import type { OAuthErrorMeaning } from "../contract/oauth.js";

type Meanings = Readonly<Record<string, OAuthErrorMeaning>>;

const STANDARD: Meanings = {
  // RFC 6749 §4.1.2.1 and §5.2
  invalid_grant: "GRANT",
  access_denied: "GRANT",
  invalid_client: "CLIENT",
  unauthorized_client: "CLIENT",
  temporarily_unavailable: "BUSY",
  // RFC 6750 §3.1, which revocation endpoints also use
  invalid_token: "GRANT",
  // OpenID Connect Core §3.1.2.6; Microsoft sends it for a refresh if the user has to sign in again.
  interaction_required: "GRANT",
  login_required: "GRANT",
  consent_required: "GRANT",
};

/** Seconds to wait if the vendor limits tokens without naming a time. */
const LIMIT_S = 60;

const OPERATORS_MISTAKE = {
  CLIENT: "The provider refused crmesh’s OAuth client. The operator of crmesh must correct the client id or secret.",
  REDIRECT_URI:
    "The provider refused crmesh’s redirect URI. The operator of crmesh must register it there, letter for letter.",
};

/**
 * Translates the error codes of an authorization server into a CrmError. The first known code decides: NEEDS_REAUTH if
 * the server refuses the grant; SERVICE_UNAVAILABLE if it refuses crmesh's client, because the operator must correct
 * this and no end user has to reconnect; otherwise PROVIDER_RATE_LIMITED, PROVIDER_UNAVAILABLE or PROVIDER_ERROR.
 * @param own the vendor's codes in addition to the standard codes
 */
export function oauthFault(codes: readonly string[], own: Meanings | undefined, details: CrmErrorDetails): CrmError {
  const meaning = codes.map((code) => meaningOf(code, own)).find((known) => known !== undefined);
  switch (meaning) {
    case "GRANT":
      return new CrmError("NEEDS_REAUTH", details);
    case "CLIENT":
    case "REDIRECT_URI":
      return new CrmError("SERVICE_UNAVAILABLE", { ...details, detail: OPERATORS_MISTAKE[meaning] });
    case "LIMIT":
      return new CrmError("PROVIDER_RATE_LIMITED", { retryAfter: LIMIT_S, ...details });
    case "BUSY":
      return new CrmError("PROVIDER_UNAVAILABLE", details);
    case undefined:
      return new CrmError("PROVIDER_ERROR", details);
  }
}

/**
 * Chooses the code to show: the known code that decides, or the last text that looks like a code. Other texts are never
 * shown, because a server can send anything, even the token that it received.
 */
export function shownCode(codes: readonly string[], own: Meanings | undefined): { code?: string } {
  const code = codes.find((one) => meaningOf(one, own)) ?? codes.findLast((one) => /^[a-z][a-z_ -]{1,39}$/i.test(one));
  return code === undefined ? {} : { code };
}

function meaningOf(code: string, own: Meanings = {}): OAuthErrorMeaning | undefined {
  if (Object.hasOwn(own, code)) return own[code];
  return Object.hasOwn(STANDARD, code) ? STANDARD[code] : undefined;
}
