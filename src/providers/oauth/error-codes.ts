import { CrmError, type CrmErrorDetails } from "../../errors/crm-error.js";

/** What an error code of an authorization server amounts to. Texts are the vendors' to change, so none is read. */
type Meaning = "GRANT" | "CLIENT" | "REDIRECT_URI" | "BUSY" | "LIMIT";

const MEANINGS: Readonly<Record<string, Meaning>> = {
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
  // HubSpot
  BAD_REFRESH_TOKEN: "GRANT",
  BAD_AUTH_CODE: "GRANT",
  BAD_CODE_VERIFIER: "GRANT",
  BAD_HUB: "GRANT",
  BAD_CLIENT_ID: "CLIENT",
  BAD_CLIENT_SECRET: "CLIENT",
  BAD_REDIRECT_URI: "REDIRECT_URI",
  // Salesforce
  inactive_user: "GRANT",
  inactive_org: "GRANT",
  invalid_client_id: "CLIENT",
  redirect_uri_mismatch: "REDIRECT_URI",
  // Zoho
  invalid_code: "GRANT",
  invalid_client_secret: "CLIENT",
  invalid_redirect_uri: "REDIRECT_URI",
  // Too many tokens in ten minutes; with this letter case, and unlike `access_denied`, it passes.
  "Access Denied": "LIMIT",
};

/** Seconds after which a vendor that names no time may give out tokens again. */
const LIMIT_S = 60;

const OPERATORS_MISTAKE = {
  CLIENT: "The provider refuses the OAuth client of crmesh; its operator has to correct the client’s id or secret.",
  REDIRECT_URI:
    "The provider refuses the redirect URI of crmesh; its operator has to register it there, letter for letter.",
};

/**
 * The error that the codes of an authorization server's answer mean, the first known one deciding:
 * NEEDS_REAUTH where the grant is refused, SERVICE_UNAVAILABLE where crmesh itself is (a mistake of its operator, for
 * which no end user should have to reconnect), PROVIDER_RATE_LIMITED, PROVIDER_UNAVAILABLE or PROVIDER_ERROR otherwise.
 */
export function oauthFault(codes: readonly string[], details: CrmErrorDetails): CrmError {
  const known = codes.find(isKnown);
  const meaning = known === undefined ? undefined : MEANINGS[known];
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
export function shownCode(codes: readonly string[]): { code?: string } {
  const code = codes.find(isKnown) ?? codes.findLast((one) => /^[a-z][a-z_ -]{1,39}$/i.test(one));
  return code === undefined ? {} : { code };
}

function isKnown(code: string): boolean {
  return Object.hasOwn(MEANINGS, code);
}
