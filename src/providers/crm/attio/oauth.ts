import type { OAuthDefinition } from "../../contract/oauth.js";

/**
 * Source: docs.attio.com, OAuth: "Authorize", "Token", "Revoke". These pages mention neither code challenges nor
 * refresh tokens.
 */
export const oauth: OAuthDefinition = {
  servers: [
    {
      id: "attio",
      label: "Attio",
      authorizationEndpoint: "https://app.attio.com/authorize",
      tokenEndpoint: "https://app.attio.com/oauth/token",
      revocationEndpoint: "https://app.attio.com/oauth/revoke",
    },
  ],
  clientAuthentication: "client_secret_post",
  pkce: false,
  refreshes: false,
  scopes: ["record_permission:read-write", "object_configuration:read", "meeting:read-write", "user_management:read"],
};
