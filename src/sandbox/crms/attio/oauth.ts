import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { SandboxCrmContext, WireAnswer } from "../../kit/crm.js";
import { wireAnswer } from "../../kit/wire.js";
import { credentialOf } from "../../oauth/access.js";
import {
  addAuthorizationServer,
  answerRevocation,
  everyCodeRefusal,
  type OAuthSettings,
} from "../../oauth/authorization-server.js";
import type { ConsentSettings } from "../../oauth/consent-routes.js";
import { formOf } from "../../oauth/consent-routes.js";
import { TokenFormat } from "../../oauth/tokens.js";

export const SCOPES: Readonly<Record<string, string>> = {
  "record_permission:read-write": "View and write records (record_permission:read-write)",
  "object_configuration:read": "View the configuration of objects (object_configuration:read)",
  "meeting:read-write": "View and write meetings (meeting:read-write)",
  "user_management:read": "View workspace members (user_management:read)",
};

const TOKEN_PATH = "/oauth/token";
const REVOKE_PATH = "/oauth/revoke";
export const TOKEN_PATHS = [TOKEN_PATH, REVOKE_PATH];

/** An app's scopes are chosen where it is registered; the request need not name any. */
const CONSENT: ConsentSettings = {
  path: "/authorize",
  rules: {
    scopes: SCOPES,
    defaultScopes: Object.keys(SCOPES),
    hasOptionalScopes: false,
    needsResponseType: true,
  },
  words: { crm: "Attio", allow: "Authorize", deny: "Cancel", accent: "#1d4ed8" },
  denied: "The user denied access.",
  faults: {
    REPEATED_PARAMETER: { message: "A parameter was given twice." },
    CLIENT: { message: "The client ID is not that of an app." },
    REDIRECT_URI: { message: "The redirect URI is not one of those in the app’s settings." },
    RESPONSE_TYPE: { message: "The response type must be code.", error: "unsupported_response_type" },
    SCOPE: { message: "None of the scopes exists.", error: "invalid_scope" },
    CODE_CHALLENGE: { message: "The code challenge is not valid.", error: "invalid_request" },
  },
};

export const BAD_GRANT = refusal(400, "invalid_grant", "The authorization code is invalid, expired or used.");

export const OAUTH: OAuthSettings = {
  consent: CONSENT,
  tokenPaths: [TOKEN_PATH],
  // Attio's own takes the token in a header, too.
  revocationPaths: [],
  format: new TokenFormat({ prefix: "attio", staticPrefix: "attio-key-sandbox-" }),
  clientAuthentication: "FORM",
  accessTokenS: null,
  refreshTokenIn: "NONE",
  codeLifetimeMs: 10 * 60_000,
  newCode: randomUUID,
  answer: (_grant, { accessToken }) => ({ access_token: accessToken, token_type: "Bearer" }),
  // Attio does not document them: these are OAuth's own.
  refusals: {
    CLIENT: refusal(401, "invalid_client", "The client ID or secret is wrong."),
    GRANT_TYPE: refusal(400, "unsupported_grant_type", "The grant type must be authorization_code."),
    REFRESH_TOKEN: refusal(400, "unsupported_grant_type", "The grant type must be authorization_code."),
    ...everyCodeRefusal(BAD_GRANT),
  },
  revoked: () => NO_CONTENT,
};

const NO_CONTENT: WireAnswer = { status: 204, body: "" };

/** Must be registered in a scope of its own: it reads forms only. */
export function addOAuthRoutes(app: FastifyInstance, context: SandboxCrmContext): void {
  addAuthorizationServer(app, OAUTH, context);
  app.post(REVOKE_PATH, (request, reply) => {
    const inHeader = credentialOf(request.headers.authorization, "Bearer");
    const inBody = formOf(request).get("token");
    const token = inBody ?? inHeader;
    if (!token || (inHeader !== null && inHeader !== token)) {
      return wireAnswer(reply, refusal(400, "invalid_request", "Give one token, in the header or in the body."));
    }
    return answerRevocation(OAUTH, context, new URLSearchParams({ token }), reply);
  });
}

function refusal(status: number, error: string, description: string): WireAnswer {
  return { status, body: { error, error_description: description } };
}
