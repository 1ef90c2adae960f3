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
  // RFC 6750 §3.1, which revocation endpoints borrow
  invalid_token: "GRANT",
  // OpenID Connect Core §3.1.2.6; Microsoft answers a refresh so when the user has to sign in again.
  interaction_required: "GRANT",
  login_required: "GRANT",
  consent_required: "GRANT",
};

/** Seconds after which a vendor that names no time may give out tokens again. */
const LIMIT_S = 60;

const OPERATORS_MISTAKE = {
  CLIENT: "The provider refused crmesh’s OAuth client. The operator of crmesh must correct the client id or secret.",
  REDIRECT_URI:
    "The provider refused crmesh’s redirect URI. The operator of crmesh must register it there, letter for letter.",
};

/**
 * @param own the vendor's codes beside the standard ones
 *
 * The error that the codes of an authorization server's answer mean, the first known one deciding:
 * NEEDS_REAUTH where the grant is refused, SERVICE_UNAVAILABLE where crmesh itself is (a mistake of its operator, for
 * which no end user should have to reconnect), PROVIDER_RATE_LIMITED, PROVIDER_UNAVAILABLE or PROVIDER_ERROR otherwise.
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
 * The code to show of several: the one that decides, or the last that looks like one. A server could put anything
 * there, also the token that it was sent.
 */
export function shownCode(codes: readonly string[], own: Meanings | undefined): { code?: string } {
  const code = codes.find((one) => meaningOf(one, own)) ?? codes.findLast((one) => /^[a-z][a-z_ -]{1,39}$/i.test(one));
  return code === undefined ? {} : { code };
}

function meaningOf(code: string, own: Meanings = {}): OAuthErrorMeaning | undefined {
  if (Object.hasOwn(own, code)) return own[code];
  return Object.hasOwn(STANDARD, code) ? STANDARD[code] : undefined;
}
