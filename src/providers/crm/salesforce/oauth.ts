import type { AuthorizationServer, OAuthDefinition } from "../../contract/oauth.js";

export const oauth: OAuthDefinition = {
  servers: [
    serverAt("https://login.salesforce.com", "production", "Production"),
    serverAt("https://test.salesforce.com", "sandbox", "Sandbox org"),
  ],
  clientAuthentication: "client_secret_post",
  pkce: true,
  refreshes: true,
  errorCodes: {
    inactive_user: "GRANT",
    inactive_org: "GRANT",
    // The administrator of the org has not installed the app there, has blocked it, or keeps this user from it.
    app_not_found: "GRANT",
    oauth_app_blocked: "GRANT",
    invalid_app_access: "GRANT",
    invalid_client_id: "CLIENT",
    redirect_uri_mismatch: "REDIRECT_URI",
  },
  scopes: ["api", "refresh_token"],
  answerFields: { instanceUrl: "instance_url" },
};

function serverAt(origin: string, id: string, label: string): AuthorizationServer {
  return {
    id,
    label,
    authorizationEndpoint: `${origin}/services/oauth2/authorize`,
    tokenEndpoint: `${origin}/services/oauth2/token`,
    revocationEndpoint: `${origin}/services/oauth2/revoke`,
  };
}
