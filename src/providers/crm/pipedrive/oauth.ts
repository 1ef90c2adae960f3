import type { OAuthDefinition } from "../../contract/oauth.js";

export const oauth: OAuthDefinition = {
  servers: [
    {
      id: "pipedrive",
      label: "Pipedrive",
      authorizationEndpoint: "https://oauth.pipedrive.com/oauth/authorize",
      tokenEndpoint: "https://oauth.pipedrive.com/oauth/token",
      revocationEndpoint: "https://oauth.pipedrive.com/oauth/revoke",
    },
  ],
  clientAuthentication: "client_secret_basic",
  pkce: false,
  refreshes: true,
  scopes: ["base", "contacts:full", "leads:full", "activities:full", "users:read"],
  // Every company has its own API address.
  answerFields: { apiDomain: "api_domain" },
};
