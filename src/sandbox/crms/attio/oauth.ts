import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { Refusal } from "../../kit/refusal.js";
import { pathOf } from "../../kit/request.js";
import { credentialOf } from "../../oauth/access.js";
import { oauthError, type OAuthSettings } from "../../oauth/authorization-server.js";
import { formOf } from "../../oauth/consent-routes.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { Workspace } from "./workspace.js";

export const SCOPES: Readonly<Record<string, string>> = {
  "record_permission:read-write": "View and write records (record_permission:read-write)",
  "object_configuration:read": "View the configuration of objects (object_configuration:read)",
  "meeting:read-write": "View and write meetings (meeting:read-write)",
  "user_management:read": "View workspace members (user_management:read)",
};

const REVOCATION_PATH = "/oauth/revoke";
export const BAD_GRANT = oauthError("invalid_grant", "The authorization code is invalid, expired or used.");
const BAD_GRANT_TYPE = oauthError("unsupported_grant_type", "The grant type must be authorization_code.");

export const OAUTH: OAuthSettings<Workspace> = {
  consent: {
    path: "/authorize",
    // The scopes of an app are chosen at its registration, so a request need not name scopes.
    rules: { scopes: SCOPES, defaultScopes: Object.keys(SCOPES) },
    words: { crm: "Attio", allow: "Authorize", deny: "Cancel", accent: "#1d4ed8" },
    denied: "The user denied access.",
  },
  tokenPaths: ["/oauth/token"],
  revocationPaths: [REVOCATION_PATH],
  format: new TokenFormat({ prefix: "attio", staticPrefix: "attio-key-sandbox-" }),
  clientAuthentication: "FORM",
  accessTokenS: null,
  refreshTokenIn: "NONE",
  codeLifetimeMs: 10 * 60_000,
  newCode: randomUUID,
  // Attio does not document its refusals, so these are the standard ones of OAuth.
  refusals: {
    CLIENT: oauthError("invalid_client", "The client ID or secret is wrong.", 401),
    GRANT_TYPE: BAD_GRANT_TYPE,
    REFRESH_TOKEN: BAD_GRANT_TYPE,
    CODE: BAD_GRANT,
  },
  revoked: () => ({ status: 204, body: "" }),
};

/** Adds the revocation, which also accepts the token in the Authorization header. */
export function addOAuthRoutes(app: FastifyInstance): void {
  app.addHook("preHandler", async (request) => {
    if (pathOf(request) !== REVOCATION_PATH) return;
    const inHeader = credentialOf(request.headers.authorization, "Bearer");
    const token = formOf(request).get("token") ?? inHeader;
    if (!token || (inHeader !== null && inHeader !== token)) {
      const { status, body } = oauthError("invalid_request", "Give one token, in the header or in the body.");
      throw new Refusal(status, body);
    }
    request.body = new URLSearchParams({ token });
  });
}
