import type { AuthorizationServer, OAuthDefinition } from "../../contract/oauth.js";

/** Zoho redirects users to the data centre of their account. Source: zoho.com/accounts/protocol/oauth, "Multi DC". */
export const oauth: OAuthDefinition = {
  servers: [
    serverAt("com", "United States", "zoho.com"),
    serverAt("eu", "Europe", "zoho.eu"),
    serverAt("in", "India", "zoho.in"),
    serverAt("com.au", "Australia", "zoho.com.au"),
    serverAt("jp", "Japan", "zoho.jp"),
    serverAt("com.cn", "China", "zoho.com.cn"),
    serverAt("sa", "Saudi Arabia", "zoho.sa"),
    serverAt("ca", "Canada", "zohocloud.ca"),
    serverAt("uk", "United Kingdom", "zoho.uk"),
    serverAt("ae", "United Arab Emirates", "zoho.ae"),
    serverAt("sg", "Singapore", "zoho.sg"),
  ],
  serverParameter: "accounts-server",
  clientAuthentication: "client_secret_post",
  pkce: false,
  refreshes: true,
  scopes: [
    ...["contacts", "leads", "events"].map((module) => `ZohoCRM.modules.${module}.ALL`),
    ...["coql", "users", "settings.fields"].map((part) => `ZohoCRM.${part}.READ`),
  ],
  scopeSeparator: ",",
  authorizationParameters: { access_type: "offline", prompt: "consent" },
  answerFields: { apiDomain: "api_domain" },
  errorCodes: {
    invalid_code: "GRANT",
    invalid_client_secret: "CLIENT",
    invalid_redirect_uri: "REDIRECT_URI",
    // Zoho sends this with 400 for too many token requests in a row. The grant is still valid.
    "Access Denied": "LIMIT",
  },
};

function serverAt(id: string, label: string, domain: string): AuthorizationServer {
  const endpoint = `https://accounts.${domain}/oauth/v2`;
  return {
    id,
    label,
    authorizationEndpoint: `${endpoint}/auth`,
    tokenEndpoint: `${endpoint}/token`,
    revocationEndpoint: `${endpoint}/token/revoke`,
  };
}
