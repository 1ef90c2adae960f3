import type { CodeRefusal } from "../../oauth/authorization-codes.js";

/** A refusal of the token endpoint. Only `status` and `error` are fit to decide on. */
export interface OAuthRefusal {
  status: string;
  error: string;
  error_description: string;
  message: string;
}

function refusal(status: string, error: string, message: string): OAuthRefusal {
  return { status, error, error_description: message, message };
}

export const BAD_CLIENT_ID = refusal("BAD_CLIENT_ID", "invalid_client", "missing or unknown client id");
export const BAD_CLIENT_SECRET = refusal("BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret");
export const BAD_GRANT_TYPE = refusal("BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant_type");
export const BAD_REFRESH_TOKEN = refusal(
  "BAD_REFRESH_TOKEN",
  "invalid_grant",
  "refresh token is invalid, expired or revoked",
);
/** Not seen at HubSpot: what RFC 7009 has for a call without a token. */
export const MISSING_TOKEN = refusal("BAD_REQUEST", "invalid_request", "missing token");

/**
 * The statuses, and the message for an unknown code, are HubSpot's; that `error` is `invalid_grant` with all of them is
 * what OAuth demands, and so is the wording of the others. One client also knows EXPIRED_AUTH_CODE.
 */
const BAD_AUTH_CODE = refusal("BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code");
export const CODE_REFUSALS: Readonly<Record<CodeRefusal, OAuthRefusal>> = {
  UNKNOWN: BAD_AUTH_CODE,
  SPENT: BAD_AUTH_CODE,
  EXPIRED: BAD_AUTH_CODE,
  WRONG_REDIRECT_URI: refusal(
    "MISMATCH_REDIRECT_URI_AUTH_CODE",
    "invalid_grant",
    "redirect URI must match the one the auth code was requested with",
  ),
  WRONG_VERIFIER: refusal("BAD_CODE_VERIFIER", "invalid_grant", "missing or invalid code verifier"),
};
export const BAD_REDIRECT_URI = refusal("BAD_REDIRECT_URI", "invalid_grant", "missing or unknown redirect URI");
