import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { WireAnswer } from "../../kit/crm.js";
import type { Grant } from "../../kit/grants.js";
import type { OAuthSettings } from "../../oauth/authorization-server.js";
import { formOf } from "../../oauth/consent-routes.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { Org } from "./org.js";

const AUTHORITY = "/organizations/oauth2/v2.0";
const ACCESS_TOKEN_S = 3599;
const ENVIRONMENT_SCOPE = /^https?:\/\/[^ ]+\/user_impersonation$/;

/** Makes a refusal. Apps can rely only on `error`. The numbers are in the list of Microsoft Entra. */
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

/**
 * The parts of Microsoft Entra ID that an app uses: consent, code, tokens.
 * Source: learn.microsoft.com, "Microsoft identity platform and OAuth 2.0 authorization code flow" and "Refresh
 * tokens".
 */
export const OAUTH: OAuthSettings<Org> = {
  consent: {
    path: `${AUTHORITY}/authorize`,
    rules: {
      scopes: {
        offline_access: "Maintain access to data you have given it access to (offline_access)",
        openid: "Sign you in (openid)",
      },
      otherScopes: ENVIRONMENT_SCOPE,
      defaultScopes: null,
    },
    words: { crm: "Microsoft", allow: "Accept", deny: "Cancel", accent: "#0f5ea8" },
    denied: "AADSTS65004: User declined to consent to access the app.",
    messages: {
      REPEATED_PARAMETER: "AADSTS900144: A parameter was given twice.",
      CLIENT: "AADSTS700016: Application with this identifier was not found in the directory.",
      REDIRECT_URI: "AADSTS50011: The redirect URI does not match those configured for the application.",
      RESPONSE_TYPE: "AADSTS70005: The response type is not supported.",
      SCOPE: "AADSTS70011: The provided value for the input parameter 'scope' is not valid.",
      CODE_CHALLENGE: "AADSTS501491: The code challenge is not valid.",
    },
  },
  tokenPaths: [`${AUTHORITY}/token`],
  revocationPaths: [],
  format: new TokenFormat({ prefix: "entra", staticPrefix: "entra-application-" }),
  clientAuthentication: "FORM",
  accessTokenS: ACCESS_TOKEN_S,
  refreshTokenIn: "EVERY_ANSWER",
  codeLifetimeMs: 10 * 60_000,
  newCode: () => `0.${randomBytes(24).toString("base64url")}`,
  answer({ refresh_token: token, ...others }, { grant, request }) {
    return {
      ...others,
      scope: scopesOf(grant).join(" "),
      ext_expires_in: ACCESS_TOKEN_S,
      ...(token === undefined ? {} : { refresh_token: newlyWritten(token, grant, request) }),
    };
  },
  refusals: {
    CODE: refusal("invalid_grant", 70008, "The provided authorization code has expired or was used before."),
    WRONG_REDIRECT_URI: refusal("invalid_grant", 50011, "The reply address does not match the one of the request."),
    WRONG_VERIFIER: refusal("invalid_grant", 501481, "The code verifier does not match the code challenge."),
    CLIENT: refusal("invalid_client", 7000215, "Invalid client secret provided.", 401),
    GRANT_TYPE: refusal("unsupported_grant_type", 70003, "The app requested an unsupported grant type."),
    REFRESH_TOKEN: refusal(
      "invalid_grant",
      700082,
      "The refresh token has expired due to inactivity, or it was revoked.",
    ),
  },
  // Microsoft Entra ID has no revocation endpoint.
  revoked: () => ({ status: 404, body: "" }),
};

function scopesOf({ scopes }: Grant): readonly string[] {
  const environment = (scopes ?? []).filter((scope) => ENVIRONMENT_SCOPE.test(scope));
  return environment.length > 0 ? environment : ["https://sandbox.crm.dynamics.com/user_impersonation"];
}

/**
 * Changes the text of the refresh token. Microsoft sends a different refresh token in every answer, and the old token
 * stays valid. The two differ only in zeros. A rotated refresh token is different anyway.
 */
function newlyWritten(token: string, { account, family, generation }: Grant, request: FastifyRequest): string {
  if (generation > 0) return token;
  const shown = /\.(0+)$/.exec(formOf(request).get("refresh_token") ?? "")?.[1]?.length ?? 0;
  return `entra-rt-${account}.${family}.${"0".repeat((shown % 9) + 1)}`;
}
