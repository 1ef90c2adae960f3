import * as oauth from "oauth4webapi";
import { CrmError, invalidInput } from "../../errors/crm-error.js";
import { AuthorizationDeclinedError } from "./authorization.js";
import type { OAuthDefinition } from "../contract/oauth.js";
import { oauthFault, shownCode } from "./error-codes.js";

/**
 * Checks the callback (RFC 6749 §4.1.2, RFC 9207): it must belong to this authorization request and contain a code.
 * @returns the parameters in the form that oauth4webapi's grant accepts
 * @throws AuthorizationDeclinedError, CrmError
 */
export function authorizationCodeOf(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  callback: URLSearchParams,
  state: string,
  errorCodes: OAuthDefinition["errorCodes"],
): URLSearchParams {
  let parameters: URLSearchParams;
  try {
    parameters = oauth.validateAuthResponse(as, client, callback, state);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) throw faultOf(error.error, errorCodes);
    const isFaultOfCallback =
      error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError;
    // oauth4webapi's errors contain the whole callback, including the code.
    if (isFaultOfCallback) throw invalidInput({}, { detail: problemOf(as, callback, state) });
    throw error;
  }
  const [code, ...others] = parameters.getAll("code");
  if (code && others.length === 0) return parameters;
  throw invalidInput({}, { detail: "Expected exactly one authorization code in the OAuth callback. Connect again." });
}

function faultOf(error: string, own: OAuthDefinition["errorCodes"]): Error {
  if (error === "access_denied") return new AuthorizationDeclinedError();
  const detail = "The provider ended the authorization with an error.";
  const fault = oauthFault([error], own, { upstream: shownCode([error], own), detail });
  // There is no connection yet that the end user could authorize again.
  return fault.code === "NEEDS_REAUTH" ? new CrmError("PROVIDER_ERROR", fault.details) : fault;
}

function problemOf({ issuer }: oauth.AuthorizationServer, callback: URLSearchParams, state: string): string {
  if (callback.get("state") !== state) {
    return "This OAuth callback does not belong to the authorization that this browser started. Connect again.";
  }
  if ((callback.get("iss") ?? issuer) !== issuer) return "This OAuth callback comes from another authorization server.";
  return "This OAuth callback is not a valid authorization response.";
}
