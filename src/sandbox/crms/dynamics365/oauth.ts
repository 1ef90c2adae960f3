import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { WireAnswer } from "../../kit/crm.js";
import type { Grant } from "../../kit/grants.js";
import { everyCodeRefusal, type OAuthSettings } from "../../oauth/authorization-server.js";
import { formOf } from "../../oauth/consent-routes.js";
import { TokenFormat } from "../../oauth/tokens.js";

const AUTHORITY = "/organizations/oauth2/v2.0";
export const TOKEN_PATH = `${AUTHORITY}/token`;
const ACCESS_TOKEN_S = 3599;
const ENVIRONMENT_SCOPE = /^https?:\/\/[^ ]+\/user_impersonation$/;

/** Only `error` is fit to decide on; the numbers are those of Microsoft Entra's list. */
function refusal(error: string, number: number, sentence: string, status = 400): WireAnswer {
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${sentence}`,
      error_codes: [number],
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    },
  };
}

const BAD_CODE = refusal("invalid_grant", 70008, "The provided authorization code has expired or was used before.");
export const BAD_REFRESH_TOKEN = refusal(
  "invalid_grant",
  700082,
  "The refresh token has expired due to inactivity, or it was revoked.",
);

/**
 * Microsoft Entra ID, as far as an app meets it: consent, code, tokens.
 * Source: learn.microsoft.com, "Microsoft identity platform and OAuth 2.0 authorization code flow" and "Refresh tokens".
 */
export const OAUTH: OAuthSettings = {
  consent: {
    path: `${AUTHORITY}/authorize`,
    rules: {
      scopes: {
        offline_access: "Maintain access to data you have given it access to (offline_access)",
        openid: "Sign you in (openid)",
      },
      otherScopes: ENVIRONMENT_SCOPE,
      defaultScopes: null,
      hasOptionalScopes: false,
      needsResponseType: true,
    },
    words: { crm: "Microsoft", allow: "Accept", deny: "Cancel", accent: "#0f5ea8" },
    denied: "AADSTS65004: User declined to consent to access the app.",
    faults: {
      REPEATED_PARAMETER: { message: "AADSTS900144: A parameter was given twice." },
      CLIENT: { message: "AADSTS700016: Application with this identifier was not found in the directory." },
      REDIRECT_URI: { message: "AADSTS50011: The redirect URI does not match those configured for the application." },
      RESPONSE_TYPE: {
        message: "AADSTS70005: The response type is not supported.",
        error: "unsupported_response_type",
      },
      SCOPE: {
        message: "AADSTS70011: The provided value for the input parameter 'scope' is not valid.",
        error: "invalid_scope",
      },
      CODE_CHALLENGE: { message: "AADSTS501491: The code challenge is not valid.", error: "invalid_request" },
    },
  },
  tokenPaths: [TOKEN_PATH],
  revocationPaths: [],
  format: new TokenFormat({ prefix: "entra", staticPrefix: "entra-application-" }),
  clientAuthentication: "FORM",
  accessTokenS: ACCESS_TOKEN_S,
  refreshTokenIn: "EVERY_ANSWER",
  codeLifetimeMs: 10 * 60_000,
  newCode: () => `0.${randomBytes(24).toString("base64url")}`,
  answer(grant, { accessToken, refreshToken }, request) {
    return {
      token_type: "Bearer",
      scope: scopesOf(grant).join(" "),
      expires_in: ACCESS_TOKEN_S,
      ext_expires_in: ACCESS_TOKEN_S,
      access_token: accessToken,
      ...(refreshToken === undefined ? {} : { refresh_token: newlyWritten(refreshToken, grant, request) }),
    };
  },
  refusals: {
    ...everyCodeRefusal(BAD_CODE),
    WRONG_REDIRECT_URI: refusal("invalid_grant", 50011, "The reply address does not match the one of the request."),
    WRONG_VERIFIER: refusal("invalid_grant", 501481, "The code verifier does not match the code challenge."),
    CLIENT: refusal("invalid_client", 7000215, "Invalid client secret provided.", 401),
    GRANT_TYPE: refusal("unsupported_grant_type", 70003, "The app requested an unsupported grant type."),
    REFRESH_TOKEN: BAD_REFRESH_TOKEN,
  },
  // There is no such endpoint.
  revoked: () => ({ status: 404, body: "" }),
};

function scopesOf({ scopes }: Grant): readonly string[] {
  const environment = (scopes ?? []).filter((scope) => ENVIRONMENT_SCOPE.test(scope));
  return environment.length > 0 ? environment : ["https://sandbox.crm.dynamics.com/user_impersonation"];
}

/**
 * Every answer has another refresh token, and the one before stays good: they are told apart by noughts alone.
 * A token that replaces the one before, where the sandbox is told to do that, is another anyway.
 */
function newlyWritten(token: string, { account, family, generation }: Grant, request: FastifyRequest): string {
  if (generation > 0) return token;
  const shown = /\.(0+)$/.exec(formOf(request).get("refresh_token") ?? "")?.[1]?.length ?? 0;
  return `entra-rt-${account}.${family}.${"0".repeat((shown % 9) + 1)}`;
}
