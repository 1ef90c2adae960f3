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
